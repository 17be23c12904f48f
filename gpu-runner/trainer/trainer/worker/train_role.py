"""The train worker: trains every task of the suite and hands the weights to the scorer."""

from __future__ import annotations

import torch

from trainer.accounting.flops_per_token import flops_per_token
from trainer.model.build_model import build_model
from trainer.model.sequence_model import SequenceModel
from trainer.protocol.failure import JobFailure
from trainer.protocol.frames import Frame
from trainer.suites.streams import training_stream
from trainer.suites.suite import TaskPlan
from trainer.worker.channel import Channel
from trainer.worker.program import describe, is_out_of_memory, load_mixer
from trainer.worker.setup import WorkerJob, accept_job
from trainer.worker.state_measurement import state_size_within
from trainer.worker.training_loop import train
from trainer.worker.weights import weights_of

STATE_CPU_SECONDS = 3.0


def run_train_worker(channel: Channel, frame: Frame) -> None:
    """Speaks: hello, then for each task: task, metric..., weights; at the end: done."""
    job = accept_job(channel, frame)
    mixer = load_mixer(job.source, job.device.type)
    for plan in job.suite.plans:
        channel.send({"type": "task", "task": plan.task.name})
        model = construct(mixer, job, plan)
        batches = training_stream(plan.task, job.seed)

        def report(step: int, loss: float, norm: float, rate: float, plan: TaskPlan = plan) -> None:
            values = {"loss": loss, "gradientNorm": norm, "learningRate": rate}
            channel.send({"type": "metric", "task": plan.task.name, "step": step, "values": values})

        def warn(text: str) -> None:
            channel.send({"type": "log", "level": "warn", "text": text})

        final_loss = train(model, plan, batches, job.device, report, warn)
        channel.send(
            {"type": "weights", "task": plan.task.name, "claimedFinalTrainLoss": final_loss}, weights_of(model)
        )
    peak = torch.cuda.max_memory_allocated() if job.device.type == "cuda" else 0
    flops = flops_per_token(mixer(job.suite.d_model, job.suite.n_heads), job.suite.d_model)
    state = state_size_within(STATE_CPU_SECONDS, mixer, job.suite.d_model, job.suite.n_heads)
    channel.send({"type": "done", "acceleratorPeakBytes": peak, "flopsPerToken": flops, "stateSize": state})


def construct(mixer: type[torch.nn.Module], job: WorkerJob, plan: TaskPlan) -> SequenceModel:
    """Builds a task's model around the candidate.

    Raises:
        JobFailure: `program-invalid`, when Mixer cannot be constructed as the interface says.
    """
    try:
        return build_model(mixer, job.suite, plan, job.seed, job.device)
    except Exception as error:
        if is_out_of_memory(error):
            raise
        raise JobFailure(
            "program-invalid",
            f"Mixer({job.suite.d_model}, {job.suite.n_heads}, layer_idx=0, n_layers={plan.layers}) cannot be "
            f"constructed: {describe(error)}.",
        ) from error
