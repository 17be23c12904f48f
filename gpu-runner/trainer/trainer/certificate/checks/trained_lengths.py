"""A program that keeps every token is no attention over all pairs at the lengths that are trained and scored."""

from __future__ import annotations

import math

from trainer.certificate.checks import element_exponent
from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.scaling import log_linear
from trainer.certificate.subject import Subject
from trainer.suites.batch_shapes import batch_shapes
from trainer.suites.registry import SUITES

TEST = "trained lengths"
LONGEST = max(shape.length for suite in SUITES.values() for shape in batch_shapes(suite))


def check_trained_lengths(subject: Subject) -> list[Finding]:
    """A window wider than the sequences is linear at T=2048, and softmax attention where it counts. Chunks as wide are
    not: they have a state, and a filter as long has no elements for pairs."""
    length = max(LONGEST, *(shape.length for shape in subject.shapes)) // 2
    limit = log_linear(length)
    if not subject.state.keeps_tokens:
        return [passed(TEST, "soft", 0.0, limit, "no more is kept than a state of fixed size, as far as was measured")]
    if element_exponent.check_element_exponent(subject)[0].status == "fail":
        return []
    exponent = max(_exponent(subject, length, training) for training in (True, False))
    if exponent <= limit:
        return [passed(TEST, "soft", exponent, limit, f"elements grow as T^{exponent:.3g} up to T={2 * length}")]
    message = (
        f"the state is not told ({subject.state.reason}), and the elements computed grow as T^{exponent:.3g} from "
        f"T={length} to {2 * length}, the longest sequences that are trained and scored: there it is attention over "
        "all pairs, whatever it is in longer ones. Make the window several times shorter, or keep a state of fixed "
        "size."
    )
    return [failed(TEST, "soft", exponent, limit, f"B=1 T={2 * length}", message)]


def _exponent(subject: Subject, length: int, training: bool) -> float:
    short, long = (subject.count(size, training=training).elements for size in (length, 2 * length))
    return math.log2(max(1, long) / max(1, short))
