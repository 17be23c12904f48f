"""The error measure of all tests: |dy| by the size that an output has around there."""

from __future__ import annotations

import torch
from torch import Tensor


def relative_difference(a: Tensor, b: Tensor, scale: Tensor) -> Tensor:
    """|a - b| of two [..,T,d] by the size of b, elementwise; infinite where one is not a number.

    The size is the largest of: the element of b, the median of its position in b, and of its channel and of everything
    in `scale` [..,T,d], the whole output that b is from. Medians, because one loud position or channel would raise a
    mean until no test saw anything anywhere else. The element and its neighbours, because rounding is as large as what
    is rounded; the median of everything, because where an output is nearly zero it still has the rounding of the rest.
    """
    a, b, scale = (_at_least_single(tensor) for tensor in (a, b, scale))
    difference = (a - b).abs()
    if not bool(difference.any()):
        return difference
    b = b.abs()
    around = torch.maximum(b.median(-1, keepdim=True).values, _typical(scale.abs()))
    return torch.nan_to_num(difference / torch.maximum(b, around).clamp_min(1e-30), nan=float("inf"))


def _at_least_single(tensor: Tensor) -> Tensor:
    return tensor if tensor.dtype == torch.float64 else tensor.float()


def _typical(sizes: Tensor) -> Tensor:
    """[d]: the median of each channel, but at least that of all sizes above zero: most of an output may be zero."""
    above = sizes[sizes != 0]
    return torch.maximum(sizes.flatten(0, -2).median(0).values, above.median() if len(above) else sizes.new_zeros(()))


def largest_by_position(a: Tensor, b: Tensor, scale: Tensor) -> tuple[float, int]:
    """Largest relative difference of two [B,T,d], and its position in T."""
    per_position = relative_difference(a, b, scale).amax((0, 2))
    position = int(per_position.argmax())
    return float(per_position[position]), position
