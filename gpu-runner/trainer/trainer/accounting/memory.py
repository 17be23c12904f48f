"""The memory behind a tensor."""

from __future__ import annotations

import torch


def memory_address(tensor: torch.Tensor) -> int:
    """Equal for tensors that share memory, and for an array that does."""
    return tensor.untyped_storage().data_ptr() if tensor.layout == torch.strided else id(tensor)


def storage_elements(tensor: torch.Tensor) -> int:
    """What a tensor keeps: a row of a table keeps the table, a number that is expanded remains one."""
    if tensor.layout != torch.strided:
        return tensor.numel()
    return tensor.untyped_storage().nbytes() // tensor.element_size()
