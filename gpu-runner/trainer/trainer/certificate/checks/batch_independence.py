"""A row's output does not depend on the other rows of the batch."""

from __future__ import annotations

import torch

from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.shrink import shortest_length
from trainer.certificate.subject import Subject, relative_difference

TEST = "batch independence"
LIMIT = 1e-5


def check_batch_independence(subject: Subject) -> list[Finding]:
    largest = 0.0
    for training in (False, True):
        worst, how = _difference(subject, subject.length, training=training)
        if worst > LIMIT:
            return [_failure(subject, worst, how, training)]
        largest = max(largest, worst)
    return [passed(TEST, "hard", largest, LIMIT, "rows are independent")]


def _failure(subject: Subject, worst: float, how: str, training: bool) -> Finding:
    smallest = shortest_length(lambda t: _difference(subject, t, training=training)[0] > LIMIT, subject.length)
    message = (
        f"{how} changes the output of a row by {worst:.3g} of its mean size (limit {LIMIT:g}, "
        f"{'training' if training else 'eval'} mode): rows leak into each other. Check reshapes that fold the batch "
        "into time or heads, sums over dimension 0, batch normalisation, and state kept between calls."
    )
    return failed(TEST, "hard", worst, LIMIT, f"B=3 T={smallest}", message)


def _difference(subject: Subject, length: int, *, training: bool) -> tuple[float, str]:
    x = subject.input(3, length)
    y = subject.values(x, training=training)
    others = x.clone()
    others[1:] = 3 * subject.input(2, length, seed=5)
    trials = [("changing the other rows", subject.values(others, training=training)[:1], y[:1])]
    if not (training and subject.noisy_in_training):  # noise is drawn in the shape of the batch
        order = torch.tensor([2, 0, 1])
        trials.append(("removing the other rows", subject.values(x[:1], training=training), y[:1]))
        trials.append(("reordering the rows", subject.values(x[order], training=training), y[order]))
    measured = (
        (float(torch.nan_to_num(relative_difference(a, b, y), nan=float("inf")).max()), name) for name, a, b in trials
    )
    return max(measured)
