"""How many numbers a mixer carries from token to token, measured without knowing its code."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

_NOISE = 3e-15  # relative singular values that float64 rounding alone can reach
_GAP = 5.0  # between the last value that counts and the first that does not; a smaller one leaves the rank in doubt
_HEAD_WIDTHS = ((2, 4, 8), (4, 8, 12))  # the second where a program asks for wider heads than n_heads gives
_WINDOW = 24


class _NotMeasurableError(Exception):
    pass


def state_size(make: Callable[[int, int], nn.Module], d_model: int, n_heads: int) -> int | None:
    """Numbers of state at (d_model, n_heads), or None if it grows with the length or cannot be measured.

    The future outputs depend on the past inputs through the state only, so the rank of the Jacobian
    d y[P:] / d x[:P] is its dimension (the rank of the Hankel operator of a linear system; here of the system
    linearised at random inputs). Measured at three small widths and carried to d_model by a d^2 + b d + c, which
    is exact for matrix states, vector states and convolution states. `make(d_model, n_heads)` builds the module,
    always from the same seed, so that equal programs get equal answers: with an unlucky initialisation (about one in
    ten for the delta rule) rounding adds to the rank.
    """
    for widths in _HEAD_WIDTHS:
        sizes = [width * n_heads for width in widths]
        try:
            ranks = [_bounded_rank(make, size, n_heads) for size in sizes]
        except (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError):
            continue  # the program does not run at these sizes, or not in float64
        except _NotMeasurableError:
            return None
        return round(_quadratic_through(sizes, ranks, d_model))
    return None


def _bounded_rank(make: Callable[[int, int], nn.Module], d_model: int, n_heads: int) -> int:
    """The rank, provided that the window is long enough to exceed it: a growing state fills any window."""
    torch.manual_seed(1)
    values = torch.linalg.svdvals(_jacobian(make(d_model, n_heads).double().eval(), d_model, _WINDOW))
    relative = values / values[0].clamp_min(1e-300)
    rank = int((relative > _NOISE).sum())
    if rank == relative.numel() or (rank > 0 and float(relative[rank - 1]) < _GAP * float(relative[rank])):
        raise _NotMeasurableError
    return rank


def _quadratic_through(x: list[int], y: list[int], at: int) -> float:
    """Value at `at` of the parabola through three points (Lagrange)."""
    total = 0.0
    for i in range(3):
        j, k = (i + 1) % 3, (i + 2) % 3
        total += y[i] * (at - x[j]) * (at - x[k]) / ((x[i] - x[j]) * (x[i] - x[k]))
    return total


def _jacobian(module: nn.Module, d_model: int, window: int) -> Tensor:
    """[window*d, window*d] in one backward pass: row i of the batch asks for output i only."""
    size = window * d_model
    generator = torch.Generator().manual_seed(31)
    with torch.no_grad():
        for parameter in module.parameters():  # generic: zeros would hide part of the state
            parameter.add_(torch.randn(parameter.shape, generator=generator, dtype=torch.float64), alpha=0.05)
    x = torch.randn(1, 2 * window, d_model, generator=generator, dtype=torch.float64)
    x = x.expand(size, -1, -1).clone().requires_grad_()
    torch.manual_seed(0)
    result = module(x * 1.0)
    y = result[0] if isinstance(result, tuple) else result
    (gradient,) = torch.autograd.grad(y[:, window:].reshape(size, size).diagonal().sum(), x)
    return gradient[:, :window].reshape(size, size)
