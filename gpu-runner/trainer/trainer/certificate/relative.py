"""The error measure of all tests: eps = max |dy| / mean |y|."""

from __future__ import annotations

import torch
from torch import Tensor


def relative_difference(a: Tensor, b: Tensor, scale: Tensor) -> Tensor:
    """|a - b| / mean |scale|, elementwise; infinite where one is not a number."""
    difference = (a.float() - b.float()).abs() / scale.float().abs().mean().clamp_min(1e-30)
    return torch.nan_to_num(difference, nan=float("inf"))


def largest_by_position(a: Tensor, b: Tensor, scale: Tensor) -> tuple[float, int]:
    """Largest relative difference of two [B,T,d], and its position in T."""
    per_position = relative_difference(a, b, scale).amax((0, 2))
    position = int(per_position.argmax())
    return float(per_position[position]), position
