"""Floating-point operations grow linearly with the length."""

from __future__ import annotations

from trainer.accounting.operations import OperationCount
from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.subject import Subject

TEST = "FLOP exponent"
LIMIT = 1.10


def check_flop_exponent(subject: Subject) -> list[Finding]:
    """Attention kernels are counted in their decomposed form."""
    growth = subject.scaling.worst(_flops, LIMIT)
    exponent, limit = growth.exponent(_flops), growth.limit(_flops, LIMIT)
    if exponent <= limit:
        note = ", as T log T does" if exponent > LIMIT else ""
        return [passed(TEST, "hard", exponent, limit, f"T^{exponent:.3g} {growth.lengths}{note}")]
    message = (
        f"operations grow as T^{exponent:.3g} {growth.lengths} (limit T^{limit:.3g}), faster than T log T or faster "
        f"with every doubling: the mixer is quadratic in part. What grows most is "
        f"{growth.grows_most(lambda call: call.flops)}. Replace products "
        "of all pairs of positions by a state or by chunks of fixed size."
    )
    return [failed(TEST, "hard", exponent, limit, growth.where, message)]


def _flops(count: OperationCount) -> float:
    return count.flops
