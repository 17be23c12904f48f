"""The rule on several finished tasks together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from trainer.quality.progress import Stop, TaskProgress

LEAST_TASKS = 4
LEARNT_FRACTION = 0.03
REFERENCE_FRACTION = 0.3
LAST_POINTS = 3


def recalls_nothing(finished: Sequence[TaskProgress]) -> Stop | None:
    """On every task that DeltaNet learns, and on at least four, the program ended where it began: at chance.

    One such task says little (good models miss one when the budget is short). All of them say that nothing is carried
    further than a few positions, and the language model alone would not make it a candidate.
    """
    judged = [task for task in finished if _is_learnt(task.reference.values(), task.classes)]
    if len(judged) < LEAST_TASKS:
        return None
    falls = {}
    for task in judged:
        last = [point.loss for point in task.points[-LAST_POINTS:]]
        falls[task.task] = 1 - sum(last) / len(last) / math.log(task.classes)
    if not all(fall < LEARNT_FRACTION for fall in falls.values()):
        return None
    return Stop(
        "recalls-nothing",
        False,
        f"Stopped: after training, the loss on {', '.join(falls)} is where it began, at chance, and DeltaNet learns "
        "all of them; nothing is carried from one position to a distant one, or the output does not depend on it.",
        {f"learnt {name}": fall for name, fall in falls.items()},
    )


def _is_learnt(losses: Iterable[float], classes: int) -> bool:
    values = list(losses)
    return bool(values) and 1 - values[-1] / math.log(classes) > REFERENCE_FRACTION
