"""Elementwise work grows linearly with the length."""

from __future__ import annotations

from trainer.accounting.operations import OperationCount
from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.subject import Subject

TEST = "element exponent"
LIMIT = 1.15


def check_element_exponent(subject: Subject) -> list[Finding]:
    """Sum over operators of the elements each one produces; sees masks, gathers and sorts that have no FLOPs."""
    growth = subject.scaling.worst(_elements, LIMIT)
    exponent, limit = growth.exponent(_elements), growth.limit(_elements, LIMIT)
    if exponent <= limit:
        note = ", as T log T does" if exponent > LIMIT else ""
        return [passed(TEST, "hard", exponent, limit, f"T^{exponent:.3g} {growth.lengths}{note}")]
    message = (
        f"the elements computed grow as T^{exponent:.3g} {growth.lengths} "
        f"(limit T^{limit:.3g}), faster than T log T or faster "
        f"with every doubling. What grows most is {growth.grows_most(lambda call: call.elements)}. Look for a mask, a "
        "gather index or a decay matrix of all pairs, and for a window or a number of steps that grows with T; work in "
        "chunks of fixed size."
    )
    return [failed(TEST, "hard", exponent, limit, growth.where, message)]


def _elements(count: OperationCount) -> float:
    return count.elements
