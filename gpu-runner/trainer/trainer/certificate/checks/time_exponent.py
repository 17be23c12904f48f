"""Time grows linearly with the length, also where it is spent outside of torch's operators or in another thread."""

from __future__ import annotations

import math
import time

import torch

from trainer.certificate.checks import element_exponent, flop_exponent, peak_exponent
from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.program_globals import restored_globals, seed_everything
from trainer.certificate.subject import Subject

TEST = "time exponent"
LIMIT = math.log2(3)
_SUSPECT = math.log2(2.6)
_ROUNDS = 3
_COUNTERS = (
    flop_exponent.check_flop_exponent,
    element_exponent.check_element_exponent,
    peak_exponent.check_peak_exponent,
)


def check_time_exponent(subject: Subject) -> list[Finding]:
    """CPU time of forward, all threads together. What operators make quadratic is named by what counts them. One call
    of either length raises a suspicion only: it is tested at twice the length, by the shortest of several calls.
    """
    if torch.get_default_device().type != "cpu" or any(c(subject)[0].status == "fail" for c in _COUNTERS):
        return []
    length = subject.scaling.length
    if _exponent(subject, length, 1) > _SUSPECT and (exponent := _exponent(subject, 2 * length, _ROUNDS)) > LIMIT:
        message = (
            f"CPU time grows as T^{exponent:.3g} from T={2 * length} to {4 * length} (limit T^{LIMIT:.3g}), though the "
            "operators of torch in forward do not: something is computed for all pairs of positions outside of them, "
            "in numpy, in Python or in another thread. Compute it with torch, with a state or in chunks of fixed size."
        )
        return [failed(TEST, "soft", exponent, LIMIT, f"B=1 T={4 * length}", message)]
    # No measured number: it is another one in every run, and a certificate is compared with others.
    return [passed(TEST, "soft", 0.0, LIMIT, f"linear from T={length} to {2 * length}, as far as time tells")]


def _exponent(subject: Subject, length: int, rounds: int) -> float:
    seconds = [[_seconds(subject, size) for size in (length, 2 * length)] for _ in range(rounds)]
    short, long = (min(times) for times in zip(*seconds, strict=True))
    return math.log2(max(long, 1e-9) / max(short, 1e-9))


def _seconds(subject: Subject, length: int) -> float:
    module, x = subject.fresh().eval(), subject.input(1, length)
    subject.last_input = f"B=1 T={length}"
    with torch.no_grad(), restored_globals():
        seed_everything(1)
        started = time.process_time()
        module(x)
        return time.process_time() - started
