"""Short and long FIR, delta and value paths, fused by a softmax gate with per-head statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torch.nn as nn
from einops import rearrange, repeat
from fla.modules import RMSNorm, ShortConvolution
from fla.modules.l2norm import l2norm
from torch.nn import functional as F

if TYPE_CHECKING:
    from fla.models.utils import Cache
    from transformers.processing_utils import Unpack


@torch.compile
def delta_rule(q, k, v, beta, chunk_size: int = 32):
    """q, k [b h l d]; v [b h l d_v]; beta [b h l]."""
    b, h, l, d_k = q.shape
    pad = (chunk_size - l % chunk_size) % chunk_size
    if pad > 0:
        q, k, v = (F.pad(t, (0, 0, 0, pad)) for t in (q, k, v))
        beta = F.pad(beta, (0, pad))
    total = l + pad
    q, k = l2norm(q), l2norm(k)
    v = v * beta[..., None]
    k_beta = k * beta[..., None]
    q, k, v, k_beta = (rearrange(t, "b h (n c) d -> b h n c d", c=chunk_size) for t in (q, k, v, k_beta))
    upper = torch.triu(torch.ones(chunk_size, chunk_size, dtype=torch.bool, device=q.device), 0)
    inverse = -(k_beta @ k.transpose(-1, -2)).masked_fill(upper, 0)
    for i in range(1, chunk_size):
        inverse[..., i, :i] += (inverse[..., i, :, None].clone() * inverse[..., :, :i].clone()).sum(-2)
    inverse = inverse + torch.eye(chunk_size, dtype=torch.float, device=q.device)
    inverse = inverse.to(torch.bfloat16).to(q.dtype)
    u = inverse @ v
    w = inverse @ k_beta
    state = q.new_zeros(b, h, d_k, v.shape[-1])
    out = torch.zeros_like(v)
    strictly_upper = torch.triu(torch.ones(chunk_size, chunk_size, dtype=torch.bool, device=q.device), 1)
    for i in range(total // chunk_size):
        q_i, k_i = q[:, :, i], k[:, :, i]
        scores = (q_i @ k_i.transpose(-1, -2)).masked_fill(strictly_upper, 0)
        u_i = u[:, :, i] - w[:, :, i] @ state
        out[:, :, i] = q_i @ state + scores @ u_i
        state = state + k_i.transpose(-1, -2) @ u_i
    return rearrange(out, "b h n c d -> b h (n c) d")[:, :, :l], state


class DepthwiseFIR(nn.Module):
    """Causal filter over time for each head and channel; starts as the identity."""

    def __init__(self, num_heads: int, head_dim: int, kernel_size: int):
        super().__init__()
        self.kernel_size = kernel_size
        filters = 0.02 * torch.randn(num_heads, head_dim, kernel_size)
        filters[..., -1] += 1.0
        self.filters = nn.Parameter(filters)

    def forward(self, x):
        b, l, h, d = x.shape
        flat = F.pad(rearrange(x, "b l h d -> b (h d) l"), (self.kernel_size - 1, 0))
        y = F.conv1d(flat, rearrange(self.filters, "h d k -> (h d) 1 k"), groups=h * d)
        return rearrange(y, "b (h d) l -> b l h d", h=h)


class DeltaNet(nn.Module):
    """Four paths under a gate."""

    def __init__(
        self,
        *,
        mode: str = "chunk1",
        d_model=None,
        hidden_size: int = 1024,
        expand_k: float = 1.0,
        expand_v: float = 1.0,
        num_heads: int = 4,
        conv_size: int = 4,
        layer_idx=None,
        norm_eps: float = 1e-5,
        fir_short: int = 3,
        fir_long: int = 31,
        **kwargs,
    ):
        super().__init__()
        if d_model is not None:
            hidden_size = d_model
        self.num_heads, self.head_dim = num_heads, hidden_size // num_heads
        self.q_proj = nn.Linear(hidden_size, hidden_size, bias=False)
        self.k_proj = nn.Linear(hidden_size, hidden_size, bias=False)
        self.v_proj = nn.Linear(hidden_size, hidden_size, bias=False)
        self.b_proj = nn.Linear(hidden_size, num_heads, bias=False)
        self.q_conv1d = ShortConvolution(hidden_size, conv_size, activation="silu")
        self.k_conv1d = ShortConvolution(hidden_size, conv_size, activation="silu")
        self.v_conv1d = ShortConvolution(hidden_size, conv_size, activation="silu")
        self.o_norm = RMSNorm(self.head_dim, eps=norm_eps)
        self.o_proj = nn.Linear(hidden_size, hidden_size, bias=False)
        self.fir_short = DepthwiseFIR(num_heads, self.head_dim, fir_short)
        self.fir_long = DepthwiseFIR(num_heads, self.head_dim, fir_long)
        self.gate = nn.Sequential(nn.Linear(hidden_size + 8, hidden_size), nn.GELU(), nn.Linear(hidden_size, 4))
        self.log_temperature = nn.Parameter(torch.zeros(num_heads))

    def forward(
        self,
        hidden_states: torch.Tensor,
        attention_mask: torch.Tensor | None = None,
        past_key_values: Cache | None = None,
        use_cache: bool = False,
        output_attentions: bool = False,
        **kwargs: Unpack[dict],
    ):
        q, _ = self.q_conv1d(x=self.q_proj(hidden_states), cache=None, output_final_state=False, cu_seqlens=None)
        k, _ = self.k_conv1d(x=self.k_proj(hidden_states), cache=None, output_final_state=False, cu_seqlens=None)
        v, _ = self.v_conv1d(x=self.v_proj(hidden_states), cache=None, output_final_state=False, cu_seqlens=None)
        q, k, v = (rearrange(t, "b l (h d) -> b h l d", h=self.num_heads) for t in (q, k, v))
        beta = rearrange(self.b_proj(hidden_states).sigmoid(), "b l h -> b h l")
        delta, _ = delta_rule(q, k, v, beta)
        delta, v = (rearrange(t, "b h l d -> b l h d") for t in (delta, v))
        paths = [self.fir_short(v), self.fir_long(v), delta, v]
        statistics = torch.cat([torch.stack([p.mean(-1), p.std(-1)], -1) for p in paths], -1)
        inputs = torch.cat([repeat(hidden_states, "b l d -> b l h d", h=self.num_heads), statistics], -1)
        logits = self.gate(inputs) / self.log_temperature.exp()[:, None]
        weights = 0.02 + 0.92 * logits.softmax(-1)
        o = sum(weights[..., i, None] * path for i, path in enumerate(paths))
        o = self.o_proj(rearrange(self.o_norm(o), "b l h d -> b l (h d)"))
        return o, None, past_key_values
