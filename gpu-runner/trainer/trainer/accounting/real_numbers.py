"""Complex numbers as what they are made of: a parameter, a state or a checkpoint holds two real ones for each."""

from __future__ import annotations

import torch
from torch import Tensor


def real_view(tensor: Tensor) -> Tensor:
    """The same memory as real numbers: complex ones as pairs, in one more dimension."""
    return torch.view_as_real(tensor) if tensor.is_complex() else tensor


def real_gradient(gradient: Tensor) -> Tensor:
    """The same for a gradient, which autograd may hand over with its conjugation still to be done."""
    return real_values(gradient)


def real_values(tensor: Tensor) -> Tensor:
    """The same numbers, in memory of their own where the tensor is a view with its conjugation or its sign still to be
    done (`z.conj()`, `z.conj().imag`): such a view has no memory that holds them."""
    return real_view(tensor.resolve_conj().resolve_neg())


def write_real_values(tensor: Tensor, values: Tensor) -> None:
    """Writes what `real_values` gives, through such a view as well."""
    tensor.copy_(torch.complex(values[..., 0], values[..., 1]) if tensor.is_complex() else values)
