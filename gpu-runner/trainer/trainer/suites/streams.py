"""Which stream of a task's data is for training and which is held out."""

from __future__ import annotations

from trainer.protocol.seeds import seed_from
from trainer.tasks.task import BatchStream, Task


def training_stream(task: Task, seed: int) -> BatchStream:
    """Paired: the same replicate seed gives the same batches, in the same order, to every program."""
    return task.stream(seed_from("training-data", task.name, seed))


def held_out_stream(task: Task, evaluation_seed: str) -> BatchStream:
    """Drawn only in the scorer; no worker is ever told the evaluation seed."""
    return task.stream(seed_from("held-out-data", task.name, evaluation_seed))


def audit_stream(task: Task, evaluation_seed: str) -> BatchStream:
    """Rows for the leak audit, apart from the scored ones: an audit repeats its rows, a scored row is sent once."""
    return task.stream(seed_from("audit-data", task.name, evaluation_seed))
