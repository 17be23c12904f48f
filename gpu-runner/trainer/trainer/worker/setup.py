"""What every worker does first."""

from __future__ import annotations

import gc
import platform
from dataclasses import dataclass

import torch

from trainer.mixers.registry import builtin_class
from trainer.protocol.frames import Frame
from trainer.suites.registry import SUITES
from trainer.suites.suite import Suite
from trainer.worker.channel import Channel
from trainer.worker.device import prepare_device


@dataclass(frozen=True)
class WorkerJob:
    """What the scorer asked this worker for."""

    suite: Suite
    seed: int
    device: torch.device
    source: str
    parameter_budget: float | None
    full: bool
    probe: dict[str, str] | None


def accept_job(channel: Channel, frame: Frame) -> WorkerJob:
    """Answers the job with `hello`, before the candidate is loaded: `hello` is the trainer's own word."""
    header = frame.header
    suite = SUITES[header["suite"]]
    device = prepare_device(header["device"])
    with torch.device("meta"):
        reference = builtin_class("delta-net")(suite.d_model, suite.n_heads)
    gc.freeze()  # torch's own objects are never garbage: keep the collector from walking them again and again
    channel.send(
        {
            "type": "hello",
            "torch": torch.__version__,
            "python": platform.python_version(),
            "device": str(device),
            "referenceParameters": sum(parameter.numel() for parameter in reference.parameters()),
        }
    )
    return WorkerJob(
        suite=suite,
        seed=header["seed"],
        device=device,
        source=header["source"],
        parameter_budget=header["parameterBudget"],
        full=header["full"],
        probe=header["probe"],
    )
