"""Evaluation does not draw random numbers."""

from __future__ import annotations

from collections.abc import Callable

from trainer.certificate.dropout import with_dropout
from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.relative import relative_difference
from trainer.certificate.shrink import shortest_length
from trainer.certificate.subject import Subject

TEST = "determinism"
_OWN_DRAWS = (
    "draw random numbers only if self.training, or once in the constructor, and do not use the clock, hashes of "
    "objects or addresses."
)
_DROPOUT = (
    "dropout is active there. F.dropout has training=True by default: pass training=self.training; nn.Dropout follows "
    "the mode by itself, as long as an own train() passes the mode on."
)


def check_determinism(subject: Subject) -> list[Finding]:
    """Two calls in eval mode are bitwise equal, with equal seeds and with different ones; dropout, which is off in all
    other tests, is the program's own here."""
    for difference_at, remedy in ((_difference, _OWN_DRAWS), (_difference_with_dropout, _DROPOUT)):
        difference = difference_at(subject, subject.length)
        if difference > 0:
            return [_failure(subject, difference_at, difference, remedy)]
    return [passed(TEST, "soft", 0.0, 0.0, "equal calls, equal outputs")]


def _failure(
    subject: Subject, difference_at: Callable[[Subject, int], float], difference: float, remedy: str
) -> Finding:
    smallest = shortest_length(lambda t: difference_at(subject, t) > 0, subject.length)
    message = f"two calls in eval mode on the same input differ by {difference:.3g} of the mean output; {remedy}"
    return failed(TEST, "soft", difference, 0.0, f"B=2 T={smallest}", message)


def _difference_with_dropout(subject: Subject, length: int) -> float:
    with with_dropout():
        return _difference(subject, length)


def _difference(subject: Subject, length: int) -> float:
    x = subject.input(2, length)
    y = subject.values(x, seed=1)
    return max(float(relative_difference(subject.values(x, seed=s), y, y).max()) for s in (1, 2))
