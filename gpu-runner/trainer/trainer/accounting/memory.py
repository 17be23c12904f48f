"""The memory behind a tensor."""

from __future__ import annotations

import weakref
from collections.abc import Callable

import torch
from torch.multiprocessing.reductions import StorageWeakRef

_COMPRESSED_ROWS = (torch.sparse_csr, torch.sparse_bsr)
_COMPRESSED_COLUMNS = (torch.sparse_csc, torch.sparse_bsc)


def memory_address(tensor: torch.Tensor) -> int:
    """Equal for tensors that share memory, and for an array that does."""
    return storage.data_ptr() if (storage := _storage(tensor)) is not None else id(tensor)


def memory_watch(tensor: torch.Tensor) -> Callable[[], bool]:
    """Tells whether the memory at the tensor's address has been freed since: another tensor may be there then."""
    storage = _storage(tensor)
    if storage is not None:
        return StorageWeakRef(storage).expired
    alive = weakref.ref(tensor)
    return lambda: alive() is None


def storage_elements(tensor: torch.Tensor) -> int:
    """What a tensor keeps: a row of a table keeps the table, a number that is expanded remains one, and a sparse tensor
    keeps the places of its numbers too."""
    parts = _parts(tensor)
    if parts is not None:
        return sum(map(storage_elements, parts))
    storage = _storage(tensor)
    return tensor.numel() if storage is None else storage.nbytes() // tensor.element_size()


def stored_elements(tensor: torch.Tensor) -> int:
    """The numbers of a tensor; of a sparse one those that are written down."""
    parts = _parts(tensor)
    return tensor.numel() if parts is None else parts[0].numel()


def same_numbers(a: torch.Tensor, b: torch.Tensor) -> bool:
    """`torch.equal` in every layout, and NaN equal to itself; where it cannot be told, they are not."""
    if a.layout != b.layout or a.is_nested != b.is_nested:
        return False
    try:
        if a.is_nested:
            rows = a.unbind(), b.unbind()
            return len(rows[0]) == len(rows[1]) and all(map(_equal, *rows))
        parts = _parts(a), _parts(b)
        if parts[0] is None or parts[1] is None:
            return _equal(a, b)
        return a.shape == b.shape and all(map(_equal, *parts))
    except RuntimeError:
        return False


def _equal(a: torch.Tensor, b: torch.Tensor) -> bool:
    """A number that is none is what it was, too."""
    if torch.equal(a, b):
        return True
    return a.shape == b.shape and a.device == b.device and bool(((a == b) | ((a != a) & (b != b))).all())


def is_sparse(tensor: object) -> bool:
    """In any of the sparse layouts."""
    return isinstance(tensor, torch.Tensor) and _parts(tensor) is not None


def _storage(tensor: torch.Tensor) -> torch.UntypedStorage | None:
    """That of its numbers; None where there is none to be had: of some layouts, and of zeros that torch.func makes."""
    parts = _parts(tensor)
    strided = tensor if parts is None else parts[0]
    if strided.layout != torch.strided:
        return None
    storage = strided.untyped_storage()
    try:
        storage.data_ptr()
    except RuntimeError:
        return None
    return storage


def _parts(tensor: torch.Tensor) -> tuple[torch.Tensor, ...] | None:
    """Numbers and places of a sparse tensor; None for any other."""
    if tensor.layout == torch.strided:
        return None
    if tensor.layout == torch.sparse_coo:
        return tensor._values(), tensor._indices()
    if tensor.layout in _COMPRESSED_ROWS:
        return tensor.values(), tensor.crow_indices(), tensor.col_indices()
    if tensor.layout in _COMPRESSED_COLUMNS:
        return tensor.values(), tensor.ccol_indices(), tensor.row_indices()
    return None
