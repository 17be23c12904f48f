"""Noise that no seed controls: of `numpy.random.default_rng()` in a call, of the system, of the clock."""

from __future__ import annotations

import dataclasses

from trainer.certificate.finding import Finding
from trainer.certificate.relative import relative_difference
from trainer.certificate.subject import CannotRunError, Subject

# What meets one row in fifty is missed once in thirty thousand times, one call in twenty once in 25.
_ROWS, _CALLS = 8, 64

SEEDED_NOISE = "Draw noise from torch's own generator, and not without a seed (secrets, clocks, numpy's default_rng())."


def told_as_unseeded(findings: list[Finding], subject: Subject) -> list[Finding]:
    """Findings of a test that comes to others when it is made again. Where equal calls, seeded alike, differ, what
    failed may be noise or a leak, which cannot be told apart; so it has failed, and its message says what to change."""
    try:
        largest = max(_largest_difference(subject, training=training) for training in (False, True))
    except CannotRunError:
        return findings
    if largest == 0:
        return findings
    note = (
        f" But equal calls, seeded alike, differ by up to {largest:.3g} of the mean size, and this comes out otherwise "
        f"when it is looked for again: it may be noise, which nobody can tell from a leak. {SEEDED_NOISE}"
    )
    return [
        dataclasses.replace(finding, message=finding.message + note) if finding.status == "fail" else finding
        for finding in findings
    ]


def _largest_difference(subject: Subject, *, training: bool) -> float:
    x = subject.input(_ROWS, subject.length)
    before, largest = subject.values(x, training=training), 0.0
    for _ in range(_CALLS):
        y = subject.values(x, training=training)
        for one, other in ((before, y), (y, before)):  # either may be nothing, where the noise leaves a path out
            largest = max(largest, float(relative_difference(one, other, other).max()))
        before = y
    return largest
