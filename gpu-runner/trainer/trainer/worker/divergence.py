"""When training is given up."""

from __future__ import annotations

import math
from collections import deque

WINDOW = 100
MAX_SKIPPED = 3
GRACE_STEPS = 20
MAX_RISE = 1.0
MAX_LOSS = 100.0


class DivergenceWatch:
    """Follows a task's losses; every check returns the reason to stop, or None.

    Steps with a non-finite loss or gradient are skipped; two in a row, or more than three in a hundred, end the task.
    So does a loss more than 1 nat above the first one after step 20, or above 100 at any time.
    """

    def __init__(self) -> None:
        self._initial: float | None = None
        self._skipped: deque[int] = deque()

    def skip(self, step: int) -> str | None:
        """A non-finite step."""
        self._skipped.append(step)
        while self._skipped[0] <= step - WINDOW:
            self._skipped.popleft()
        if len(self._skipped) > 1 and self._skipped[-2] == step - 1:
            return f"the loss or its gradient was not finite in two steps in a row (steps {step - 1} and {step})"
        if len(self._skipped) > MAX_SKIPPED:
            return f"the loss or its gradient was not finite in {len(self._skipped)} of {WINDOW} steps, last in {step}"
        return None

    def observe(self, step: int, loss: float) -> str | None:
        """A finite step."""
        if self._initial is None:
            self._initial = loss
        if loss > MAX_LOSS or (step > GRACE_STEPS and loss > self._initial + MAX_RISE):
            return f"the loss rose from {self._initial:.3f} to {loss:.3f} at step {step}"
        return None


def is_finite(*values: float) -> bool:
    """Whether all values are finite."""
    return all(math.isfinite(value) for value in values)
