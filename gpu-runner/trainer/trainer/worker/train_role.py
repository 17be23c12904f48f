"""The train worker: trains every task of the suite and hands the weights to the scorer."""

from __future__ import annotations

import functools
from collections.abc import Callable

import torch
from torch import nn

from trainer.accounting.flops_per_token import flops_per_token
from trainer.initialisation.fixed_draws_message import fixed_draws_message
from trainer.model.construct_mixer import construct_mixer
from trainer.protocol.frames import Frame
from trainer.protocol.import_seed import import_seed
from trainer.suites.streams import training_stream
from trainer.suites.suite import Suite, TaskPlan
from trainer.worker.channel import Channel
from trainer.worker.construct_model import construct
from trainer.worker.draws_measurement import fixed_draws_within
from trainer.worker.program import describe, load_mixer
from trainer.worker.setup import accept_job
from trainer.worker.state_measurement import state_size_within
from trainer.worker.training_loop import train
from trainer.worker.weights import weights_of

STATE_CPU_SECONDS, DRAWS_CPU_SECONDS = 3.0, 1.0


def run_train_worker(channel: Channel, frame: Frame) -> None:
    """Speaks: hello, then for each task: task, metric..., weights; at the end: done."""
    job = accept_job(channel, frame)

    def warn(text: str) -> None:
        channel.send({"type": "log", "level": "warn", "text": text})

    mixer: type[nn.Module] | None = None
    for plan in job.suite.plans:
        channel.send({"type": "task", "task": plan.task.name})
        # Anew: what the program keeps in its globals must not bring one task's training into the next.
        mixer = load_mixer(job.source, job.device.type, import_seed(plan.task.name, job.seed))
        model = construct(mixer, job, plan)
        batches = training_stream(plan.task, job.seed)

        def report(step: int, loss: float, norm: float, rate: float, plan: TaskPlan = plan) -> None:
            values = {"loss": loss, "gradientNorm": norm, "learningRate": rate}
            channel.send({"type": "metric", "task": plan.task.name, "step": step, "values": values})

        final_loss = train(model, plan, batches, job.device, report, warn)
        channel.send(
            {"type": "weights", "task": plan.task.name, "claimedFinalTrainLoss": final_loss}, weights_of(model)
        )
    peak = torch.cuda.max_memory_allocated() if job.device.type == "cuda" else 0
    assert mixer is not None, "a suite has tasks"
    build = functools.partial(construct_mixer, mixer, layer_idx=0, n_layers=1)  # as the certificate measures it
    flops = _flops_per_token(build, job.suite, warn)
    state = state_size_within(STATE_CPU_SECONDS, build, job.suite.d_model, job.suite.n_heads)
    # Last, because every construction is a chance for a program to count them.
    fixed = fixed_draws_within(DRAWS_CPU_SECONDS, mixer, job.suite.d_model, job.suite.n_heads)
    if fixed:
        warn(fixed_draws_message(fixed))
    channel.send({"type": "done", "acceleratorPeakBytes": peak, "flopsPerToken": flops, "stateSize": state})


def _flops_per_token(build: Callable[..., nn.Module], suite: Suite, warn: Callable[[str], None]) -> float:
    """0 where they cannot be counted: what has been trained by then must not be lost for a figure."""
    try:
        return flops_per_token(build(suite.d_model, suite.n_heads), suite.d_model)
    except Exception as error:
        warn(f"The operations per token are not measured (0): counting them raised {describe(error)}.")
        return 0.0
