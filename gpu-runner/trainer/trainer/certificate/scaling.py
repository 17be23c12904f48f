"""How what a call costs grows with the length."""

from __future__ import annotations

import math
from collections.abc import Callable

from trainer.accounting.operations import OperationCount

Quantity = Callable[[OperationCount], float]

_MANY_OPERATORS = 3000
_MARGIN = 0.0125  # makes 1.15 of T log T from 1024 to 2048


class Scaling:
    """Operation counts at 1024 and 2048 tokens; at 256 and 512 for a loop over tokens, which is slow to count."""

    def __init__(self, count: Callable[[int], OperationCount]) -> None:
        self._count = count
        probe = count(256)
        self.length, self.short = (256, probe) if probe.dispatched > _MANY_OPERATORS else (1024, count(1024))
        self.long = count(2 * self.length)
        self._shorter: OperationCount | None = None

    def exponent(self, quantity: Quantity) -> float:
        """log2 of the growth when the length doubles: 1 is linear, 2 is quadratic."""
        return _log_ratio(quantity(self.long), quantity(self.short))

    def limit(self, quantity: Quantity, limit: float) -> float:
        """The exponent that is allowed: `limit`, or that of T log T where a quantity grows so.

        A scan with log T levels (Hillis and Steele's) is no T x T computation, and yet grows by T^1.14 from 1024 to
        2048. It is told from a linear mixer with a quadratic part by the doubling before: the exponent of T log T
        falls with the length, that of a quadratic part rises.
        """
        exponent = self.exponent(quantity)
        if not limit < exponent <= self.log_linear:
            return limit
        if self._shorter is None:
            self._shorter = self._count(self.length // 2)
        earlier = _log_ratio(quantity(self.short), quantity(self._shorter))
        return self.log_linear if earlier >= exponent else limit

    @property
    def log_linear(self) -> float:
        """The exponent of T log T, with a margin."""
        return log_linear(self.length)


def log_linear(length: int) -> float:
    """The exponent of T log T from a length to its double, with a margin."""
    return math.log2(2 * math.log2(2 * length) / math.log2(length)) + _MARGIN


def _log_ratio(larger: float, smaller: float) -> float:
    return math.log2(max(1.0, larger) / max(1.0, smaller))
