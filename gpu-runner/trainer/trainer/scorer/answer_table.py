"""What the two halves of every pair answered, and how far that differs before the cuts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trainer.scorer.leak_moves import Moves
from trainer.scorer.leak_verdict import LeakAudit
from trainer.scorer.resolution import decided_hits, hit_chances
from trainer.scorer.score import negative_log_likelihoods
from trainer.scorer.spliced_pairs import SplicedPairs
from trainer.tasks.task import NO_ANSWER


@dataclass(frozen=True)
class AnswerTable:
    """Of every position [P,T]; NaN or False where nothing was asked or answered yet.

    Attributes:
        losses: float32, nats.
        hits: bool, what counts as right: the likeliest class, of a task that is ranked by accuracy after noise.
        chances: float64, that it counts as right, over all noise; NaN throughout where a task is ranked by loss.
    """

    losses: np.ndarray
    hits: np.ndarray
    chances: np.ndarray

    @staticmethod
    def empty(pairs: SplicedPairs) -> AnswerTable:
        """Without an answer."""
        shape = pairs.targets.shape
        return AnswerTable(np.full(shape, np.nan, np.float32), np.zeros(shape, bool), np.full(shape, np.nan))

    def fill(self, pairs: SplicedPairs, rows: np.ndarray, logits: np.ndarray, at: np.ndarray | None = None) -> None:
        """Scores logits [R,T,classes] of pairs [R] against the targets of their true sequences: at every answer, or at
        one position [R] of each."""
        targets = pairs.targets[rows]
        inside, position = np.nonzero(targets != NO_ANSWER) if at is None else (np.arange(len(rows)), at)
        chosen, wanted = logits[inside, position], targets[inside, position]
        where = rows[inside], position
        self.losses[where] = negative_log_likelihoods(chosen, wanted)
        if pairs.noise is None:
            self.hits[where] = chosen.argmax(axis=1) == wanted
        else:
            self.hits[where] = decided_hits(chosen, wanted, pairs.noise[where])
            self.chances[where] = hit_chances(chosen, wanted)


def compared(pairs: SplicedPairs, true: AnswerTable, spliced: AnswerTable, device: str) -> LeakAudit:
    """Both halves before their cuts."""
    length = pairs.targets.shape[1]
    before = (pairs.targets != NO_ANSWER) & (np.arange(length) < pairs.cuts[:, None])
    losses = _moves(before, spliced.losses.astype(np.float64) - true.losses)
    hits = None if pairs.noise is None else _moves(before, true.chances - spliced.chances)
    return LeakAudit(device, length, pairs.cuts, losses, hits)


def _moves(before: np.ndarray, gains: np.ndarray) -> Moves:
    """Of gains float64 [P,T] at the answers bool [P,T] before the cuts."""
    gains = np.where(before, gains, 0.0)
    sizes = np.abs(gains)
    rows, last = np.arange(len(before)), before.shape[1] - 1 - before[:, ::-1].argmax(axis=1)
    changed_at = sizes.argmax(axis=1)
    return Moves(
        sizes[rows, changed_at].astype(np.float32),
        changed_at.astype(np.int32),
        gains[rows, last].astype(np.float32),
        (gains.sum(axis=1) / before.sum(axis=1).clip(1)).astype(np.float32),
    )
