"""From the first frame to the worker that it asks for."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from trainer.protocol.frames import BadFrame, Frame
from trainer.worker.channel import Channel

_WORKERS = {
    "train": ("trainer.worker.train_role", "run_train_worker"),
    "evaluate": ("trainer.worker.evaluate_role", "run_evaluation_worker"),
    "certify": ("trainer.worker.certify_role", "run_certification_worker"),
    "probe": ("trainer.worker.probe_role", "run_probe_worker"),
}


def worker_for(frame: Frame | None) -> Callable[[Channel], None]:
    """What runs the job in the frame. Imports the modules of its role alone.

    Raises:
        BadFrame: the frame is no job, or one for a role that no worker has.
    """
    if frame is None or frame.type != "job":
        raise BadFrame("the first frame must be a job")
    role = frame.header.get("role")
    if role not in _WORKERS:
        raise BadFrame(f"no worker has the role {role!r}; choose one of {', '.join(_WORKERS)}")
    module, function = _WORKERS[role]
    run: Callable[[Channel, Frame], None] = getattr(importlib.import_module(module), function)
    return lambda channel: run(channel, frame)
