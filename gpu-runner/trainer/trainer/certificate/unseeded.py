"""Noise that no seed controls: of `numpy.random.default_rng()` in a call, of the system, of the clock."""

from __future__ import annotations

from trainer.certificate.relative import relative_difference
from trainer.certificate.subject import CannotRunError, Subject

# What meets one row in fifty is missed once in thirty thousand times, one call in twenty once in 25.
_ROWS, _CALLS = 8, 64
_ANYTHING = 0.1  # what leaves a path or a row out may leave nothing to compare with


def allow_for_unseeded_noise(subject: Subject) -> bool:
    """Whether equal calls, seeded alike, differ by noise so rare that it did not show, or not whole, before; then what
    they differ by is no leak from now on. Asked about a program whose leak was another one when looked for again."""
    try:
        uncontrolled = {training: _largest_difference(subject, training=training) for training in (False, True)}
    except CannotRunError:
        return False
    if not any(uncontrolled.values()):
        return False
    subject.allow_for(uncontrolled)
    return True


def _largest_difference(subject: Subject, *, training: bool) -> float:
    x = subject.input(_ROWS, subject.length)
    before, largest = subject.values(x, training=training), 0.0
    for _ in range(_CALLS):
        y = subject.values(x, training=training)
        for one, other in ((before, y), (y, before)):  # either may be nothing, where the noise leaves a path out
            largest = max(largest, float(relative_difference(one, other, other).max()))
        before = y
    return largest if largest < _ANYTHING else float("inf")
