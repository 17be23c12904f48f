"""RetNet: retention (Sun et al. 2023, arXiv 2307.08621), linear attention with one fixed decay per head.

    a_h = 1 - 2^(-5-h);   S_t = a_h S_{t-1} + k_t v_t^T;   o_t = d_k^-1/2 S_t^T q_t

q and k carry rotary positions; the output is RMSNorm(o) * silu(W_g x), the norm per head. The paper's values are twice
as wide as its keys (8 d^2 weights, where DeltaNet has 4 d^2); here they are equally wide by default (5 d^2). Two
additions that all baselines here share, so that they differ in the recurrence only: a short convolution on q, k, v, and
a bias b_g that starts the output gate at 1 (`value_expansion=2, convolution=False, gate_bias=False`: as published).
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CHUNK = 64
CONV_WIDTH = 4
OPEN_GATE = 1.2785  # silu of it is 1


def short_convolution(x: Tensor, weight: Tensor) -> Tensor:
    """Causal depthwise convolution followed by silu; x [B,T,C], weight [width,C] (last row: present)."""
    padded = F.pad(x, (0, 0, weight.shape[0] - 1, 0))
    # In two dimensions, channels last: on a CPU several times as fast as conv1d, above all backwards.
    y = F.conv2d(padded.unsqueeze(2).permute(0, 3, 1, 2), weight.mT[:, None, :, None], groups=weight.shape[1])
    return F.silu(y.permute(0, 2, 3, 1).squeeze(2))


def rotate(x: Tensor) -> Tensor:
    """Rotary position embedding: x [...,T,d], d even; position t turns pair i by t 10000^(-2i/d)."""
    length, half = x.shape[-2], x.shape[-1] // 2
    frequency = 10000.0 ** (-torch.arange(half, device=x.device, dtype=torch.float32) / half)
    angle = torch.arange(length, device=x.device, dtype=torch.float32).unsqueeze(-1) * frequency
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    first, second = x.chunk(2, -1)
    return torch.cat((first * cos - second * sin, first * sin + second * cos), -1)


def log_decays(n_heads: int, like: Tensor) -> Tensor:
    """log(1 - 2^(-5-h)) for the heads h = 0, 1, .. (equation 8 of the paper), [n_heads]."""
    heads = torch.arange(n_heads, device=like.device, dtype=like.dtype)
    return torch.log1p(-(2.0 ** (-5 - heads)))


def chunkwise_retention(q: Tensor, k: Tensor, v: Tensor, g: Tensor, chunk: int = CHUNK) -> Tensor:
    """Retention in chunks (equation 7 of the paper, without its rescaling: the norm that follows removes it).

    q, k [B,H,T,d_k]; v [B,H,T,d_v]; g [H] <= 0 (log decay). Returns o [B,H,T,d_v].
    """
    batch, heads, length, d_k = q.shape
    n = -(-length // chunk)
    chunk = -(-length // n)  # n chunks of equal length: the least padding
    pad = n * chunk - length
    if pad:  # at the end of the last chunk: no output that is kept comes after it
        q, k, v = (F.pad(t, (0, 0, 0, pad)) for t in (q, k, v))
    q, k, v = (t.reshape(batch, heads, n, chunk, -1) for t in (q * d_k**-0.5, k, v))

    steps = torch.arange(chunk, device=q.device, dtype=q.dtype)
    distance = steps.unsqueeze(-1) - steps
    g = g.view(heads, 1, 1, 1)
    # Masked before exp: above the diagonal the exponent is positive and exp could overflow.
    relative = (g * distance).masked_fill(distance < 0, -math.inf).exp()
    y = ((q @ k.mT) * relative) @ v
    if n > 1:
        rows = steps.unsqueeze(-1)
        written = (k * (g * (chunk - 1 - rows)).exp()).mT @ v  # what each chunk adds to the state, [B,H,n,d_k,d_v]
        whole = (g * chunk).exp().squeeze(1)
        state, incoming = torch.zeros_like(written[:, :, 0]), []
        for written_i in written.unbind(2):
            incoming.append(state)
            state = whole * state + written_i
        y = y + (q * (g * (rows + 1)).exp()) @ torch.stack(incoming, 2)
    return y.reshape(batch, heads, n * chunk, -1)[:, :, :length]


class Mixer(nn.Module):
    """x [B,T,d_model] -> [B,T,d_model]; 5 d^2 weights and a state of d^2 / n_heads numbers."""

    def __init__(
        self,
        d_model: int,
        n_heads: int,
        *,
        layer_idx: int = 0,
        n_layers: int = 1,
        value_expansion: int = 1,
        convolution: bool = True,
        gate_bias: bool = True,
    ) -> None:
        super().__init__()
        if d_model % (2 * n_heads):
            raise ValueError(f"d_model {d_model} is not a multiple of twice n_heads {n_heads}")
        d_value = value_expansion * d_model
        channels = 2 * d_model + d_value
        self.n_heads, self.d_value = n_heads, d_value
        self.qkv = nn.Linear(d_model, channels, bias=False)
        self.convolution = nn.Parameter(torch.empty(CONV_WIDTH, channels)) if convolution else None
        self.gate = nn.Linear(d_model, d_value, bias=gate_bias)
        self.norm = nn.RMSNorm(d_value // n_heads, eps=1e-5)
        self.out = nn.Linear(d_value, d_model, bias=False)
        if self.convolution is not None:
            nn.init.uniform_(self.convolution, -1 / math.sqrt(CONV_WIDTH), 1 / math.sqrt(CONV_WIDTH))
        nn.init.normal_(self.gate.weight, std=0.02)
        if gate_bias:
            nn.init.constant_(self.gate.bias, OPEN_GATE)

    def forward(self, x: Tensor) -> Tensor:
        batch, length, d_model = x.shape
        mixed = self.qkv(x)
        if self.convolution is not None:
            mixed = short_convolution(mixed, self.convolution)
        parts = mixed.split((d_model, d_model, self.d_value), -1)
        precision = torch.promote_types(mixed.dtype, torch.float32)
        with torch.autocast(x.device.type, enabled=False):  # positions, decay and state stay in float32
            q, k, v = (t.to(precision).unflatten(-1, (self.n_heads, -1)).transpose(1, 2) for t in parts)
            o = chunkwise_retention(rotate(q), rotate(k), v, log_decays(self.n_heads, q))
        o = self.norm(o).transpose(1, 2).reshape(batch, length, self.d_value)
        return self.out(o * F.silu(self.gate(x)))
