"""Floating-point operations grow linearly with the length."""

from __future__ import annotations

from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.subject import Subject

TEST = "FLOP exponent"
LIMIT = 1.10


def check_flop_exponent(subject: Subject) -> list[Finding]:
    """Attention kernels are counted in their decomposed form."""
    scaling = subject.scaling
    exponent = scaling.exponent(lambda count: count.flops)
    lengths = f"from T={scaling.length} to {2 * scaling.length}"
    if exponent <= LIMIT:
        return [passed(TEST, "hard", exponent, LIMIT, f"T^{exponent:.2f} {lengths}")]
    message = (
        f"operations grow as T^{exponent:.2f} {lengths} (limit T^{LIMIT:g}): the mixer is quadratic in part "
        f"(its largest tensor: {scaling.long.largest}). Replace products of all pairs of positions by a state or by "
        "chunks of fixed size."
    )
    return [failed(TEST, "hard", exponent, LIMIT, f"B=1 T={2 * scaling.length}", message)]
