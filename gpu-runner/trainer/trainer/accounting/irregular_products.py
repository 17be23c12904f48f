"""Operations of products whose factors are sparse or nested: no shape tells them."""

from __future__ import annotations

from typing import Any

import torch

from trainer.accounting.memory import is_sparse, stored_elements

# Where among the arguments the two factors are.
_FACTORS = {
    **dict.fromkeys(("mm", "bmm", "mv", "_sparse_mm", "_sparse_sparse_matmul"), 0),
    **dict.fromkeys(("addmm", "addmm_", "addmv", "addmv_", "baddbmm", "_sparse_addmm", "sparse_sampled_addmm"), 1),
}


def irregular_product_flops(name: str, args: tuple[Any, ...], result: Any) -> int | None:
    """Multiply and add count two; None for any other operator."""
    if name == "matmul" and result.is_nested:  # all other kinds of tensors take this operator apart
        inner = args[0]._nested_tensor_size()[:, -1] if args[0].is_nested else args[0].shape[-1]
        return 2 * int((result._nested_tensor_size().prod(1) * inner).sum())
    if name not in _FACTORS or not any(is_sparse(value) for value in (*args, result)):
        return None
    left, right = args[_FACTORS[name] :][:2]
    if name == "sparse_sampled_addmm":  # only where the first argument has numbers
        return 2 * stored_elements(args[0]) * left.shape[-1]
    if is_sparse(left) and is_sparse(right):
        columns, rows = _used(left, -1), _used(right, -2)
        return 2 * int(columns @ rows)
    if is_sparse(left):
        return 2 * stored_elements(left) * (right.shape[-1] if right.ndim > 1 else 1)
    if is_sparse(right):
        return 2 * stored_elements(right) * left.shape[-2]
    return None


def _used(matrix: torch.Tensor, dim: int) -> torch.Tensor:
    """How many numbers of a matrix are in each of its rows or columns."""
    places = matrix.to_sparse_coo()._indices()[dim]
    return places.bincount(minlength=matrix.shape[dim])
