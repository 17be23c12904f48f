"""A row's output does not depend on the other rows of the batch."""

from __future__ import annotations

import torch

from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.relative import relative_difference
from trainer.certificate.shrink import shortest_length
from trainer.certificate.subject import Subject

TEST = "batch independence"
LIMIT = 1e-5
# An accelerator takes another kernel for another number of rows: up to 1.4e-5 in legal programs on an H200.
ACCELERATOR_LIMIT = 1e-4


def check_batch_independence(subject: Subject) -> list[Finding]:
    """Changes, removes and reorders the other rows."""
    largest = 0.0
    for length, training in ((subject.length, False), (subject.length, True), (subject.long_length, False)):
        worst, how = batch_difference(subject, length, training=training)
        if worst > subject.limit(_limit(), training=training):
            return [_failure(subject, length, worst, how, training)]
        largest = max(largest, worst)
    return [passed(TEST, "hard", largest, _limit(), "rows are independent")]


def _limit() -> float:
    return LIMIT if torch.get_default_device().type == "cpu" else ACCELERATOR_LIMIT


def _failure(subject: Subject, length: int, worst: float, how: str, training: bool) -> Finding:
    limit = subject.limit(_limit(), training=training)
    smallest = shortest_length(lambda t: batch_difference(subject, t, training=training)[0] > limit, length)
    rows = 2 if batch_difference(subject, smallest, training=training, rows=2)[0] > limit else 3
    message = (
        f"{how} changes the output of a row by {worst:.3g} of its mean size (limit {limit:g}, "
        f"{'training' if training else 'eval'} mode): rows leak into each other. Check reshapes that fold the batch "
        "into time or heads, sums over dimension 0, batch normalisation, and state kept between calls."
    )
    return failed(TEST, "hard", worst, limit, f"B={rows} T={smallest}", message)


def batch_difference(
    subject: Subject, length: int, *, training: bool, rows: int = 3, same_shape: bool = False
) -> tuple[float, str]:
    """Largest relative difference and what caused it; `same_shape` leaves the shape of the batch alone."""
    x = subject.input(rows, length)
    y = subject.values(x, training=training)
    others = x.clone()
    others[1:] = 3 * subject.input(rows - 1, length, seed=5)
    trials = [("changing the other rows", subject.values(others, training=training)[:1], y[:1])]
    if not same_shape and not (training and subject.noisy_in_training):  # noise is drawn in the shape of the batch
        order = torch.arange(rows).roll(1)
        trials.append(("removing the other rows", subject.values(x[:1], training=training), y[:1]))
        trials.append(("reordering the rows", subject.values(x[order], training=training), y[order]))
    return max((float(relative_difference(a, b, y).max()), name) for name, a, b in trials)
