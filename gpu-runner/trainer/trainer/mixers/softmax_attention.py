"""Causal softmax attention (Vaswani et al. 2017, arXiv 1706.03762) with rotary positions (arXiv 2104.09864).

A reference, not a candidate: its cost is quadratic in the length, so the certificate refuses it as such.
A short convolution on q, k, v is added: all baselines have it, so that they differ in the memory only
(`convolution=False`: as published).
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CONV_WIDTH = 4


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


class Mixer(nn.Module):
    """x [B,T,d_model] -> [B,T,d_model]; 4 d^2 weights, a state that grows with the length."""

    def __init__(
        self, d_model: int, n_heads: int, *, layer_idx: int = 0, n_layers: int = 1, convolution: bool = True
    ) -> None:
        super().__init__()
        if d_model % (2 * n_heads):
            raise ValueError(f"d_model {d_model} is not a multiple of twice n_heads {n_heads}")
        self.n_heads = n_heads
        self.qkv = nn.Linear(d_model, 3 * d_model, bias=False)
        self.convolution = nn.Parameter(torch.empty(CONV_WIDTH, 3 * d_model)) if convolution else None
        self.out = nn.Linear(d_model, d_model, bias=False)
        if self.convolution is not None:
            nn.init.uniform_(self.convolution, -1 / math.sqrt(CONV_WIDTH), 1 / math.sqrt(CONV_WIDTH))

    def forward(self, x: Tensor) -> Tensor:
        batch, length, d_model = x.shape
        mixed = self.qkv(x)
        if self.convolution is not None:
            mixed = short_convolution(mixed, self.convolution)
        q, k, v = mixed.view(batch, length, 3, self.n_heads, -1).permute(2, 0, 3, 1, 4).unbind(0)
        o = F.scaled_dot_product_attention(rotate(q), rotate(k), v, is_causal=True)
        return self.out(o.transpose(1, 2).reshape(batch, length, d_model))
