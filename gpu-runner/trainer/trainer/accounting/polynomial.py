"""What is known at some widths, at another."""

from __future__ import annotations

from collections.abc import Sequence


def polynomial_through(x: Sequence[int], y: Sequence[int], at: int) -> float:
    """Value at `at` of the polynomial of least degree through the points (Lagrange)."""
    total = 0.0
    for i, value in enumerate(y):
        term = float(value)
        for j, other in enumerate(x):
            if j != i:
                term *= (at - other) / (x[i] - other)
        total += term
    return total
