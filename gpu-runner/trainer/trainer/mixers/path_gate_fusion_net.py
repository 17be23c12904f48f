"""PathGateFusionNet: a router in two stages over four paths (ASI-Arch, arXiv 2507.18074).

    p = sigmoid(stage 1)                 share of the direct path, the value v
    w = softmax(stage 2 / tau_h)         of the rest: short filter, long filter, delta rule
    o = p v + (1 - p) (w_s short + w_l long + w_d delta) + gamma_h short;   y = W_out (g_h * RMSNorm(o))

The program is not public; this follows the paper's text: two stages, a small residual path that is always on, output
gates by head. Inferred, from programs of the same lineage that are public: filters of 3 and 31 taps that start as the
identity, tau_h = exp(a_h) starting at 1 (908); stage 1 starts at bias 1.25, both stages see mean, deviation, mean
absolute value and L2 norm of the paths in each head (1434); gamma_h = sigmoid(c_h), here starting at 0.07, and output
gates g = 4 sigmoid(.) starting at 1 (1448). Chosen here: both gates join SiLU(W x) of width d_model / 4 with their
head's statistics in one linear map, for the size; the output gate is linear in x and stands after the norm, because
before it the norm would cancel it.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CHUNK = 64  # most rows solved at once
CONV_WIDTH = 4
SHORT_FILTER, LONG_FILTER = 3, 31
STATISTICS = 4
COPY_BIAS = 1.25
RESIDUAL = 0.07
OUTPUT_GATE = 4.0


def l2_normalize(x: Tensor) -> Tensor:
    """Unit vectors along the last axis; bounds the eigenvalue 1 - beta |k|^2 of the transition."""
    return x * torch.rsqrt(x.square().sum(-1, keepdim=True) + 1e-6)


def short_convolution(x: Tensor, weight: Tensor) -> Tensor:
    """Causal depthwise convolution followed by silu; x [B,T,C], weight [width,C] (last row: present)."""
    padded = F.pad(x, (0, 0, weight.shape[0] - 1, 0))
    # In two dimensions, channels last: on a CPU several times as fast as conv1d, above all backwards.
    y = F.conv2d(padded.unsqueeze(2).permute(0, 3, 1, 2), weight.mT[:, None, :, None], groups=weight.shape[1])
    return F.silu(y.permute(0, 2, 3, 1).squeeze(2))


def causal_filter(x: Tensor, weight: Tensor) -> Tensor:
    """Causal depthwise filter; x [B,T,C], weight [C,K] (last column: present)."""
    padded = F.pad(x.transpose(1, 2), (weight.shape[1] - 1, 0))
    return F.conv1d(padded, weight.unsqueeze(1), groups=x.shape[2]).transpose(1, 2)


def identity_filter(channels: int, width: int, noise: float) -> nn.Parameter:
    """[channels,width]: 1 on the present token, plus noise N(0, noise^2)."""
    weight = noise * torch.randn(channels, width)
    weight[:, -1] += 1
    return nn.Parameter(weight)


def chunkwise_delta_rule(q: Tensor, k: Tensor, v: Tensor, beta: Tensor, chunk: int = CHUNK) -> Tensor:
    """Delta rule in chunks by the WY/UT transform (section 3 of the paper).

    q, k [B,H,T,d_k]; v [B,H,T,d_v]; beta [B,H,T] in (0, 2). Returns o [B,H,T,d_v].
    """
    batch, heads, length, d_k = q.shape
    n = -(-length // chunk)
    chunk = -(-length // n)  # n chunks of equal length: the least padding
    pad = n * chunk - length
    if pad:  # beta = 0 and k = 0 leave the state unchanged
        q, k, v = (F.pad(t, (0, 0, 0, pad)) for t in (q, k, v))
        beta = F.pad(beta, (0, pad))
    q, k, v = (t.reshape(batch, heads, n, chunk, -1) for t in (q, k, v))
    beta = beta.reshape(batch, heads, n, chunk, 1)

    scores = (q @ k.mT).tril() * d_k**-0.5
    # In float64: where a key repeats, the rounding of k . k is the same error at every step and adds up, and near
    # beta = 2 the solve hands on every error undiminished.
    exact = k.double()
    transition = ((beta * exact) @ exact.mT).tril(-1)  # the solve adds the unit diagonal
    right = beta * (v.double() if n == 1 else torch.cat((v, k), -1).double())
    solved = torch.linalg.solve_triangular(transition, right, upper=False, unitriangular=True).to(k.dtype)
    if n == 1:
        return (scores @ solved).reshape(batch, heads, chunk, -1)
    u, w = solved.split((v.shape[-1], d_k), -1)

    q = q * d_k**-0.5
    state = q.new_zeros(batch, heads, d_k, v.shape[-1])
    outputs = []
    # unbind, not indexing: the backward pass of n indexings costs n whole tensors each
    for q_i, k_i, u_i, w_i, scores_i in zip(*(t.unbind(2) for t in (q, k, u, w, scores)), strict=True):
        write = u_i - w_i @ state
        outputs.append(q_i @ state + scores_i @ write)
        state = state + k_i.mT @ write
    return torch.cat(outputs, 2)[:, :, :length]


def statistics(path: Tensor) -> Tensor:
    """[B,T,H,d_v] -> [B,T,H,4]; the roots have a floor, where they would have no derivative."""
    variance, mean = torch.var_mean(path, -1, correction=0)
    norm = path.square().sum(-1)
    return torch.stack((mean, (variance + 1e-6).sqrt(), path.abs().mean(-1), (norm + 1e-6).sqrt()), -1)


class HeadGate(nn.Module):
    """Logits of each head, [B,T,H,n_logits], from the token and the head's own statistics [B,T,H,n_statistics]."""

    def __init__(self, d_model: int, n_heads: int, n_statistics: int, n_logits: int, bias: float) -> None:
        super().__init__()
        width = max(1, d_model // 4)
        self.shape = (n_heads, n_logits)
        self.features = nn.Linear(d_model, width)
        self.logits = nn.Linear(width, n_heads * n_logits)
        self.from_statistics = nn.Parameter(torch.empty(n_heads, n_statistics, n_logits))
        bound = 1 / math.sqrt(width + n_statistics)
        for weight in (self.logits.weight, self.from_statistics):
            nn.init.uniform_(weight, -bound, bound)
        nn.init.constant_(self.logits.bias, bias)

    def forward(self, x: Tensor, seen: Tensor) -> Tensor:
        logits = self.logits(F.silu(self.features(x))).unflatten(-1, self.shape)
        return logits + torch.einsum("bthi,hij->bthj", seen, self.from_statistics)


class Mixer(nn.Module):
    """x [B,T,d_model] -> [B,T,d_model]; about 4.5 d^2 + 50 d weights, a state of d^2 / n_heads + 33 d numbers."""

    def __init__(self, d_model: int, n_heads: int, *, layer_idx: int = 0, n_layers: int = 1) -> None:
        super().__init__()
        if d_model % n_heads:
            raise ValueError(f"d_model {d_model} is not a multiple of n_heads {n_heads}")
        self.n_heads = n_heads
        self.qkv = nn.Linear(d_model, 3 * d_model, bias=False)
        self.convolution = nn.Parameter(torch.empty(CONV_WIDTH, 3 * d_model))
        self.beta = nn.Linear(d_model, n_heads, bias=False)
        self.short = identity_filter(d_model, SHORT_FILTER, 0.0)
        self.long = identity_filter(d_model, LONG_FILTER, 0.0)
        self.copy_gate = HeadGate(d_model, n_heads, 4 * STATISTICS, 1, COPY_BIAS)
        self.context_gate = HeadGate(d_model, n_heads, 3 * STATISTICS, 3, 0.0)
        self.log_temperature = nn.Parameter(torch.zeros(n_heads))
        self.residual = nn.Parameter(torch.full((n_heads,), math.log(RESIDUAL / (1 - RESIDUAL))))
        self.output_gate = nn.Linear(d_model, n_heads)
        self.norm = nn.RMSNorm(d_model // n_heads, eps=1e-5)
        self.out = nn.Linear(d_model, d_model, bias=False)
        nn.init.uniform_(self.convolution, -1 / math.sqrt(CONV_WIDTH), 1 / math.sqrt(CONV_WIDTH))
        nn.init.constant_(self.output_gate.bias, -math.log(OUTPUT_GATE - 1))  # the gate starts at 1

    def paths(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Short filter, long filter, delta rule and value itself, each [B,T,H,d_v], at least in float32."""
        heads = (self.n_heads, -1)
        mixed = short_convolution(self.qkv(x), self.convolution)
        beta = self.beta(x).sigmoid().transpose(1, 2)
        precision = torch.promote_types(mixed.dtype, torch.float32)
        with torch.autocast(x.device.type, enabled=False):  # the solve and the state stay in float32
            q, k, v = mixed.to(precision).chunk(3, -1)
            q, k, value = (t.unflatten(-1, heads).transpose(1, 2) for t in (q, k, v))
            delta = chunkwise_delta_rule(l2_normalize(q), l2_normalize(k), value, beta.to(precision))
            short, distant = (causal_filter(v, weight).unflatten(-1, heads) for weight in (self.short, self.long))
        return short, distant, delta.transpose(1, 2), value.transpose(1, 2)

    def forward(self, x: Tensor) -> Tensor:
        short, distant, delta, value = self.paths(x)
        seen = torch.cat([statistics(path) for path in (short, distant, delta, value)], -1)
        copied = self.copy_gate(x, seen).sigmoid()
        logits = self.context_gate(x, seen[..., : 3 * STATISTICS])
        context = (logits / self.log_temperature.exp().unsqueeze(-1)).softmax(-1).unsqueeze(-1)
        pool = context[..., 0, :] * short + context[..., 1, :] * distant + context[..., 2, :] * delta
        o = copied * value + (1 - copied) * pool + self.residual.sigmoid().unsqueeze(-1) * short
        gate = OUTPUT_GATE * self.output_gate(x).sigmoid()
        return self.out((self.norm(o) * gate.unsqueeze(-1)).flatten(2))
