"""In which precision norms are computed."""

from __future__ import annotations

from torch import Tensor


def at_least_float32(x: Tensor) -> Tensor:
    """x itself, or as float32 where it has fewer bits."""
    return x.float() if x.element_size() < 4 else x
