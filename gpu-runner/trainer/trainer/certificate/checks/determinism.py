"""Evaluation does not draw random numbers."""

from __future__ import annotations

from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.relative import relative_difference
from trainer.certificate.shrink import shortest_length
from trainer.certificate.subject import Subject

TEST = "determinism"


def check_determinism(subject: Subject) -> list[Finding]:
    """Two calls in eval mode are bitwise equal, with equal seeds and with different ones."""
    difference = _difference(subject, subject.length)
    if difference == 0:
        return [passed(TEST, "soft", 0.0, 0.0, "equal calls, equal outputs")]
    smallest = shortest_length(lambda t: _difference(subject, t) > 0, subject.length)
    message = (
        f"two calls in eval mode on the same input differ by {difference:.3g} of the mean output; draw random numbers "
        "only if self.training, or once in the constructor, and do not use the clock, hashes of objects or addresses."
    )
    return [failed(TEST, "soft", difference, 0.0, f"B=2 T={smallest}", message)]


def _difference(subject: Subject, length: int) -> float:
    x = subject.input(2, length)
    y = subject.values(x, seed=1)
    return max(float(relative_difference(subject.values(x, seed=s), y, y).max()) for s in (1, 2))
