"""Elementwise work grows linearly with the length."""

from __future__ import annotations

from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.subject import Subject

TEST = "element exponent"
LIMIT = 1.15


def check_element_exponent(subject: Subject) -> list[Finding]:
    """Sum over operators of the elements each one produces; sees masks, gathers and sorts that have no FLOPs."""
    scaling = subject.scaling
    exponent = scaling.exponent(lambda count: count.elements)
    lengths = f"from T={scaling.length} to {2 * scaling.length}"
    if exponent <= LIMIT:
        return [passed(TEST, "hard", exponent, LIMIT, f"T^{exponent:.2f} {lengths}")]
    message = (
        f"the elements computed grow as T^{exponent:.2f} {lengths} (limit T^{LIMIT:g}). Something of the size T x T is "
        f"built (the largest tensor: {scaling.long.largest}): a mask, a gather index, a decay matrix or a window that "
        "grows with T; work in chunks of fixed size."
    )
    return [failed(TEST, "hard", exponent, LIMIT, f"B=1 T={2 * scaling.length}", message)]
