"""When a worker gives training up: what a rise of the loss means is for the trusted side to say (trainer.quality)."""

from __future__ import annotations

import math
from collections import deque

WINDOW = 100
MAX_SKIPPED = 3


class DivergenceWatch:
    """Counts steps with a non-finite loss or gradient, which are skipped: two in a row, or more than three in a
    hundred, end the task."""

    def __init__(self) -> None:
        self._skipped: deque[int] = deque()

    def skip(self, step: int) -> str | None:
        """A non-finite step; the reason to stop, or None."""
        self._skipped.append(step)
        while self._skipped[0] <= step - WINDOW:
            self._skipped.popleft()
        if len(self._skipped) > 1 and self._skipped[-2] == step - 1:
            return f"the loss or its gradient was not finite in two steps in a row (steps {step - 1} and {step})"
        if len(self._skipped) > MAX_SKIPPED:
            return f"the loss or its gradient was not finite in {len(self._skipped)} of {WINDOW} steps, last in {step}"
        return None


def is_finite(*values: float) -> bool:
    """Whether all values are finite."""
    return all(math.isfinite(value) for value in values)
