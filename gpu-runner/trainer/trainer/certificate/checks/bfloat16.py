"""Causality, prefixes and rows again under bfloat16 autocast, as on an accelerator; only small sizes."""

from __future__ import annotations

import dataclasses

from trainer.certificate.checks.batch_independence import batch_difference
from trainer.certificate.checks.causality_by_values import leak_of
from trainer.certificate.checks.prefix_consistency import prefix_difference
from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.subject import Subject
from trainer.worker.program import describe, is_out_of_memory

RUNS, CAUSALITY, BATCH, PREFIX = "bfloat16", "bfloat16 causality", "bfloat16 batch", "bfloat16 prefix"
CAUSALITY_LIMIT, ROUNDING_LIMIT, PREFIX_LIMIT = 1e-3, 0.15, 5e-2
_STARTS = (1, 33, 64, 80)


def check_bfloat16(subject: Subject) -> list[Finding]:
    """Soft: that it runs, and its prefixes (a program that passed in fp32 and not here loses precision, it does not
    read the length). Hard: what keeps shapes and must be exact, the future and the other rows.

    A causal FFT has a residue of rounding in fp32, which flips last places of bfloat16, 1/256 of
    the largest value and up to 0.04 of the mean: it gets the limit 0.15. So does a state before a chunk that is taken
    as the one behind it less the chunk.
    """
    low = dataclasses.replace(subject, bfloat16=True)
    length = subject.length
    where = f"B=2 T={length}, bfloat16 autocast"
    try:
        if not bool(low.values(low.input(2, length)).isfinite().all()):
            return [failed(RUNS, "soft", 1.0, 0.0, where, f"the output is not finite. {_ADVICE}")]
    except Exception as error:
        if is_out_of_memory(error):
            raise
        return [failed(RUNS, "soft", 1.0, 0.0, where, f"the program raised {describe(error)}. {_ADVICE}")]
    single = leak_of(subject, length, _STARTS, training=False)[0]
    limit = low.limit(CAUSALITY_LIMIT if single == 0 else ROUNDING_LIMIT, training=False)
    leak, start, position = leak_of(low, length, _STARTS, training=False)
    rows, _ = batch_difference(low, length, training=False, same_shape=True)
    prefix, cut, at = prefix_difference(low, length, (1, 32, 33, 65), training=False)
    return [
        passed(RUNS, "soft", 0.0, 0.0, "runs under autocast"),
        _judged(
            CAUSALITY,
            leak,
            limit,
            where,
            f"replacing the inputs from position {start} on changes the output at position {position} by {leak:.3g} of "
            f"the mean size (limit {limit:g}), in bfloat16 only: the program takes another path there, or what cancels "
            "in float32 does not. Do not branch on dtype or autocast, and subtract nothing again that was summed over "
            "the future.",
        ),
        _judged(
            BATCH,
            rows,
            limit,
            where,
            f"changing the other rows changes a row by {rows:.3g} of the mean size (limit {limit:g}), in bfloat16 "
            "only. Do not branch on dtype or autocast.",
        ),
        _judged(
            PREFIX,
            prefix,
            low.limit(PREFIX_LIMIT, training=False),
            where,
            f"the first {cut} positions alone give another output at position {at}, by {prefix:.3g} of the mean size "
            f"(limit {PREFIX_LIMIT:g}), in bfloat16 only: it loses precision. {_ADVICE}",
        ),
    ]


_ADVICE = (
    "Keep gates, decays, cumulative sums, states and solves in float32 (x.float() inside "
    "torch.autocast(x.device.type, enabled=False)) and cast the result back."
)


def _judged(test: str, measured: float, limit: float, where: str, message: str) -> Finding:
    kind = "soft" if test == PREFIX else "hard"
    if measured <= limit:
        return passed(test, kind, measured, limit, "as in fp32")
    return failed(test, kind, measured, limit, where, message)
