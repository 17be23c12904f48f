"""How what a call costs grows with the length."""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Callable

from trainer.accounting.operations import OperationCount, OperatorCall

Quantity = Callable[[OperationCount], float]
Count = Callable[[int], OperationCount]

_MANY_OPERATORS = 3000
_MARGIN = 0.0125  # makes 1.15 of T log T from 1024 to 2048


class Growth:
    """Operation counts at `length` and its double, of calls in one mode; `rows` and `mode` are for messages."""

    def __init__(self, count: Count, length: int, rows: int, mode: str, short: OperationCount | None = None) -> None:
        self._count = count
        self.length, self.rows, self._mode = length, rows, mode
        self.short = count(length) if short is None else short
        self.long = count(2 * length)

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
        if not limit < exponent <= log_linear(self.length):
            return limit
        earlier = _log_ratio(quantity(self.short), quantity(self._shorter))
        return log_linear(self.length) if earlier >= exponent else limit

    def grows_most(self, cost: Callable[[OperatorCall], int]) -> str:
        """The operator whose cost grows most beyond the double when the length doubles, and its shape then.

        Calls are compared one by one where both lengths make the same ones; where a loop makes more of them in the
        longer, all of one name together, and the dearest is told.
        """
        short, long = self.short.calls, self.long.calls
        if [call.name for call in short] == [call.name for call in long]:
            excess = [cost(after) - 2 * cost(before) for before, after in zip(short, long, strict=True)]
            most = max(zip(excess, long, strict=True), key=lambda pair: pair[0])[1]
        else:
            total: Counter[str] = Counter()
            for calls, sign in ((long, 1), (short, -2)):
                for call in calls:
                    total[call.name] += sign * cost(call)
            name = max(total, key=total.__getitem__)
            most = max((call for call in long if call.name == name), key=cost)
        return f"{most.name} of shape {list(most.shape)}"

    @functools.cached_property
    def _shorter(self) -> OperationCount:
        return self._count(self.length // 2)

    @property
    def lengths(self) -> str:
        """Between which lengths it was counted, and in which mode."""
        return f"from T={self.length} to {2 * self.length} in {self._mode}"

    @property
    def where(self) -> str:
        """The larger of the two inputs."""
        return f"B={self.rows} T={2 * self.length}, {self._mode}"


class Scaling:
    """Growth from 1024 to 2048 tokens; from 256 to 512 for a loop over tokens, which is slow to count.

    Counted as a program is trained (training mode, with gradients), and as it is scored (eval mode, without): one
    that is quadratic in either is quadratic.
    """

    def __init__(self, training: Count, scoring: Count, scored_rows: int) -> None:
        probe = training(256)
        length, short = (256, probe) if probe.dispatched > _MANY_OPERATORS else (1024, None)
        self.training = Growth(training, length, 1, "training mode", short)
        self._scoring, self._scored_rows = scoring, scored_rows

    @functools.cached_property
    def scoring(self) -> Growth:
        return Growth(self._scoring, self.training.length, self._scored_rows, "eval mode")

    @property
    def length(self) -> int:
        """The shorter of the two lengths."""
        return self.training.length

    @property
    def modes(self) -> tuple[Growth, Growth]:
        return self.training, self.scoring

    def worst(self, quantity: Quantity, limit: float) -> Growth:
        """The mode in which a quantity is furthest above what it may grow by."""
        return max(self.modes, key=lambda growth: growth.exponent(quantity) - growth.limit(quantity, limit))

    def exponent(self, quantity: Quantity) -> float:
        """The larger of the two."""
        return max(growth.exponent(quantity) for growth in self.modes)


def log_linear(length: int) -> float:
    """The exponent of T log T from a length to its double, with a margin."""
    return math.log2(2 * math.log2(2 * length) / math.log2(length)) + _MARGIN


def _log_ratio(larger: float, smaller: float) -> float:
    return math.log2(max(1.0, larger) / max(1.0, smaller))
