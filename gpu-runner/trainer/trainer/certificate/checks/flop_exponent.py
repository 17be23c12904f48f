"""Floating-point operations grow linearly with the length."""

from __future__ import annotations

from trainer.accounting.operations import OperationCount
from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.subject import Subject

TEST = "FLOP exponent"
LIMIT = 1.10


def check_flop_exponent(subject: Subject) -> list[Finding]:
    """Attention kernels are counted in their decomposed form."""
    scaling = subject.scaling
    exponent, limit = scaling.exponent(_flops), scaling.limit(_flops, LIMIT)
    lengths = f"from T={scaling.length} to {2 * scaling.length}"
    if exponent <= limit:
        note = ", as T log T does" if exponent > LIMIT else ""
        return [passed(TEST, "hard", exponent, limit, f"T^{exponent:.3g} {lengths}{note}")]
    message = (
        f"operations grow as T^{exponent:.3g} {lengths} (limit T^{limit:.3g}), faster than T log T or faster with "
        f"every doubling: the mixer is quadratic in part "
        f"(its largest tensor: {scaling.long.largest}). Replace products "
        "of all pairs of positions by a state or by chunks of fixed size."
    )
    return [failed(TEST, "hard", exponent, limit, f"B=1 T={2 * scaling.length}", message)]


def _flops(count: OperationCount) -> float:
    return count.flops
