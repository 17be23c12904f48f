"""Elementwise work grows linearly with the length."""

from __future__ import annotations

from trainer.accounting.operations import OperationCount
from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.subject import Subject

TEST = "element exponent"
LIMIT = 1.15


def check_element_exponent(subject: Subject) -> list[Finding]:
    """Sum over operators of the elements each one produces; sees masks, gathers and sorts that have no FLOPs."""
    scaling = subject.scaling
    exponent, limit = scaling.exponent(_elements), scaling.limit(_elements, LIMIT)
    lengths = f"from T={scaling.length} to {2 * scaling.length}"
    if exponent <= limit:
        note = ", as T log T does" if exponent > LIMIT else ""
        return [passed(TEST, "hard", exponent, limit, f"T^{exponent:.3g} {lengths}{note}")]
    message = (
        f"the elements computed grow as T^{exponent:.3g} {lengths} "
        f"(limit T^{limit:.3g}), faster than T log T or faster "
        f"with every doubling. The largest tensor: {scaling.long.largest}. Look for a mask, a gather index or a decay "
        "matrix of all pairs, and for a window or a number of steps that grows with T; work in chunks of fixed size."
    )
    return [failed(TEST, "hard", exponent, limit, f"B=1 T={2 * scaling.length}", message)]


def _elements(count: OperationCount) -> float:
    return count.elements
