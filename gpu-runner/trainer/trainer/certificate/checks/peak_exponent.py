"""Memory grows linearly with the length, or as T log T."""

from __future__ import annotations

from trainer.accounting.operations import OperationCount
from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.subject import Subject

TEST = "peak tensor exponent"
LIMIT = 1.10


def check_peak_exponent(subject: Subject) -> list[Finding]:
    """The larger of two exponents: largest result of one operator, and all elements saved for the backward pass.

    What is saved may grow as T log T: a scan of log T levels keeps each of them. No single tensor may.
    """
    scaling = subject.scaling
    largest, saved = scaling.exponent(_largest), scaling.exponent(_saved)
    saved_limit = scaling.limit(_saved, LIMIT)
    lengths = f"from T={scaling.length} to {2 * scaling.length}"
    where = f"B=1 T={2 * scaling.length}"
    if largest > LIMIT:
        message = (
            f"the largest tensor ({scaling.long.largest}) grows as T^{largest:.3g} {lengths} (limit T^{LIMIT:g}); keep "
            "a state and chunks of fixed size, and build nothing for all pairs of positions."
        )
        return [failed(TEST, "hard", largest, LIMIT, where, message)]
    if saved > saved_limit:
        message = (
            f"what is saved for the backward pass grows as T^{saved:.3g} {lengths} (limit T^{saved_limit:.3g}), though "
            f"no single tensor does (the largest: {scaling.long.largest}): a number of copies, windows or levels that "
            "grows faster than log T. Keep a state and chunks of fixed size."
        )
        return [failed(TEST, "hard", saved, saved_limit, where, message)]
    note = ", as T log T does" if saved > LIMIT else ""
    worst, limit = max((largest, LIMIT), (saved, saved_limit))
    return [passed(TEST, "hard", worst, limit, f"T^{worst:.3g} {lengths}{note}")]


def _largest(count: OperationCount) -> float:
    return count.peak_elements


def _saved(count: OperationCount) -> float:
    return count.saved_elements
