"""Pairs of sequences that agree up to a cut and go on differently: what the audit for leaks sends.

Invariants:
S1  Both sequences of a pair are real ones up to the cut and from the cut on. The second goes on with the end of another
    sequence, chosen for equal tokens before the cut, so that nothing but a model of the task itself could tell which
    of the two was spliced.
S2  The first token after a cut always differs, so that looking ahead by one token cannot go unnoticed there.
S3  Cuts are spread evenly over the answers of all sequences: what is shown at every k-th position, or at late ones
    only, is met by the share of pairs that it has of the score.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trainer.protocol.seeds import seed_from
from trainer.scorer.evaluation import held_out_batches
from trainer.scorer.resolution import drawn_noise
from trainer.suites.batch_shapes import ROWS_PER_BATCH
from trainer.suites.streams import audit_stream
from trainer.suites.suite import TaskPlan
from trainer.tasks.task import NO_ANSWER

LEAST_PAIRS, MOST_PAIRS = 2 * ROWS_PER_BATCH, 8 * ROWS_PER_BATCH
PAIRS_PER_SCORED = 8
CONTROL_SHARE = 8  # one pair in so many is the same sequence twice
_CONTEXT = 4  # tokens before a cut in which a continuation should agree


@dataclass(frozen=True)
class SplicedPairs:
    """Attributes:
    sequences: int32 [P,T]; the first `scored` of them are the task's held-out sequences.
    targets: int32 [P,T], of `sequences`.
    spliced: int32 [P,T]: equal to `sequences` before the cut, another sequence's tokens from it on.
    cuts: int32 [P]: the position after an answer, or T in a control, which is the same sequence twice.
    noise: float32 [P,T,classes], of the logits that decide what counts as right; None where a task is ranked by loss.
    """

    sequences: np.ndarray
    targets: np.ndarray
    spliced: np.ndarray
    cuts: np.ndarray
    scored: int
    noise: np.ndarray | None


def pair_count(plan: TaskPlan) -> int:
    """A whole number of batches: all of one size, because a program sees the size."""
    wanted = min(max(PAIRS_PER_SCORED * plan.held_out_sequences, LEAST_PAIRS), MOST_PAIRS)
    return -(-max(wanted, plan.held_out_sequences) // ROWS_PER_BATCH) * ROWS_PER_BATCH


def draw_pairs(plan: TaskPlan, evaluation_seed: str) -> SplicedPairs:
    """The scored sequences and as many more as the audit needs, each with its spliced twin."""
    generator = np.random.Generator(np.random.PCG64(seed_from("audit-cut", plan.task.name, evaluation_seed)))
    more = audit_stream(plan.task, evaluation_seed)
    scored = list(held_out_batches(plan, evaluation_seed))
    count = pair_count(plan)
    batches = [*scored, more(count - plan.held_out_sequences)] if count > plan.held_out_sequences else scored
    sequences = np.concatenate([batch.inputs for batch in batches])
    targets = np.concatenate([batch.targets for batch in batches])
    cuts = _cuts(targets, generator)
    spliced = splice(sequences, cuts, more(2 * count).inputs)
    shape = (*targets.shape, plan.task.classes)
    noise = drawn_noise(plan.task.name, evaluation_seed, shape) if plan.task.metric == "accuracy" else None
    return SplicedPairs(sequences, targets, spliced, cuts, plan.held_out_sequences, noise)


def _cuts(targets: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """int32 [P]: one position after an answer of each row [P,T], evenly spread; T in the controls."""
    rows, length = targets.shape
    controls = generator.permutation(rows) < rows // CONTROL_SHARE
    share = (generator.permutation(rows) + generator.random(rows)) / rows
    cuts = np.full(rows, length, dtype=np.int32)
    for row in np.flatnonzero(~controls):
        answered = np.flatnonzero(targets[row, :-1] != NO_ANSWER)
        if len(answered) > 0:
            cuts[row] = answered[int(share[row] * len(answered))] + 1
    return cuts


def splice(sequences: np.ndarray, cuts: np.ndarray, others: np.ndarray) -> np.ndarray:
    """int32 [P,T]: every row of `sequences` [P,T] from its cut on continued by a row of `others` [Q,T], Q >= P.

    Each is used once: the one that agrees in most tokens before the cut, of those that differ in the first one after.
    """
    spliced = sequences.copy()
    free = np.ones(len(others), dtype=bool)
    for row, cut in enumerate(cuts):
        if cut >= sequences.shape[1]:
            continue
        start = max(0, cut - _CONTEXT)
        agrees = others[:, start:cut][:, ::-1] == sequences[row, start:cut][::-1]
        score = np.cumprod(agrees, axis=1).sum(axis=1) + len(others) * (others[:, cut] != sequences[row, cut])
        chosen = int(np.argmax(np.where(free, score, -1)))
        free[chosen] = False
        spliced[row, cut:] = others[chosen, cut:]
    return spliced
