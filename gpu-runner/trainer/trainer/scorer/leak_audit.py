"""Measures whether a trained model's answers depend on tokens that it must not see.

Where the answer is the next token, a program that looks ahead reads its labels from its own input, and no isolation
prevents that. The audit runs in a worker that has seen nothing before. Invariants:
A1  No sequence is sent to it twice, except the pairs of the perturbation, whose rows are never scored.
A2  A prefix travels alone, as a batch of one: no other row of its batch can know how it goes on.
A3  The two halves of a perturbation pair are separate calls.
"""

from __future__ import annotations

import numpy as np

from trainer.protocol.frames import encode_frame
from trainer.protocol.seeds import seed_from
from trainer.scorer.checked import Conversation
from trainer.scorer.evaluation import ask_logits, held_out_batches
from trainer.scorer.leak_verdict import LARGEST_CHANGE, PrefixAudit
from trainer.scorer.score import RawScore, negative_log_likelihoods
from trainer.scorer.training import TrainedTask
from trainer.scorer.worker_pool import WorkerPool
from trainer.suites.streams import audit_stream
from trainer.tasks.task import NO_ANSWER, Task

AUDITED_ROWS = 64
PERTURBED_ROWS = 4


def audit_leaks(
    pool: WorkerPool,
    conversation: Conversation,
    trained: TrainedTask,
    full: RawScore,
    evaluation_seed: str,
    device: str,
) -> PrefixAudit:
    """Audits the weights that `full` was measured with; `conversation` is with a fresh worker.

    Raises:
        JobFailure: see `ask_logits`.
    """
    task = trained.plan.task
    pool.send(conversation.worker, encode_frame({"type": "weights", "task": task.name}, trained.weights))
    generator = np.random.Generator(np.random.PCG64(seed_from("audit-cut", task.name, evaluation_seed)))
    positions, full_losses, prefix_losses, hits = _prefix_only(
        pool, conversation, trained, full, evaluation_seed, generator
    )
    replaced, cut, changed = _perturbed(pool, conversation, task, evaluation_seed, generator, LARGEST_CHANGE[device])
    return PrefixAudit(device, positions, full_losses, prefix_losses, hits, replaced, cut, changed)


def _prefix_only(
    pool: WorkerPool,
    conversation: Conversation,
    trained: TrainedTask,
    full: RawScore,
    evaluation_seed: str,
    generator: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    task = trained.plan.task
    positions, full_losses, prefix_losses, hits = [], [], [], []
    scored = 0  # answers of the rows before
    for batch in held_out_batches(trained.plan, evaluation_seed):
        for inputs, targets in zip(batch.inputs, batch.targets, strict=True):
            if len(positions) == AUDITED_ROWS:
                break
            answered = np.flatnonzero(targets != NO_ANSWER)
            chosen = int(generator.integers(0, len(answered)))
            position = int(answered[chosen])
            prefix = np.ascontiguousarray(inputs[None, : position + 1])
            logits = ask_logits(
                pool, conversation, task.name, task.classes, prefix, np.array([position], dtype=np.int32)
            )
            positions.append(position)
            full_losses.append(full.losses[scored + chosen])
            prefix_losses.append(negative_log_likelihoods(logits, targets[[position]])[0])
            hits.append(logits[0].argmax() == targets[position])
            scored += len(answered)
    return (
        np.array(positions, np.int32),
        np.array(full_losses, np.float32),
        np.array(prefix_losses, np.float32),
        np.array(hits, bool),
    )


def _perturbed(
    pool: WorkerPool,
    conversation: Conversation,
    task: Task,
    evaluation_seed: str,
    generator: np.random.Generator,
    allowed: float,
) -> tuple[float, float, int]:
    """Largest relative changes when later tokens are replaced and cut off, and the first position over `allowed`."""
    inputs = audit_stream(task, evaluation_seed)(PERTURBED_ROWS).inputs
    cut = int(generator.integers(task.length // 3, task.length - 1))
    replaced = inputs.copy()
    replaced[:, cut:] = generator.integers(0, task.vocabulary, (PERTURBED_ROWS, task.length - cut))
    whole = _logits_before(pool, conversation, task, inputs, cut)
    scale = float(np.sqrt(np.mean(whole**2))) + 1e-6
    changes: list[float] = []
    changed_position = -1
    for other in (replaced, np.ascontiguousarray(inputs[:, :cut])):
        logits = _logits_before(pool, conversation, task, other, cut)
        differences = np.abs(logits - whole).reshape(PERTURBED_ROWS, cut, -1).max(axis=(0, 2)) / scale
        changes.append(float(differences.max()))
        if changed_position < 0 and changes[-1] > allowed:
            changed_position = int(np.argmax(differences > allowed))
    return changes[0], changes[1], changed_position


def _logits_before(
    pool: WorkerPool, conversation: Conversation, task: Task, inputs: np.ndarray, cut: int
) -> np.ndarray:
    rows = len(inputs)
    positions = (np.arange(rows)[:, None] * inputs.shape[1] + np.arange(cut)).reshape(-1).astype(np.int32)
    return ask_logits(pool, conversation, task.name, task.classes, inputs, positions).astype(np.float64)
