"""Step counters and schedules: what training mode advances from call to call. Reported, not confused with a leak.

What evaluation then lacks, because it is in no persistent buffer, is a soft finding. A look at the future that opens
with the calls is a hard one.
"""

from __future__ import annotations

import dataclasses

import torch
from torch import Tensor, nn

from trainer.certificate.checks.causality_by_values import check_causality_by_values
from trainer.certificate.checks.state_hygiene import changed_names, left_behind, module_state
from trainer.certificate.finding import Finding, failed, reported
from trainer.certificate.first_output import first_output
from trainer.certificate.program_globals import restored_globals
from trainer.certificate.relative import relative_difference
from trainer.certificate.subject import Subject
from trainer.seed_everything import seed_everything
from trainer.worker.program import is_out_of_memory, raise_if_not_the_programs

TEST = "schedules"
CALLS = 20
LIMIT = 1e-3  # of the mean size: more than rounding


def check_schedules(subject: Subject) -> list[Finding]:
    """Calls one module 20 times in training mode, on the same input with the same seed. Nothing changes: no finding.

    The tests of content call a new copy each time, so a schedule cannot look like a leak to them.
    """
    module = subject.fresh().train()
    x = subject.input(2, subject.length)
    outputs = []
    with torch.no_grad(), restored_globals():
        before = module_state(module)
        for _ in range(CALLS):
            seed_everything(1)
            outputs.append(first_output(module(x.clone())).clone())
        changed = changed_names(before, module_state(module))
    if not changed:
        return []
    opened = _opened_by_calls(subject, x)
    if opened is not None:
        return [opened]
    difference = float(relative_difference(outputs[-1], outputs[0], outputs[0]).max())
    kept = {f"self.{name}" for name in module.state_dict()}
    lost = [name for name in changed if name not in kept]
    missed = _missed_by_evaluation(subject, module, x) if lost else 0.0
    # What eval mode changes too is no schedule, and the test of state hygiene names it.
    if missed > LIMIT and not left_behind(subject, subject.length):
        message = (
            f"what training leaves in {', '.join(lost[:4])} is lost before scoring, where a fresh copy of the program "
            f"gets its parameters and persistent buffers: after {CALLS} calls in training mode its output in eval mode "
            f"differs from that of the trained copy by {missed:.3g} of the mean size. Keep it in a persistent buffer."
        )
        return [failed(TEST, "soft", missed, LIMIT, f"B=2 T={subject.length}", message)]
    message = (
        f"{', '.join(changed[:4])} change with calls in training mode; after {CALLS} calls the same input gives "
        f"an output that differs by {difference:.3g} of the mean size. Evaluation sees what training left in "
        "parameters and persistent buffers, and the initial value of all else."
    )
    return [reported(TEST, difference, None, message)]


def _opened_by_calls(subject: Subject, x: Tensor) -> Finding | None:
    """The finding of a look at the future after as many calls, where outputs in either mode have changed by them."""
    later = dataclasses.replace(subject, called=(CALLS, subject.length))
    try:
        if all(torch.equal(subject.values(x, training=t), later.values(x, training=t)) for t in (False, True)):
            return None
        (causality,) = check_causality_by_values(later)
    except Exception as error:  # what was kept of one shape may fit no other, which no training gives it
        raise_if_not_the_programs(error)
        if is_out_of_memory(error):
            raise
        return None
    if causality.status != "fail" or check_causality_by_values(subject)[0].status == "fail":
        return None
    message = (
        f"a look at the future opens with calls in training mode, which advance a counter or a schedule: after {CALLS} "
        f"of them, {causality.message.partition(': ')[2]}"
    )
    where = f"{causality.smallest_input}, after {CALLS} calls in training mode"
    return failed(TEST, "hard", causality.measured, causality.threshold, where, message)


def _missed_by_evaluation(subject: Subject, trained: nn.Module, x: Tensor) -> float:
    """How much the trained module differs in eval mode from a fresh one that is given what evaluation is given."""
    fresh = subject.fresh()
    with torch.no_grad(), restored_globals():
        try:
            fresh.load_state_dict(trained.state_dict())
        except RuntimeError:  # buffers that change their shape end the training itself, with a message of their own
            return 0.0
        seen = []
        for module in (trained.eval(), fresh.eval()):
            seed_everything(1)
            seen.append(first_output(module(x.clone())))
    return float(relative_difference(seen[1], seen[0], seen[0]).max())
