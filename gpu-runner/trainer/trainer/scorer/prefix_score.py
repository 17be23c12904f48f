"""What a suspect program scores without the future: every scored position, asked by a worker that has not seen past it.

Invariants:
X1  A fresh worker meets every sequence position by position, in order: whatever it remembers of earlier calls, it has
    never been shown a token after the answer that it is asked for.
X2  Calls have the shape of scoring: what comes after the cut is taken from other sequences (`spliced_pairs.splice`),
    from the same few in every call: a program that trains itself on what it is asked meets no more new text than that.
"""

from __future__ import annotations

import numpy as np

from trainer.scorer.answer_table import AnswerTable
from trainer.scorer.checked import Conversation
from trainer.scorer.evaluation import ask_logits
from trainer.scorer.leak_verdict import PrefixAnswers
from trainer.scorer.spliced_pairs import draw_pairs, splice
from trainer.scorer.training import TrainedTask, weights_frame
from trainer.scorer.worker_pool import WorkerPool
from trainer.suites.batch_shapes import ROWS_PER_BATCH
from trainer.suites.streams import audit_stream
from trainer.tasks.task import NO_ANSWER


def prefix_score(
    pool: WorkerPool, conversation: Conversation, trained: TrainedTask, evaluation_seed: str
) -> PrefixAnswers:
    """As many answers as the score of an honest program has; `conversation` is with a worker that has seen nothing.

    Raises:
        JobFailure: see `read_logits`.
    """
    plan = trained.plan
    pairs = draw_pairs(plan, evaluation_seed)
    pool.send(conversation.worker, weights_frame(plan, trained.weights))
    draw = audit_stream(plan.task, f"prefix-only {evaluation_seed}")
    positions = np.arange(ROWS_PER_BATCH * plan.task.length, dtype=np.int32)
    found = AnswerTable.empty(pairs)
    for start in range(0, pairs.scored, ROWS_PER_BATCH):
        # The last batch is filled with unscored sequences.
        rows = np.arange(start, start + ROWS_PER_BATCH)
        asked = pairs.targets[rows] != NO_ANSWER
        ends = draw(2 * ROWS_PER_BATCH).inputs
        for turn in range(int(asked.sum(axis=1).max())):
            # The turn-th answer of each row; rows with fewer go on with their last one.
            last = np.minimum(turn + 1, asked.sum(axis=1))
            cuts = (asked.cumsum(axis=1) < last[:, None]).sum(axis=1) + 1
            inputs = splice(pairs.sequences[rows], cuts, ends)
            logits = ask_logits(pool, conversation, plan.task.name, plan.task.classes, inputs, positions)
            found.fill(pairs, rows, logits.reshape(*inputs.shape, -1), at=cuts - 1)
    asked = pairs.targets[: pairs.scored] != NO_ANSWER
    return PrefixAnswers(found.losses[: pairs.scored][asked], found.hits[: pairs.scored][asked])
