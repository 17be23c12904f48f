"""A plain DeltaNet layer as the published interface has it: chunks of 32, bf16 inside the inverse, an output cache."""

from __future__ import annotations

from typing import TYPE_CHECKING, Dict, Optional, Tuple

import torch
import torch.nn as nn
from einops import rearrange
from fla.layers.utils import get_unpad_data, index_first_axis, pad_input
from fla.modules import FusedRMSNormGated, RMSNorm, ShortConvolution
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


class DeltaNet(nn.Module):
    """The layer that every lineage starts from."""

    def __init__(
        self,
        mode: str = "chunk1",
        d_model: Optional[int] = None,
        hidden_size: int = 1024,
        expand_k: float = 1.0,
        expand_v: float = 1.0,
        num_heads: int = 4,
        use_beta: bool = True,
        use_gate: bool = False,
        use_short_conv: bool = True,
        conv_size: int = 4,
        conv_bias: bool = False,
        allow_neg_eigval: bool = False,
        layer_idx: Optional[int] = None,
        qk_activation: str = "silu",
        qk_norm: str = "l2",
        norm_eps: float = 1e-5,
        **kwargs,
    ) -> None:
        super().__init__()
        if d_model is not None:
            hidden_size = d_model
        self.hidden_size = hidden_size
        self.num_heads = num_heads
        self.key_dim, self.value_dim = int(hidden_size * expand_k), int(hidden_size * expand_v)
        self.use_gate, self.use_beta, self.allow_neg_eigval = use_gate, use_beta, allow_neg_eigval
        self.layer_idx = layer_idx
        self.q_proj = nn.Linear(hidden_size, self.key_dim, bias=False)
        self.k_proj = nn.Linear(hidden_size, self.key_dim, bias=False)
        self.v_proj = nn.Linear(hidden_size, self.value_dim, bias=False)
        self.b_proj = nn.Linear(hidden_size, num_heads, bias=False)
        self.q_conv1d = ShortConvolution(self.key_dim, conv_size, activation=qk_activation)
        self.k_conv1d = ShortConvolution(self.key_dim, conv_size, activation=qk_activation)
        self.v_conv1d = ShortConvolution(self.value_dim, conv_size, activation="silu")
        if use_gate:
            self.g_proj = nn.Linear(hidden_size, self.value_dim, bias=False)
            self.o_norm = FusedRMSNormGated(self.value_dim // num_heads, eps=norm_eps)
        else:
            self.o_norm = RMSNorm(self.value_dim // num_heads, eps=norm_eps)
        self.o_proj = nn.Linear(self.value_dim, hidden_size, bias=False)

    def forward(
        self,
        hidden_states: torch.Tensor,
        attention_mask: Optional[torch.Tensor] = None,
        past_key_values: Optional["Cache"] = None,
        use_cache: Optional[bool] = False,
        output_attentions: Optional[bool] = False,
        **kwargs: "Unpack[Dict]",
    ) -> Tuple[torch.Tensor, None, Optional["Cache"]]:
        batch, length, _ = hidden_states.shape
        last_state = None
        if past_key_values is not None and len(past_key_values) > self.layer_idx:
            last_state = past_key_values[self.layer_idx]
        cu_seqlens = kwargs.get("cu_seqlens")
        if attention_mask is not None:
            indices, cu_seqlens, _ = get_unpad_data(attention_mask[:, -length:])
            hidden_states = index_first_axis(rearrange(hidden_states, "b s d -> (b s) d"), indices).unsqueeze(0)
        conv_q, conv_k, conv_v = (None, None, None) if last_state is None else last_state["conv_state"]
        keep = dict(output_final_state=use_cache, cu_seqlens=cu_seqlens)
        q, conv_q = self.q_conv1d(x=self.q_proj(hidden_states), cache=conv_q, **keep)
        k, conv_k = self.k_conv1d(x=self.k_proj(hidden_states), cache=conv_k, **keep)
        v, conv_v = self.v_conv1d(x=self.v_proj(hidden_states), cache=conv_v, **keep)
        q, k, v = (rearrange(t, "b l (h d) -> b h l d", h=self.num_heads) for t in (q, k, v))
        beta = self.b_proj(hidden_states).sigmoid() if self.use_beta else hidden_states.new_ones(1)
        if self.allow_neg_eigval:
            beta = beta * 2.0
        o, state = delta_rule(q, k, v, rearrange(beta, "b l h -> b h l"))
        if past_key_values is not None:
            past_key_values.update(
                recurrent_state=state, conv_state=(conv_q, conv_k, conv_v), layer_idx=self.layer_idx, offset=length
            )
        o = rearrange(o, "b h l d -> b l h d")
        if self.use_gate:
            o = self.o_norm(o, rearrange(self.g_proj(hidden_states), "b l (h d) -> b l h d", h=self.num_heads))
        else:
            o = self.o_norm(o)
        o = self.o_proj(rearrange(o, "b l h d -> b l (h d)"))
        if attention_mask is not None:
            o = pad_input(o.squeeze(0), indices, batch, length)
        return o, None, past_key_values
