"""Trains one model on one task."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from trainer.model.adamw import AdamW
from trainer.model.schedule import learning_rate_at
from trainer.model.sequence_model import SequenceModel
from trainer.protocol.failure import JobFailure
from trainer.protocol.metric_steps import metric_steps
from trainer.suites.suite import TaskPlan
from trainer.tasks.task import NO_ANSWER, BatchStream
from trainer.worker.device import autocast
from trainer.worker.divergence import DivergenceWatch, is_finite

MAX_AUXILIARY_NATS = 0.1

# step, loss, gradient norm, learning rate
Report = Callable[[int, float, float, float], None]


def train(
    model: SequenceModel,
    plan: TaskPlan,
    batches: BatchStream,
    device: torch.device,
    report: Report,
    warn: Callable[[str], None],
) -> float:
    """Runs the plan's steps and returns the mean training loss (nats per answer) of the last tenth of them.

    Raises:
        JobFailure: `diverged`: losses or gradients that are not finite.
    """
    model.train()
    optimiser = AdamW(model)
    watch = DivergenceWatch()
    reported = metric_steps(plan.steps)
    recent: list[float] = []
    for step in range(1, plan.steps + 1):
        batch = batches(plan.batch_size)
        inputs = torch.from_numpy(batch.inputs).to(device, torch.int64)
        targets = torch.from_numpy(batch.targets).to(device, torch.int64)
        with autocast(device):
            loss, total = _losses(model, inputs, targets)
        total.backward()
        rate = learning_rate_at(step, plan.steps, plan.warm_up_steps, plan.learning_rate)
        norm = float(optimiser.gradient_norm())
        value = float(loss.detach())
        if is_finite(value, norm, float(total.detach())):
            optimiser.step(rate, norm)
            reason = None
            recent.append(value)
        else:
            optimiser.clear_gradients()
            reason = watch.skip(step)
            warn(f"{plan.task.name}: step {step} skipped, its loss or gradient is not finite")
        if step in reported:
            report(step, value, norm, rate)
        if reason:
            raise JobFailure("diverged", f"Training on {plan.task.name} diverged: {reason}.")
    last = recent[-max(1, plan.steps // 10) :]
    return sum(last) / len(last)


def _losses(model: SequenceModel, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """The task's loss, and that plus the auxiliary loss, which is scaled down to at most 0.1 nats."""
    hidden, aux = model(inputs)
    asked = targets != NO_ANSWER
    # Only the rows that are asked for go through the head: on recall tasks most positions are not.
    loss = F.cross_entropy(model.head(hidden[asked]).float(), targets[asked])
    if aux is None:
        return loss, loss
    aux = aux.reshape(()).float()
    return loss, loss + aux * (MAX_AUXILIARY_NATS / aux.detach().abs().clamp(min=MAX_AUXILIARY_NATS))
