"""What forward computes is computed by operators of torch in its own thread: nothing else is counted."""

from __future__ import annotations

import time

import torch

from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.program_globals import restored_globals
from trainer.certificate.subject import Subject
from trainer.seed_everything import seed_everything

TEST = "uncounted work"
_SHARE = 0.2  # of a call's CPU time
# Below it the clocks say nothing: that of the process lags by up to a millisecond while a limit on CPU time is set.
_NO_WORK_SECONDS = 5e-3
_ROUNDS = 3


def check_uncounted_work(subject: Subject) -> list[Finding]:
    """Numbers that are taken out of tensors (numpy, lists, pointers), and CPU time of other threads."""
    length = 2 * subject.scaling.length
    taken = max(  # numbers per token
        (mode.long.taken_out - mode.short.taken_out) / mode.length / mode.rows for mode in subject.scaling.modes
    )
    elsewhere = _share_elsewhere(subject, length) if torch.get_default_device().type == "cpu" else 0.0
    problems = []
    if taken >= 1:
        problems.append(f"{taken:.3g} numbers per token are taken out of tensors (numpy, tolist, item, data_ptr)")
    if elsewhere > _SHARE:
        problems.append(f"{100 * elsewhere:.0f} % of its time is spent in other threads")
    if not problems:
        # No share in the finding: it is another one in every run.
        return [passed(TEST, "soft", taken, 1.0, "forward stays in torch and in its own thread")]
    message = (
        f"{' and '.join(problems)} at T={length}: what is computed there is in no count of operations, and may be "
        "quadratic. Compute it with operators of torch, in forward itself."
    )
    measured, limit = (taken, 1.0) if taken >= 1 else (elsewhere, _SHARE)
    return [failed(TEST, "soft", measured, limit, f"B=1 T={length}", message)]


def _share_elsewhere(subject: Subject, length: int) -> float:
    """The smallest share of several calls' CPU time that other threads have; one call is enough where it is small."""
    smallest = 1.0
    for _ in range(_ROUNDS):
        smallest = min(smallest, _share_in_a_call(subject, length))
        if smallest <= _SHARE:
            break
    return smallest


def _share_in_a_call(subject: Subject, length: int) -> float:
    module, x = subject.fresh().eval(), subject.input(1, length)
    subject.last_input = f"B=1 T={length}"
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.no_grad(), restored_globals():
            seed_everything(1)
            all_before, own_before = time.process_time(), time.thread_time()
            module(x)
            everything, own = time.process_time() - all_before, time.thread_time() - own_before
    finally:
        torch.set_num_threads(threads)
    return (everything - own) / everything if everything - own > _NO_WORK_SECONDS else 0.0
