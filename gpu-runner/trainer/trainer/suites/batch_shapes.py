"""In which shapes a program is called: when it is trained, and when it is scored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from trainer.suites.suite import Suite

ROWS_PER_BATCH = 64  # that the scorer sends at once, to be answered


@dataclass(frozen=True)
class BatchShape:
    """[rows, length] tokens; `training` says in which mode."""

    rows: int
    length: int
    training: bool


def batch_shapes(suite: Suite) -> tuple[BatchShape, ...]:
    """Every shape once, in the order of the tasks."""
    shapes = []
    for plan in suite.plans:
        # Audited tasks fill their batches with sequences that are not scored (trainer.scorer.spliced_pairs).
        audited = plan.task.inputs_reveal_answers
        scored = ROWS_PER_BATCH if audited else min(ROWS_PER_BATCH, plan.held_out_sequences)
        shapes += [BatchShape(plan.batch_size, plan.task.length, True), BatchShape(scored, plan.task.length, False)]
    return tuple(dict.fromkeys(shapes))


def batch_sizes(suites: Iterable[Suite]) -> tuple[int, ...]:
    """The numbers of rows in ascending order."""
    return tuple(sorted({shape.rows for suite in suites for shape in batch_shapes(suite)}))
