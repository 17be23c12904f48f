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
    growth = max(subject.scaling.modes, key=lambda growth: growth.exponent(_largest))
    largest = growth.exponent(_largest)
    if largest > LIMIT:
        message = (
            f"the largest tensor ({growth.long.largest}) grows as T^{largest:.3g} {growth.lengths} "
            f"(limit T^{LIMIT:g}); keep a state and chunks of fixed size, and build nothing for all pairs of positions."
        )
        return [failed(TEST, "hard", largest, LIMIT, growth.where, message)]
    trained = subject.scaling.training  # nothing is saved in eval mode
    saved, saved_limit = trained.exponent(_saved), trained.limit(_saved, LIMIT)
    if saved > saved_limit:
        message = (
            f"what is saved for the backward pass grows as T^{saved:.3g} {trained.lengths} (limit "
            f"T^{saved_limit:.3g}), though no single tensor does (the largest: {trained.long.largest}): a number of "
            "copies, windows or levels that grows faster than log T. Keep a state and chunks of fixed size."
        )
        return [failed(TEST, "hard", saved, saved_limit, trained.where, message)]
    note = ", as T log T does" if saved > LIMIT else ""
    worst, limit, lengths = max((largest, LIMIT, growth.lengths), (saved, saved_limit, trained.lengths))
    return [passed(TEST, "hard", worst, limit, f"T^{worst:.3g} {lengths}{note}")]


def _largest(count: OperationCount) -> float:
    return count.peak_elements


def _saved(count: OperationCount) -> float:
    return count.saved_elements
