"""`fla.layers.utils`: rows with padding packed into one sequence, and back."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def get_unpad_data(attention_mask: Tensor) -> tuple[Tensor, Tensor, int]:
    """mask [B,S] of 0 and 1 -> flat positions of the ones int64 [N], starts of the rows int32 [B+1], longest row."""
    lengths = attention_mask.sum(-1, dtype=torch.int32)
    indices = attention_mask.flatten().nonzero().flatten()
    return indices, F.pad(lengths.cumsum(0, dtype=torch.int32), (1, 0)), int(lengths.max())


def index_first_axis(x: Tensor, indices: Tensor) -> Tensor:
    """x [B*S,..], indices [N] -> [N,..]."""
    return x[indices]


def pad_input(hidden_states: Tensor, indices: Tensor, batch_size: int, seq_len: int) -> Tensor:
    """x [N,..] put back at flat positions [N] -> [B,S,..], zeros elsewhere."""
    flat = hidden_states.new_zeros(batch_size * seq_len, *hidden_states.shape[1:])
    return flat.index_copy(0, indices, hidden_states).view(batch_size, seq_len, *hidden_states.shape[1:])
