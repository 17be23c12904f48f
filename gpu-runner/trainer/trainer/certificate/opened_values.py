"""What a subject's trainable parameters are where every gate is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from trainer.certificate.batches import PAIR
from trainer.certificate.first_output import first_output
from trainer.certificate.open_gates import open_gates, trainable
from trainer.certificate.program_globals import restored_globals
from trainer.seed_everything import seed_everything
from trainer.worker.program import raise_if_not_the_programs

if TYPE_CHECKING:
    from trainer.certificate.subject import Subject


def opened_values(subject: Subject, length: int) -> list[Tensor]:
    """Values of the trainable parameters with every gate open, found by gradients at `length`."""
    module = subject.built().train()

    def gradients(length: int) -> list[Tensor | None] | None:
        x = subject.input(PAIR, length)
        with torch.enable_grad(), restored_globals():
            seed_everything(1)
            y = first_output(module(x))
            if not bool(y.isfinite().all()):
                return None
            wanted = trainable(module)
            loss = (y * subject.input(*y.shape[:2], seed=9)).sum()
            if not loss.requires_grad:
                return [None for _ in wanted]
            return list(torch.autograd.grad(loss, wanted, allow_unused=True))

    def late_gradients() -> list[Tensor | None] | None:
        try:
            return gradients(subject.with_parameters("initial").longest_length)
        except Exception as error:  # the test of lengths reports it
            raise_if_not_the_programs(error)
            return None

    direction = 1 if subject.parameters == "opened" else -1
    generator = torch.Generator().manual_seed(2 + subject.seed)
    open_gates(module, lambda: gradients(length), late_gradients, generator, direction)
    return [parameter.detach().clone() for parameter in trainable(module)]
