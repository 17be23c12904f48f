"""Evaluates trained weights in a fresh worker that never sees a label."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from trainer.protocol.failure import JobFailure
from trainer.protocol.frames import encode_frame
from trainer.scorer.checked import Conversation
from trainer.scorer.score import RawScore, answer_positions, join, raw_score
from trainer.scorer.training import TrainedTask, weights_frame
from trainer.scorer.worker_pool import WorkerPool
from trainer.suites.batch_shapes import ROWS_PER_BATCH
from trainer.suites.streams import held_out_stream
from trainer.suites.suite import TaskPlan
from trainer.tasks.task import Batch


def evaluate_task(pool: WorkerPool, conversation: Conversation, trained: TrainedTask, evaluation_seed: str) -> RawScore:
    """Sends every held-out sequence once and scores the answers.

    Raises:
        JobFailure: `bad-frame` for a wrong length, `diverged` for logits that are not finite, and the worker's own.
    """
    plan = trained.plan
    pool.send(conversation.worker, weights_frame(plan, trained.weights))
    parts = []
    for batch in held_out_batches(plan, evaluation_seed):
        positions = answer_positions(batch.targets)
        logits = ask_logits(pool, conversation, plan.task.name, plan.task.classes, batch.inputs, positions)
        parts.append(raw_score(logits, batch.targets))
    return join(parts)


def held_out_batches(plan: TaskPlan, evaluation_seed: str) -> Iterator[Batch]:
    """The held-out sequences of a task in the batches in which they are sent."""
    draw = held_out_stream(plan.task, evaluation_seed)
    remaining = plan.held_out_sequences
    while remaining > 0:
        yield draw(min(ROWS_PER_BATCH, remaining))
        remaining -= ROWS_PER_BATCH


def ask_logits(
    pool: WorkerPool, conversation: Conversation, task: str, classes: int, inputs: np.ndarray, positions: np.ndarray
) -> np.ndarray:
    """The worker's logits [K,classes] for inputs [B,T] at flat positions [K]. Raises as `read_logits`."""
    send_batch(pool, conversation, inputs, positions)
    return read_logits(conversation, task, classes, positions)


def send_batch(pool: WorkerPool, conversation: Conversation, inputs: np.ndarray, positions: np.ndarray) -> None:
    """Asks for the logits at flat positions [K] of inputs [B,T]."""
    pool.send(conversation.worker, encode_frame({"type": "batch"}, {"inputs": inputs, "positions": positions}))


def read_logits(conversation: Conversation, task: str, classes: int, positions: np.ndarray) -> np.ndarray:
    """The answer: float32 [K,classes], checked for shape and finiteness.

    Raises:
        JobFailure: `bad-frame` for another shape, `diverged` for what is not finite, and the worker's own.
    """
    arrays = conversation.arrays(conversation.next("logits"))
    logits = arrays.get("logits")
    if logits is None or len(arrays) != 1 or logits.dtype != np.float32 or logits.shape != (len(positions), classes):
        raise conversation.broken(f"its answer is not {len(positions)} x {classes} float32 logits")
    if not np.isfinite(logits).all():
        raise JobFailure(
            "diverged",
            f"On held-out {task} sequences the trained program returns NaN or infinity in evaluation mode; guard "
            "divisions, logarithms and exponentials.",
        )
    return logits
