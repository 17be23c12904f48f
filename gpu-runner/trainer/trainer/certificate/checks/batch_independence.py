"""A row's output does not depend on the other rows of the batch, nor on how many there are."""

from __future__ import annotations

import torch
from torch import Tensor

from trainer.certificate.batches import batch_outcome, row_limit
from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.relative import relative_difference
from trainer.certificate.shrink import smallest_batch
from trainer.certificate.subject import Subject
from trainer.suites.batch_shapes import BatchShape

TEST = "batch independence"
FEW = 3


def check_batch_independence(subject: Subject) -> list[Finding]:
    """Changes, removes and reorders the other rows of three, also of tokens that repeat, and compares rows with the
    same ones in a pair in every batch that the trainer and the scorer make."""
    largest = 0.0
    few = (subject.length, False, False), (subject.length, True, False), (subject.long_length, False, True)
    for length, training, repeated in few:
        worst, how = batch_difference(
            subject, length, training=training, same_shape=subject.gates_are_open, repeated=repeated
        )
        if worst > subject.limit(row_limit(), training=training):
            return [_failure(subject, BatchShape(FEW, length, training), worst, how, repeated)]
        largest = max(largest, worst)
    for outcome in () if subject.gates_are_open else subject.batches:
        if outcome.difference > subject.limit(row_limit(), training=outcome.shape.training):
            how = f"putting it into a batch of {outcome.shape.rows}, of T={outcome.shape.length},"
            return [_failure(subject, outcome.shape, outcome.difference, how)]
        largest = max(largest, outcome.difference)
    for shape, row in ((outcome.shape, outcome.row) for outcome in subject.suspect_batches):
        worst, how = batch_difference(
            subject, shape.length, training=shape.training, rows=shape.rows, same_shape=True, row=row
        )
        if worst > subject.limit(row_limit(), training=shape.training):
            return [_failure(subject, shape, worst, how)]
        largest = max(largest, worst)
    return [passed(TEST, "hard", largest, row_limit(), "rows are independent")]


def _failure(subject: Subject, shape: BatchShape, worst: float, how: str, repeated: bool = False) -> Finding:
    limit = subject.limit(row_limit(), training=shape.training)

    def fails(rows: int, length: int) -> bool:
        smaller = BatchShape(rows, length, shape.training)
        exact = subject.gates_are_open
        if rows == 1:  # smaller than a pair means nothing unless it is the size in question
            return shape.rows == 1 and batch_outcome(subject, smaller).difference > limit
        worst, _ = batch_difference(
            subject, length, training=shape.training, rows=rows, same_shape=exact, repeated=repeated
        )
        if worst > limit:
            return True
        return not exact and batch_outcome(subject, smaller).difference > limit

    rows, length = smallest_batch(fails, shape.rows, shape.length)
    message = (
        f"{how} changes the output of a row by {worst:.3g} of its mean size (limit {limit:g}, "
        f"{'training' if shape.training else 'eval'} mode): rows leak into each other, or the program does something "
        "else in a batch of another size. Check reshapes that fold the batch into time or heads, sums over dimension "
        "0, batch normalisation, and branches on x.shape[0]."
    )
    return failed(TEST, "hard", worst, limit, f"B={rows} T={length}", message)


def batch_difference(
    subject: Subject,
    length: int,
    *,
    training: bool,
    rows: int = FEW,
    same_shape: bool = False,
    row: int = -1,
    repeated: bool = False,
) -> tuple[float, str]:
    """Largest relative difference and what caused it; `same_shape` leaves the shape of the batch alone, and looks at
    the first row and at `row` (the last one, where there are not so many); `repeated` asks for tokens that repeat,
    within rows and among them."""
    x = subject.input(rows, length, repeated=repeated)
    y = subject.values(x, training=training)
    if repeated and not bool(y.isfinite().all()):
        return 0.0, ""  # found by the test of finite gradients, whose tokens repeat too, and no leak
    others = (1 if repeated else 3) * subject.input(rows - 1, length, seed=5, repeated=repeated)

    def beside_others(kept: int) -> tuple[str, Tensor, Tensor]:
        kept %= rows
        changed = torch.cat((others[:kept], x[kept][None], others[kept:]))
        after = subject.values(changed, training=training)
        return "changing the other rows", after[kept][None], y[kept][None]

    trials = [beside_others(0)]
    if same_shape:
        if not subject.remembers:  # of one that does, every further call is another draw of what it kept
            trials.append(beside_others(min(row, rows - 1)))
    elif not (training and subject.noisy_in_training):  # noise is drawn in the shape of the batch
        order = torch.arange(rows).roll(1)
        trials.append(("removing the other rows", subject.values(x[:1], training=training), y[:1]))
        trials.append(("reordering the rows", subject.values(x[order], training=training), y[order]))
    return max((float(relative_difference(a, b, y).max()), name) for name, a, b in trials)
