"""The evaluation worker: a fresh process that gets trained weights and inputs, and answers with logits only."""

from __future__ import annotations

import torch

from trainer.model.sequence_model import SequenceModel
from trainer.protocol.frames import BadFrame, Frame
from trainer.protocol.import_seed import import_seed
from trainer.worker.channel import Channel
from trainer.worker.construct_model import construct
from trainer.worker.device import autocast
from trainer.worker.program import load_mixer
from trainer.worker.setup import accept_job
from trainer.worker.weights import load_weights


def run_evaluation_worker(channel: Channel, frame: Frame) -> None:
    """Speaks: hello; then `logits` for every `batch`, with the model of the latest `weights`; ends with its input."""
    job = accept_job(channel, frame)
    model: SequenceModel | None = None
    while (asked := channel.receive()) is not None:
        if asked.type == "weights":
            # Anew, as it was trained: a task's model must not come from what another one left in the program's globals.
            plan = job.suite.plan(asked.header["task"])
            mixer = load_mixer(job.source, job.device.type, import_seed(plan.task.name, job.seed))
            model = construct(mixer, job, plan)
            load_weights(model, asked.arrays())
            model.eval()
        elif asked.type == "batch" and model is not None:
            arrays = asked.arrays()
            inputs = torch.from_numpy(arrays["inputs"].copy()).to(job.device, torch.int64)
            positions = torch.from_numpy(arrays["positions"].copy()).to(job.device, torch.int64)
            with torch.no_grad(), autocast(job.device):
                hidden, _ = model(inputs)
                logits = model.head(hidden.flatten(0, 1)[positions])
            channel.send({"type": "logits"}, {"logits": logits.float().cpu().numpy()})
        else:
            raise BadFrame(f"an evaluation worker does not understand {asked.type}")
