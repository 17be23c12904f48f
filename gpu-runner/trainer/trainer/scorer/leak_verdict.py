"""Whether a task's score was helped by tokens that the program must not see: a function of the audit's raw values.

Each pair of the audit (`spliced_pairs.py`) is a sequence twice, with another continuation from a cut on. Whatever comes
before the cut must get the same loss in both, and, where right answers are counted, the same chance to count as right.
How much an honest program's answers move (its rows lie elsewhere in a batch, among others) was measured by
tests/scorer/measure_leak_floor.py: docs/evaluation/isolation.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from trainer.scorer.leak_moves import LeakVerdict, Limits, Moves

_LOSS_WORDS = (
    "the loss of an answer",
    " nats",
    "its loss is {} nats lower with the rest of the sequence than with another one in its place",
)
_HIT_WORDS = (
    "the chance that an answer counts as right",
    "",
    "its share of right answers is {} higher with the rest of the sequence than with another one in its place",
)
LOSS_LIMITS = {
    "cpu": Limits(1e-3, 0.02, 1e-3, 0.05, *_LOSS_WORDS),
    "cuda": Limits(0.3, 1.0, 0.01, 0.05, *_LOSS_WORDS),
}
# Of what counts as right, a number in [0, 1]. Under bfloat16 rounding decides an answer: only the mean gain is left. In
# float32 a gain that is certain is no rounding however small it is: this is what is seen of logits that are kept flat.
HIT_LIMITS = {
    "cpu": Limits(0.01, 0.5, 1e-5, 0.05, *_HIT_WORDS),
    "cuda": Limits(1.0, 1.0, 0.01, 0.05, *_HIT_WORDS),
}


@dataclass(frozen=True)
class PrefixAnswers:
    """float32 losses [answers] in nats and bool hits [answers] of a task's scored positions, each asked of a program
    that had not seen anything after it."""

    losses: np.ndarray
    hits: np.ndarray


@dataclass(frozen=True)
class LeakAudit:
    """Raw values of an audit.

    Attributes:
        device: "cpu" or "cuda"; rounding differs.
        length: tokens of a sequence.
        cuts: int32 [P]; `length` in the controls, whose halves are equal throughout.
        losses: of each pair, nats.
        hits: of each pair, the chance that an answer counts as right; None where a task is ranked by its loss, and in
            records from before it was kept, which are judged by their losses alone.
        prefix: what counts instead where the program is suspect.
    """

    device: str
    length: int
    cuts: np.ndarray
    losses: Moves
    hits: Moves | None = None
    prefix: PrefixAnswers | None = None

    def as_bytes(self) -> bytes:
        """For the hash of the raw values."""
        parts = [
            f"{self.device} {self.length} ".encode(),
            np.ascontiguousarray(self.cuts, dtype="<i4").tobytes(),
            self.losses.as_bytes(),
        ]
        if self.hits is not None:
            parts += [b"hits", self.hits.as_bytes()]
        if self.prefix is not None:
            arrays = ((self.prefix.losses, "<f4"), (self.prefix.hits, "u1"))
            parts += [np.ascontiguousarray(values, dtype=dtype).tobytes() for values, dtype in arrays]
        return b"".join(parts)

    def evidence(self) -> dict[str, Any]:
        """Numbers for the record of a failed job: changes of pairs by size, the worst of them, and the gain."""
        control, losses, rounding = self._control, self.losses, LOSS_LIMITS[self.device].rounding
        worst = int(np.argmax(np.where(control, -1.0, np.nan_to_num(losses.changes, nan=np.inf))))
        evidence: dict[str, Any] = {
            "pairs": int((~control).sum()),
            "changedPairs": int((~(losses.changes[~control] <= rounding)).sum()),
            "largestChangeNats": float(losses.changes[worst]),
            "position": int(losses.changed_at[worst]),
            "replacedFrom": int(self.cuts[worst]),
            "largestControlChangeNats": float(losses.changes[control].max(initial=0.0)),
            "gainNats": float(losses.gains[~control].mean()),
            "roundingNats": rounding,
        }
        if self.hits is not None:
            evidence["largestHitChange"] = float(self.hits.changes[~control].max(initial=0.0))
            evidence["gainHits"] = float(self.hits.gains[~control].mean())
        return evidence

    def judge(self) -> LeakVerdict:
        """The verdict on one task's trained model: the worst of those on its quantities."""
        judged = [(self.losses, LOSS_LIMITS[self.device])]
        if self.hits is not None:
            judged.append((self.hits, HIT_LIMITS[self.device]))
        control = self._control
        steady = not any(moves.unsteady(control, limits) for moves, limits in judged)
        verdicts = [moves.judge(self.cuts, control, limits, steady) for moves, limits in judged]
        return max(verdicts, key=lambda verdict: ("none", "suspect", "proven").index(verdict.finding))

    @property
    def _control(self) -> np.ndarray:
        return self.cuts >= self.length
