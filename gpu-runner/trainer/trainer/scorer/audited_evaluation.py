"""Evaluates a task whose inputs hold its answers, and measures in the same calls whether the program looks ahead.

Where the answer is the next token, a program that looks ahead reads its labels from its own input, and no isolation
prevents that. Two fresh workers get the two halves of every pair. Invariants:
A1  Scoring is auditing: every call has the one shape, every position is asked for, and each worker gets about half of
    the true sequences and half of the spliced ones, in random rows of batches in random order. A worker that wants to
    behave while it is audited would have to behave while it is scored.
A2  No worker sees the beginning of a sequence twice, so it cannot know which half it has, nor repeat what it said.
A3  The two halves lie in different rows among different neighbours, so that what depends on those shows in controls.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from trainer.protocol.seeds import seed_from
from trainer.scorer.answer_table import AnswerTable, compared
from trainer.scorer.checked import Conversation
from trainer.scorer.evaluation import read_logits, send_batch
from trainer.scorer.score import RawScore
from trainer.scorer.spliced_pairs import SplicedPairs, draw_pairs
from trainer.scorer.training import TrainedTask, weights_frame
from trainer.scorer.worker_pool import WorkerPool
from trainer.suites.batch_shapes import ROWS_PER_BATCH
from trainer.suites.suite import TaskPlan
from trainer.tasks.task import NO_ANSWER

# Which pairs lie in the rows, the inputs, and which of the rows are spliced: [R], [R,T], [R].
Call = tuple[np.ndarray, np.ndarray, np.ndarray]


def evaluate_and_audit(
    pool: WorkerPool,
    workers: tuple[Conversation, Conversation],
    trained: TrainedTask,
    evaluation_seed: str,
    device: str,
) -> RawScore:
    """The scores of the held-out sequences, with the audit's raw values.

    Raises:
        JobFailure: see `read_logits`.
    """
    plan = trained.plan
    pairs = draw_pairs(plan, evaluation_seed)
    weights = weights_frame(plan, trained.weights)
    for worker in workers:
        pool.send(worker.worker, weights)
    true, spliced = AnswerTable.empty(pairs), AnswerTable.empty(pairs)
    positions = np.arange(ROWS_PER_BATCH * plan.task.length, dtype=np.int32)
    for calls in zip(*shuffled_halves(pairs, plan, evaluation_seed), strict=True):
        for worker, (_, inputs, _) in zip(workers, calls, strict=True):
            send_batch(pool, worker, inputs, positions)
        for worker, (rows, inputs, is_spliced) in zip(workers, calls, strict=True):
            logits = read_logits(worker, plan.task.name, plan.task.classes, positions).reshape(*inputs.shape, -1)
            for table, chosen in ((true, ~is_spliced), (spliced, is_spliced)):
                table.fill(pairs, rows[chosen], logits[chosen])
    asked = pairs.targets[: pairs.scored] != NO_ANSWER
    return RawScore(
        asked.sum(axis=1).astype(np.int32),
        true.losses[: pairs.scored][asked],
        true.hits[: pairs.scored][asked],
        compared(pairs, true, spliced, device),
    )


def shuffled_halves(pairs: SplicedPairs, plan: TaskPlan, evaluation_seed: str) -> tuple[Iterator[Call], Iterator[Call]]:
    """The calls of each of the two workers (A1, A2, A3)."""
    generator = np.random.Generator(np.random.PCG64(seed_from("audit-order", plan.task.name, evaluation_seed)))
    count = len(pairs.cuts)
    first_spliced = generator.random(count) < 0.5

    def calls(is_spliced: np.ndarray, order: np.ndarray) -> Iterator[Call]:
        for start in range(0, count, ROWS_PER_BATCH):
            rows = order[start : start + ROWS_PER_BATCH]
            chosen = is_spliced[rows]
            yield rows, np.where(chosen[:, None], pairs.spliced[rows], pairs.sequences[rows]), chosen

    orders = generator.permutation(count), generator.permutation(count)
    return calls(first_spliced, orders[0]), calls(~first_spliced, orders[1])
