"""FusionGatedFIRNet: four paths, fused by independent sigmoid gates (ASI-Arch, arXiv 2507.18074).

The paths of each head are two causal filters (FIR) of the value, a delta rule with retention, and the value itself.
The gate sees the token and the mean absolute value of each path in each head:

    z = W_2 gelu(W_1 [x_t; mean |path|] + b_1) + b_2
    p = 0.02 + 0.98 sigmoid(z / exp(a_h));   o_h = sum_p p_hp path_hp
    retention, at the end of every chunk of 32 tokens: S <- lambda_h S + K^T U,   lambda_h = 0.6 + 0.4 sigmoid(r_h)

Rebuilt from a description of the program's code (number 879), with its starting values, retention included: it starts
nearly saturated, at ratio 0.9999, and acts once per chunk, not per token. The published size is `long_filter=63,
gate_width=2 * d_model` (6,512,816 parameters at d_model 1024 with 8 heads, half as many again as DeltaNet's); the
defaults, 31 taps and d_model / 2, keep the small model within one and a half times DeltaNet's parameters. What the
program computed for its logs only is left out.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CHUNK = 32  # part of the definition: retention acts at its end
CONV_WIDTH = 4
SHORT_FILTER = 3
FILTER_NOISE = 0.01
GATE_FLOOR = 0.02
GATE_BIAS = (-1.0, -1.0, 1.0, 3.0)  # short filter, long filter, delta rule, value
MIN_RETENTION = 0.6
RETENTION_RATIO = 0.9999


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


def chunkwise_delta_rule_with_retention(q: Tensor, k: Tensor, v: Tensor, beta: Tensor, retention: Tensor) -> Tensor:
    """Delta rule in chunks of 32; at each chunk's end what the state held at its start is multiplied by `retention`.

    q, k [B,H,T,d_k]; v [B,H,T,d_v]; beta [B,H,T] in (0, 2); retention [H] in (0, 1). Returns o [B,H,T,d_v].
    """
    batch, heads, length, d_k = q.shape
    n = -(-length // CHUNK)  # the chunk's length is part of the definition, so it does not follow the sequence's
    pad = n * CHUNK - length
    if pad:  # beta = 0 and k = 0 leave the state unchanged
        q, k, v = (F.pad(t, (0, 0, 0, pad)) for t in (q, k, v))
        beta = F.pad(beta, (0, pad))
    q, k, v = (t.reshape(batch, heads, n, CHUNK, -1) for t in (q * d_k**-0.5, k, v))
    beta = beta.reshape(batch, heads, n, CHUNK, 1)

    scores = (q @ k.mT).tril()
    # In float64: where a key repeats, the rounding of k . k is the same error at every step and adds up, and near
    # beta = 2 the solve hands on every error undiminished.
    exact = k.double()
    transition = ((beta * exact) @ exact.mT).tril(-1)  # the solve adds the unit diagonal
    right = beta * torch.cat((v, k), -1).double()
    solved = torch.linalg.solve_triangular(transition, right, upper=False, unitriangular=True).to(k.dtype)
    u, w = solved.split((v.shape[-1], d_k), -1)

    retention = retention.view(-1, 1, 1)
    state = q.new_zeros(batch, heads, d_k, v.shape[-1])
    outputs = []
    # unbind, not indexing: the backward pass of n indexings costs n whole tensors each
    for q_i, k_i, u_i, w_i, scores_i in zip(*(t.unbind(2) for t in (q, k, u, w, scores)), strict=True):
        write = u_i - w_i @ state
        outputs.append(q_i @ state + scores_i @ write)
        state = retention * state + k_i.mT @ write
    return torch.cat(outputs, 2)[:, :, :length]


class Mixer(nn.Module):
    """x [B,T,d_model] -> [B,T,d_model]; about 4.5 d^2 + 50 d weights, a state of 2 d^2 / n_heads + 33 d numbers.

    The matrix state counts twice: retention needs the one of the chunk's start.
    """

    def __init__(
        self,
        d_model: int,
        n_heads: int,
        *,
        layer_idx: int = 0,
        n_layers: int = 1,
        long_filter: int = 31,
        gate_width: int | None = None,
    ) -> None:
        super().__init__()
        if d_model % n_heads:
            raise ValueError(f"d_model {d_model} is not a multiple of n_heads {n_heads}")
        self.n_heads = n_heads
        self.qkv = nn.Linear(d_model, 3 * d_model, bias=False)
        self.convolution = nn.Parameter(torch.empty(CONV_WIDTH, 3 * d_model))
        self.beta = nn.Linear(d_model, n_heads, bias=False)
        gate_width = d_model // 2 if gate_width is None else gate_width
        self.short = identity_filter(d_model, SHORT_FILTER, FILTER_NOISE)
        self.long = identity_filter(d_model, long_filter, FILTER_NOISE)
        self.features = nn.Linear(d_model + 4 * n_heads, gate_width)
        self.gates = nn.Linear(gate_width, 4 * n_heads)
        self.log_temperature = nn.Parameter(torch.zeros(n_heads))
        self.retention = nn.Parameter(torch.full((n_heads,), math.log(RETENTION_RATIO / (1 - RETENTION_RATIO))))
        self.norm = nn.RMSNorm(d_model // n_heads, eps=1e-5)
        self.out = nn.Linear(d_model, d_model, bias=False)
        nn.init.uniform_(self.convolution, -1 / math.sqrt(CONV_WIDTH), 1 / math.sqrt(CONV_WIDTH))
        with torch.no_grad():
            self.gates.bias.copy_(torch.tensor(GATE_BIAS).repeat(n_heads))

    def paths(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Short filter, long filter, delta rule and value itself, each [B,T,H,d_v], at least in float32."""
        heads = (self.n_heads, -1)
        mixed = short_convolution(self.qkv(x), self.convolution)
        beta = self.beta(x).sigmoid().transpose(1, 2)
        precision = torch.promote_types(mixed.dtype, torch.float32)
        with torch.autocast(x.device.type, enabled=False):  # the solve and the state stay in float32
            q, k, v = mixed.to(precision).chunk(3, -1)
            q, k, value = (t.unflatten(-1, heads).transpose(1, 2) for t in (q, k, v))
            delta = chunkwise_delta_rule_with_retention(
                l2_normalize(q),
                l2_normalize(k),
                value,
                beta.to(precision),
                MIN_RETENTION + (1 - MIN_RETENTION) * self.retention.to(precision).sigmoid(),
            )
            short, distant = (causal_filter(v, weight).unflatten(-1, heads) for weight in (self.short, self.long))
        return short, distant, delta.transpose(1, 2), value.transpose(1, 2)

    def forward(self, x: Tensor) -> Tensor:
        paths = self.paths(x)
        sizes = [path.abs().mean(-1).to(x.dtype) for path in paths]
        logits = self.gates(F.gelu(self.features(torch.cat((x, *sizes), -1)))).unflatten(-1, (self.n_heads, 4))
        gates = GATE_FLOOR + (1 - GATE_FLOOR) * (logits / self.log_temperature.exp().unsqueeze(-1)).sigmoid()
        o = sum(gate.unsqueeze(-1) * path for gate, path in zip(gates.unbind(-1), paths, strict=True))
        return self.out(self.norm(o).flatten(2))
