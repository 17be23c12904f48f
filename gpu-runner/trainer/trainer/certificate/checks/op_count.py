"""Operators per call do not grow with the length: a loop over tokens in Python starves an accelerator."""

from __future__ import annotations

from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.scaling import Growth
from trainer.certificate.subject import Subject

TEST = "op count"
LIMIT = 20_000
LENGTH = 2048


def check_op_count(subject: Subject) -> list[Finding]:
    """Operators at T=2048, carried on linearly where only shorter sequences were counted. A recurrent layer of torch is
    one: its loop is a kernel's."""
    (count, slope), growth = max(
        ((_operators(mode), mode) for mode in subject.scaling.modes), key=lambda found: found[0]
    )
    text = f"{count} operators at T={LENGTH}, {slope:.2g} more per token"
    if count <= LIMIT:
        return [passed(TEST, "soft", count, LIMIT, text)]
    message = (
        f"{text} (limit {LIMIT}): a loop over tokens in Python. It trains on a CPU, slowly, and an accelerator would "
        "wait for it; compute chunks of 32 to 64 tokens at once and loop over chunks only."
    )
    return [failed(TEST, "soft", count, LIMIT, f"B={growth.rows} T={LENGTH}", message)]


def _operators(growth: Growth) -> tuple[int, float]:
    """At LENGTH, and per token."""
    slope = (growth.long.operators - growth.short.operators) / growth.length
    return round(growth.long.operators + slope * (LENGTH - 2 * growth.length)), slope
