"""Operations of recurrent layers that run as one kernel: torch's registry has no formula for them."""

from __future__ import annotations

from typing import Any

from torch.utils._pytree import tree_leaves

_KERNELS = frozenset(("mkldnn_rnn_layer", "_cudnn_rnn", "miopen_rnn"))  # an LSTM on the CPU; all layers of one on a GPU


def recurrent_layer_flops(name: str, args: tuple[Any, ...]) -> int:
    """Each token meets each weight once, multiply and add counting two; biases and gates are elementwise work. 0 for
    any other operator."""
    if name not in _KERNELS:
        return 0
    tokens = args[0].numel() // args[0].shape[-1]  # packed sequences too
    given = args[1:5] if name.startswith("mkldnn") else args[1]
    return 2 * tokens * sum(weight.numel() for weight in tree_leaves(given) if weight.ndim == 2)
