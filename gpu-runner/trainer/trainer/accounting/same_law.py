"""Whether a program at its own width is the one that small widths show."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import nn

from trainer.accounting.double_precision import double_precision, in_double
from trainer.accounting.operations import count_operations
from trainer.accounting.parameters import count_parameters
from trainer.accounting.polynomial import polynomial_through

_TOLERANCE = 1e-3  # formulas of transforms and sorts round their logarithms; a cap on a width moves far more
_DEGREES = (2, 3)  # the third for products of matrices of the state
_LENGTH = 24


def departure_from_law(
    make: Callable[[int, int], nn.Module], widths: Sequence[int], d_model: int, n_heads: int
) -> str | None:
    """What is at `d_model` not the polynomial of the width that it is at the four `widths`, or None.

    Three counts, because a width that is capped, rounded or looked up may be seen in one only: in the parameters where
    a projection is capped, in the operations where a projection is cut to fewer columns, in the elements where a lag
    or a kernel follows the width. Counted with zeros, so that no router decides. A cap that only multiplies by zero
    changes none of them, and is not seen. Raises what the program raises.
    """
    seen = [_counts(make, width, n_heads) for width in widths]
    for name, real in _counts(make, d_model, n_heads).items():
        values = [counts[name] for counts in seen]
        laws = [polynomial_through(widths[-n - 1 :], values[-n - 1 :], d_model) for n in _DEGREES]
        if all(abs(law - real) > _TOLERANCE * real for law in laws):
            return f"{real} {name} at d_model={d_model}, where {', '.join(map(str, values))} lead to {laws[0]:.0f}"
    return None


def _counts(make: Callable[[int, int], nn.Module], d_model: int, n_heads: int) -> dict[str, int]:
    torch.manual_seed(1)
    module = in_double(make(d_model, n_heads)).eval()
    with torch.no_grad(), double_precision(casts=True):
        x = torch.zeros(1, _LENGTH, d_model, dtype=torch.float64)
        count = count_operations(lambda: module(x))
    return {
        "parameters": count_parameters(module),
        f"floating-point operations for {_LENGTH} tokens": count.flops,
        f"elements computed for {_LENGTH} tokens": count.elements,
    }
