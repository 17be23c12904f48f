"""Evaluation does not draw random numbers."""

from __future__ import annotations

from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.subject import Subject, relative_difference

TEST = "determinism"


def check_determinism(subject: Subject) -> list[Finding]:
    """Two calls in eval mode are bitwise equal, with equal seeds and with different ones."""
    x = subject.input(2, subject.length)
    y = subject.values(x, seed=1)
    difference = max(float(relative_difference(subject.values(x, seed=s), y, y).max()) for s in (1, 2))
    if difference == 0:
        return [passed(TEST, "soft", 0.0, 0.0, "equal calls, equal outputs")]
    message = (
        f"two calls in eval mode on the same input differ by {difference:.3g} of the mean output; draw random numbers "
        "only if self.training, or once in the constructor."
    )
    return [failed(TEST, "soft", difference, 0.0, f"B=2 T={subject.length}", message)]
