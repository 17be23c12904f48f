"""A linear attention with decay, a fused gated norm, negative eigenvalues unused, and a layer that imports modules whole."""

import math
import typing as t

import einops
import fla.modules as fm
import fla.modules.l2norm as norms
import torch
from torch import nn


class Decay(nn.Module):
    """One decay for each head and token, in (0, 1)."""

    def __init__(self, hidden_size: int, num_heads: int):
        super().__init__()
        self.proj = nn.Linear(hidden_size, num_heads)
        nn.init.constant_(self.proj.bias, math.log(9.0))

    def forward(self, x):
        return nn.functional.logsigmoid(self.proj(x))


class DeltaNet(nn.Module):
    """Takes d_model only, and no further keywords."""

    def __init__(self, d_model: int, num_heads: int = 4, layer_idx: t.Optional[int] = None, norm_eps: float = 1e-5):
        super().__init__()
        self.h = num_heads
        self.qkv = nn.Linear(d_model, 3 * d_model, bias=False)
        self.conv = fm.ShortConvolution(3 * d_model, 4, bias=True, activation="swish")
        self.decay = Decay(d_model, num_heads)
        self.g_proj = nn.Linear(d_model, d_model, bias=False)
        self.o_norm = fm.FusedRMSNormGated(d_model // num_heads, eps=norm_eps, activation="sigmoid")
        self.o_proj = nn.Linear(d_model, d_model, bias=False)

    def forward(self, hidden_states, attention_mask=None, past_key_values=None, use_cache=False, **kwargs):
        x, _ = self.conv(self.qkv(hidden_states))
        q, k, v = einops.rearrange(x, "b l (three h d) -> three b h l d", three=3, h=self.h)
        g = einops.rearrange(self.decay(hidden_states), "b l h -> b h l")
        o = decayed_attention(norms.l2norm(q), norms.l2norm(k), v, g)
        gate = einops.rearrange(self.g_proj(hidden_states), "b l (h d) -> b l h d", h=self.h)
        o = self.o_norm(einops.rearrange(o, "b h l d -> b l h d"), gate)
        return self.o_proj(einops.rearrange(o, "b l h d -> b l (h d)")), None, past_key_values


@torch.compile(dynamic=True)
def decayed_attention(q, k, v, g, chunk=32):
    """S_t = exp(g_t) S_{t-1} + k_t v_t^T; o_t = S_t^T q_t, in chunks."""
    length = q.shape[2]
    state = q.new_zeros(*q.shape[:2], q.shape[-1], v.shape[-1])
    out = []
    for start in range(0, length, chunk):
        piece = slice(start, min(start + chunk, length))
        q_c, k_c, v_c = q[:, :, piece], k[:, :, piece], v[:, :, piece]
        total = g[:, :, piece].cumsum(-1)
        lower = torch.ones(q_c.shape[2], q_c.shape[2], dtype=torch.bool, device=q.device).tril()
        ratio = (total[..., :, None] - total[..., None, :]).masked_fill(~lower, -torch.inf).exp()
        out.append(((q_c @ k_c.mT) * ratio) @ v_c + (q_c * total.exp()[..., None]) @ state)
        rest = (total[..., -1:] - total).exp()
        state = total[..., -1, None, None].exp() * state + (k_c * rest[..., None]).mT @ v_c
    return torch.cat(out, 2)
