"""Builds the model of a task around the candidate."""

from __future__ import annotations

import torch

from trainer.model.build_model import build_model
from trainer.model.sequence_model import SequenceModel
from trainer.protocol.failure import JobFailure
from trainer.suites.suite import TaskPlan
from trainer.worker.program import describe, is_out_of_memory
from trainer.worker.setup import WorkerJob


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
