"""Linear attention (Katharopoulos et al. 2020, arXiv 2006.16236) with feature map phi = elu + 1.

    S_t = S_{t-1} + phi(k_t) v_t^T;   z_t = z_{t-1} + phi(k_t);   o_t = S_t^T phi(q_t) / (phi(q_t) . z_t)

A short convolution on q, k, v is added to the paper's mixer: all baselines have it, so that they
differ in the recurrence only.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CHUNK = 64
CONV_WIDTH = 4


def short_convolution(x: Tensor, weight: Tensor) -> Tensor:
    """Causal depthwise convolution followed by silu; x [B,T,C], weight [width,C] (last row: present)."""
    padded = F.pad(x, (0, 0, weight.shape[0] - 1, 0))
    # In two dimensions, channels last: on a CPU several times as fast as conv1d, above all backwards.
    y = F.conv2d(padded.unsqueeze(2).permute(0, 3, 1, 2), weight.mT[:, None, :, None], groups=weight.shape[1])
    return F.silu(y.permute(0, 2, 3, 1).squeeze(2))


def chunkwise_linear_attention(q: Tensor, k: Tensor, v: Tensor, chunk: int = CHUNK) -> Tensor:
    """Normalised causal linear attention in chunks; q, k > 0 are already feature-mapped.

    q, k [B,H,T,d_k]; v [B,H,T,d_v]. Returns o [B,H,T,d_v].
    """
    batch, heads, length, _ = q.shape
    n = -(-length // chunk)
    chunk = -(-length // n)  # n chunks of equal length: the least padding
    pad = n * chunk - length
    v = torch.cat((v, torch.ones_like(v[..., :1])), -1)  # the last column accumulates the normaliser
    if pad:
        q, k, v = (F.pad(t, (0, 0, 0, pad)) for t in (q, k, v))
    q, k, v = (t.reshape(batch, heads, n, chunk, -1) for t in (q, k, v))
    y = (q @ k.mT).tril() @ v
    if n > 1:
        before = (k[:, :, :-1].mT @ v[:, :, :-1]).cumsum(2)  # states at the starts of chunks 1 .. n-1
        y = torch.cat((y[:, :, :1], y[:, :, 1:] + q[:, :, 1:] @ before), 2)
    y = y.reshape(batch, heads, n * chunk, -1)[:, :, :length]
    return y[..., :-1] / (y[..., -1:] + 1e-6)


class Mixer(nn.Module):
    """x [B,T,d_model] -> [B,T,d_model]; 4 d^2 weights and a state of d (d / n_heads + 1) numbers."""

    def __init__(self, d_model: int, n_heads: int, *, layer_idx: int = 0, n_layers: int = 1) -> None:
        super().__init__()
        if d_model % n_heads:
            raise ValueError(f"d_model {d_model} is not a multiple of n_heads {n_heads}")
        self.n_heads = n_heads
        self.qkv = nn.Linear(d_model, 3 * d_model, bias=False)
        self.convolution = nn.Parameter(torch.empty(CONV_WIDTH, 3 * d_model))
        self.out = nn.Linear(d_model, d_model, bias=False)
        nn.init.uniform_(self.convolution, -1 / math.sqrt(CONV_WIDTH), 1 / math.sqrt(CONV_WIDTH))

    def forward(self, x: Tensor) -> Tensor:
        batch, length, d_model = x.shape
        mixed = short_convolution(self.qkv(x), self.convolution)
        q, k, v = mixed.view(batch, length, 3, self.n_heads, -1).permute(2, 0, 3, 1, 4).unbind(0)
        precision = torch.promote_types(q.dtype, torch.float32)
        with torch.autocast(x.device.type, enabled=False):  # the state stays in float32
            q, k, v = (t.to(precision) for t in (q, k, v))
            o = chunkwise_linear_attention(F.elu(q) + 1, F.elu(k) + 1, v)
        return self.out(o.transpose(1, 2).reshape(batch, length, d_model))
