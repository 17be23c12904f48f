"""The program runs on the device that will train it, and computes there what it computes on the CPU."""

from __future__ import annotations

import dataclasses

import torch
from torch import Tensor, nn

from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.first_output import first_output
from trainer.certificate.program_globals import restored_globals
from trainer.certificate.subject import Subject
from trainer.seed_everything import seed_everything
from trainer.worker.device import new_tensors_on
from trainer.worker.program import describe, is_out_of_memory

TEST = "training device"
LIMIT = 1e-2
BATCH = 2


def check_training_device(subject: Subject, mixer: type[nn.Module], device: str) -> list[Finding]:
    """`mixer` is the subject's program, loaded for `device`.

    Hard: what would end a training in its first step. Soft: another result than the CPU's in float32, by the norm.
    """
    there = dataclasses.replace(subject, mixer=mixer)
    x = subject.input(BATCH, subject.length)
    where = f"B={BATCH} T={subject.length}, {device}"
    try:
        y = _trained_step(there, x, device, subject.fresh())
    except Exception as error:
        if is_out_of_memory(error):
            raise
        message = (
            f"the program raised {describe(error)} on {device}, under bfloat16 autocast: create tensors on x.device, "
            "and cast to float32 what an operation does not take in bfloat16 (torch.fft)."
        )
        return [failed(TEST, "hard", 1.0, 0.0, where, message)]
    if not bool(y.isfinite().all()):
        message = f"the output under bfloat16 autocast on {device} is not finite: keep states and decays in float32."
        return [failed(TEST, "hard", 1.0, 0.0, where, message)]
    expected, found = subject.values(x), _output(there, x, device, subject.fresh())
    difference = float((found - expected).norm() / expected.norm().clamp_min(1e-12))
    if difference > subject.limit(LIMIT, training=False):
        message = (
            f"the output on {device} differs from the CPU's by {difference:.3g} of its norm (limit {LIMIT:g}): the "
            "program takes another path there, or its result hangs on the last bits."
        )
        return [failed(TEST, "soft", difference, LIMIT, where, message)]
    return [passed(TEST, "hard", difference, LIMIT, f"forward and backward on {device}, the CPU's output")]


def _module(subject: Subject, device: str, parameters: nn.Module) -> nn.Module:
    with new_tensors_on(device):
        module = subject.construct().to(device)
    module.load_state_dict(parameters.state_dict())
    return module.eval()


def _trained_step(subject: Subject, x: Tensor, device: str, parameters: nn.Module) -> Tensor:
    """Output of a step as the trainer takes it, after its backward pass."""
    module = _module(subject, device, parameters).train()
    with restored_globals():
        seed_everything(1)
        with torch.autocast(device, torch.bfloat16):
            y = first_output(module(x.to(device)))
        y.float().square().mean().backward()
    return y.detach().float().cpu()


def _output(subject: Subject, x: Tensor, device: str, parameters: nn.Module) -> Tensor:
    module = _module(subject, device, parameters)
    with restored_globals(), torch.no_grad():
        seed_everything(1)
        return first_output(module(x.to(device))).float().cpu()
