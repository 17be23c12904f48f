"""Operators that read far more than they return: each output is made from a window, a bag or a row of the input."""

from __future__ import annotations

import math
from typing import Any

import torch

_POOLS = frozenset(
    (
        *(f"{kind}_pool{n}d" for kind in ("avg", "max", "fractional_max", "mkldnn_max") for n in (1, 2, 3)),
        *(f"max_pool{n}d_with_indices" for n in (1, 2, 3)),
    )
)
_BAGS = frozenset(("_embedding_bag", "_embedding_bag_forward_only"))
_PRODUCTS = frozenset(("mv", "addmv", "dot", "vdot"))


def window_reads(name: str, args: tuple[Any, ...], produced: list[int], read: list[int]) -> int | None:
    """Elements that such an operator reads, each as often as it does; None for any other operator.

    A window as long as the sequence makes pooling quadratic, and no tensor of its call shows it. `produced` and `read`
    are the sizes of what it returns and is given. The windows of adaptive pooling hardly overlap: they read the input
    once, or each output is a copy.
    """
    if name in _POOLS:
        return produced[0] * _window(name, args[1])
    if "adaptive" in name and "pool" in name:
        return max([0, *produced, *read])
    if name in _BAGS:
        return args[1].numel() * args[0].shape[-1]
    if name in _PRODUCTS:
        return max(read)
    return _trilinear_reads(args) if name == "_trilinear" else None


def window_flops(name: str, args: tuple[Any, ...], produced: list[int], reads: int | None) -> int:
    """Operations of those operators, and of convolutions over [T,B,C], whose filter [k,C,D] torch's registry lacks."""
    if name == "conv_tbc":
        return 2 * produced[0] * args[1].shape[0] * args[1].shape[1]
    return (2 if name in _PRODUCTS or name == "_trilinear" else 1) * (reads or 0)


def _window(name: str, kernel: int | list[int]) -> int:
    """Elements of a kernel, which torch lets be one number for all dimensions."""
    sizes = [kernel] if isinstance(kernel, int) else list(kernel)
    dimensions = int(name[name.index("pool") + 4])
    return math.prod(sizes) if len(sizes) > 1 else sizes[0] ** dimensions


def _trilinear_reads(args: tuple[Any, ...]) -> int:
    """_trilinear(a, b, c, new axes of a, of b, of c, summed axes): elements of the product before it is summed."""
    shapes = []
    for tensor, axes in zip(args[:3], args[3:6], strict=True):
        shape = list(tensor.shape)
        for axis in sorted(axes):
            shape.insert(axis, 1)
        shapes.append(shape)
    return math.prod(torch.broadcast_shapes(*shapes))
