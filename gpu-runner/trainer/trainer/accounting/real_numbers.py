"""Complex numbers as what they are made of: a parameter, a state or a checkpoint holds two real ones for each."""

from __future__ import annotations

import torch
from torch import Tensor


def real_view(tensor: Tensor) -> Tensor:
    """The same memory as real numbers: complex ones as pairs, in one more dimension."""
    return torch.view_as_real(tensor) if tensor.is_complex() else tensor


def real_gradient(gradient: Tensor) -> Tensor:
    """The same for a gradient, which autograd may hand over with its conjugation still to be done."""
    return real_view(gradient.resolve_conj())
