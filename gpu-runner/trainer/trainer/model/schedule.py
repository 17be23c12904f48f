"""The learning rate of a step."""

from __future__ import annotations

import math

FINAL_RATIO = 0.1


def learning_rate_at(step: int, steps: int, warm_up_steps: int, peak: float) -> float:
    """Linear warm-up to the peak over `warm_up_steps`, then a cosine to a tenth of it at the last step.

    `step` counts from 1 to `steps`.
    """
    if step <= warm_up_steps:
        return peak * step / warm_up_steps
    progress = (step - warm_up_steps) / max(1, steps - warm_up_steps)
    return peak * (FINAL_RATIO + (1 - FINAL_RATIO) * 0.5 * (1 + math.cos(math.pi * progress)))
