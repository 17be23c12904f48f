"""How much training mode differs from evaluation, dropout aside."""

from __future__ import annotations

from trainer.certificate.finding import Finding, reported
from trainer.certificate.relative import relative_difference
from trainer.certificate.subject import Subject

TEST = "train/eval"
LIMIT = 1e-5


def check_train_eval(subject: Subject) -> list[Finding]:
    """Noise, schedules and batch statistics show here; none is forbidden."""
    x = subject.input(2, subject.length)
    y = subject.values(x)
    difference = float(relative_difference(subject.values(x, training=True), y, y).max())
    note = (
        "the same in both modes"
        if difference <= LIMIT
        else "the program behaves differently in training; make sure that it is a declared schedule or noise"
    )
    return [reported(TEST, difference, LIMIT, f"outputs differ by {difference:.3g} of the mean size: {note}.")]
