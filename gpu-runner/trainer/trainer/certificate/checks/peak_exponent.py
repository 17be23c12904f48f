"""Memory grows linearly with the length."""

from __future__ import annotations

from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.subject import Subject

TEST = "peak tensor exponent"
LIMIT = 1.10


def check_peak_exponent(subject: Subject) -> list[Finding]:
    """The larger of two exponents: largest result of one operator, and all elements saved for the backward pass."""
    scaling = subject.scaling
    largest = scaling.exponent(lambda count: count.peak_elements)
    saved = scaling.exponent(lambda count: count.saved_elements)
    exponent = max(largest, saved)
    lengths = f"from T={scaling.length} to {2 * scaling.length}"
    if exponent <= LIMIT:
        return [passed(TEST, "hard", exponent, LIMIT, f"T^{exponent:.2f} {lengths}")]
    what = f"the largest tensor ({scaling.long.largest})" if largest >= saved else "what is saved for the backward pass"
    message = (
        f"{what} grows as T^{exponent:.2f} {lengths} (limit T^{LIMIT:g}); keep a state and chunks of fixed "
        "size, no T x T tensor."
    )
    return [failed(TEST, "hard", exponent, LIMIT, f"B=1 T={2 * scaling.length}", message)]
