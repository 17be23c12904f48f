"""Decoding token by token with the program's own state equals the parallel form, where a program offers a state."""

from __future__ import annotations

import inspect

import torch

from trainer.accounting.parameters import tensors_in
from trainer.certificate.finding import Finding, reported
from trainer.certificate.program_globals import restored_globals
from trainer.certificate.relative import largest_by_position
from trainer.certificate.subject import Subject
from trainer.seed_everything import seed_everything
from trainer.worker.program import describe, is_out_of_memory

TEST = "decode consistency"
LIMIT = 1e-4


def check_decode_consistency(subject: Subject) -> list[Finding]:
    """Calls forward(x, state=...) -> (y, {"state": ...}) on one token after the other. No finding without a state."""
    if "state" not in inspect.signature(subject.fresh().forward).parameters:
        return []
    x, state, steps = subject.input(1, subject.length), None, []
    parallel = subject.values(x)
    module = subject.fresh().eval()
    try:
        with torch.no_grad(), restored_globals():
            seed_everything(1)
            for token in x.split(1, 1):
                y, extras = module(token, state=state)
                state = extras["state"]
                steps.append(y)
    except Exception as error:
        if is_out_of_memory(error):
            raise
        message = f"decoding with state raised {describe(error)}; return (y, {{'state': ...}}) to offer decoding."
        return [reported(TEST, 1.0, LIMIT, message)]
    difference, position = largest_by_position(torch.cat(steps, 1), parallel, parallel)
    held = sum(tensor.numel() for tensor in tensors_in(state))
    verdict = "agrees with" if difference <= LIMIT else f"differs at position {position} from"
    message = (
        f"step by step it {verdict} the parallel form ({difference:.3g} of the mean size), with a state of {held}."
    )
    return [reported(TEST, difference, LIMIT, message)]
