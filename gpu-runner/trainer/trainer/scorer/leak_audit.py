"""Checks on the trained weights that an output does not depend on later tokens or on the sequence's length.

Where the answer is the next token, a program that looks ahead reads its labels from its own input, and no isolation
prevents that. So rows that are not scored are sent three times, in separate calls: as they are, with every token after
a random position replaced, and cut after that position. Up to that position the logits must agree.
"""

from __future__ import annotations

import numpy as np

from trainer.protocol.failure import JobFailure
from trainer.protocol.seeds import seed_from
from trainer.scorer.checked import Conversation
from trainer.scorer.evaluation import ask_logits
from trainer.scorer.worker_pool import WorkerPool
from trainer.suites.streams import audit_stream
from trainer.tasks.task import Task

ROWS = 4
# Largest difference relative to the logits' root mean square: rounding differs with length and chunk order.
TOLERANCE = {"cpu": 0.02, "cuda": 0.3}


def audit_leaks(pool: WorkerPool, conversation: Conversation, task: Task, evaluation_seed: str, device: str) -> None:
    """Audits the model whose weights the worker holds.

    Raises:
        JobFailure: `program-invalid`, naming task, position and size of the difference.
    """
    generator = np.random.Generator(np.random.PCG64(seed_from("audit-cut", task.name, evaluation_seed)))
    inputs = audit_stream(task, evaluation_seed)(ROWS).inputs
    cut = int(generator.integers(task.length // 3, task.length - 1))
    replaced = inputs.copy()
    replaced[:, cut:] = generator.integers(0, task.vocabulary, (ROWS, task.length - cut))
    whole = _logits_before(pool, conversation, task, inputs, cut)
    scale = float(np.sqrt(np.mean(whole**2))) + 1e-6
    for what, other in (("tokens after it are replaced", replaced), ("the sequence is cut after it", inputs[:, :cut])):
        logits = _logits_before(pool, conversation, task, np.ascontiguousarray(other), cut)
        differences = np.abs(logits - whole).reshape(ROWS, cut, -1).max(axis=(0, 2)) / scale
        if differences.max() > TOLERANCE[device]:
            position = int(np.argmax(differences > TOLERANCE[device]))
            raise JobFailure(
                "program-invalid",
                f"After training on {task.name}, the output at position {position} of {task.length} changes by "
                f"{differences[position]:.2g} of its size when {what} (at {cut}): the mixer must be causal and "
                "independent of the sequence's length.",
            )


def _logits_before(
    pool: WorkerPool, conversation: Conversation, task: Task, inputs: np.ndarray, cut: int
) -> np.ndarray:
    positions = (np.arange(ROWS)[:, None] * inputs.shape[1] + np.arange(cut)).reshape(-1).astype(np.int32)
    return ask_logits(pool, conversation, task.name, task.classes, inputs, positions)
