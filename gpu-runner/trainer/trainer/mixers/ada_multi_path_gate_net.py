"""AdaMultiPathGateNet: one balanced gate over four paths, for every token and head (ASI-Arch, arXiv 2507.18074).

    z_hp = g_p + b_hp + MLP(x_t)_hp;   w_h = 0.02 + (1 - 4 * 0.02) softmax(z_h / tau_h);   o_h = sum_p w_hp path_hp

Paths: a short and a long causal filter of the value, the delta rule, the value itself. A penalty, 0.01 (log 4 - mean
entropy of w), keeps them in use; it does not fade, and is returned as the auxiliary loss.

The program is not public; this follows the paper's text: a unified gate of a bias by path, a bias by head and logits by
token, a small floor, a persistent entropy penalty. Inferred, from public siblings: filters of 3 and 31 taps, tau_h =
exp(a_h) starting at 1 (843). Chosen here, with no source: filters that start as the identity, the floor 0.02, the
penalty's factor 0.01, an MLP of width d_model / 2 with SiLU, all biases starting at 0.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CHUNK = 64  # most rows solved at once
CONV_WIDTH = 4
SHORT_FILTER, LONG_FILTER = 3, 31
FLOOR = 0.02
PENALTY = 0.01


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
        self.features = nn.Linear(d_model, d_model // 2)
        self.token_logits = nn.Linear(d_model // 2, 4 * n_heads, bias=False)
        self.path_bias = nn.Parameter(torch.zeros(4))
        self.head_bias = nn.Parameter(torch.zeros(n_heads, 4))
        self.log_temperature = nn.Parameter(torch.zeros(n_heads))
        self.norm = nn.RMSNorm(d_model // n_heads, eps=1e-5)
        self.out = nn.Linear(d_model, d_model, bias=False)
        nn.init.uniform_(self.convolution, -1 / math.sqrt(CONV_WIDTH), 1 / math.sqrt(CONV_WIDTH))

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

    def forward(self, x: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        paths = self.paths(x)
        by_token = self.token_logits(F.silu(self.features(x))).unflatten(-1, (self.n_heads, 4))
        logits = self.path_bias + self.head_bias + by_token
        weights = (logits / self.log_temperature.exp().unsqueeze(-1)).softmax(-1)
        weights = FLOOR + (1 - 4 * FLOOR) * weights
        o = sum(w.unsqueeze(-1) * path for w, path in zip(weights.unbind(-1), paths, strict=True))
        entropy = -(weights * weights.log()).sum(-1).mean()  # the floor keeps the logarithm finite
        return self.out(self.norm(o).flatten(2)), {"aux": PENALTY * (math.log(4) - entropy)}
