"""Step counters and schedules: what training mode advances from call to call. Reported, not confused with a leak."""

from __future__ import annotations

import torch

from trainer.certificate.checks.state_hygiene import changed_names, module_state
from trainer.certificate.finding import Finding, reported
from trainer.certificate.program_globals import restored_globals, seed_everything
from trainer.certificate.relative import relative_difference
from trainer.certificate.subject import Subject, first_output

TEST = "schedules"
CALLS = 20


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
    difference = float(relative_difference(outputs[-1], outputs[0], outputs[0]).max())
    message = (
        f"{', '.join(changed[:4])} change with every call in training mode; after {CALLS} calls the same input gives "
        f"an output that differs by {difference:.3g} of the mean size. Evaluation sees what training left in buffers, "
        "and the initial value of plain attributes."
    )
    return [reported(TEST, difference, None, message)]
