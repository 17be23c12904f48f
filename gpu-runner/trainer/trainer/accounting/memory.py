"""The memory behind a tensor."""

from __future__ import annotations

import weakref
from collections.abc import Callable

import torch
from torch.multiprocessing.reductions import StorageWeakRef


def memory_address(tensor: torch.Tensor) -> int:
    """Equal for tensors that share memory, and for an array that does."""
    return tensor.untyped_storage().data_ptr() if tensor.layout == torch.strided else id(tensor)


def memory_watch(tensor: torch.Tensor) -> Callable[[], bool]:
    """Tells whether the memory at the tensor's address has been freed since: another tensor may be there then."""
    if tensor.layout == torch.strided:
        return StorageWeakRef(tensor.untyped_storage()).expired
    alive = weakref.ref(tensor)
    return lambda: alive() is None


def storage_elements(tensor: torch.Tensor) -> int:
    """What a tensor keeps: a row of a table keeps the table, a number that is expanded remains one."""
    if tensor.layout != torch.strided:
        return tensor.numel()
    return tensor.untyped_storage().nbytes() // tensor.element_size()
