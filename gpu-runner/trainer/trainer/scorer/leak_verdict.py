"""Whether a task's score was helped by tokens that the program must not see: a function of the audit's raw values.

Each pair of the audit (`spliced_pairs.py`) is a sequence twice, with another continuation from a cut on. Whatever comes
before the cut must get the same loss in both. How much an honest program's losses move (its rows lie elsewhere in a
batch, among others) was measured by tests/scorer/measure_leak_floor.py: docs/evaluation/isolation.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

# Largest change of one answer's loss that rounding makes, nats, with room above what was measured.
ROUNDING = {"cpu": 1e-3, "cuda": 0.3}
# A change of a loss that is no rounding on any machine, nats, and in how many pairs it must be seen.
PLAIN_CHANGE = {"cpu": 0.02, "cuda": 1.0}
PLAIN_PAIRS = 2
# The future helps when losses are lower with it by so many standard errors of the paired mean, and by so many nats.
SUSPECT_ERRORS, PROVEN_ERRORS = 4.0, 6.0
SUSPECT_GAIN = {"cpu": 1e-3, "cuda": 0.01}
PROVEN_GAIN = 0.05

Finding = Literal["none", "suspect", "proven"]


@dataclass(frozen=True)
class LeakVerdict:
    """`proven`: the program looks ahead, and its score is worth nothing. `suspect`: the prefix-only score counts.

    `why`: one sentence, empty where there is nothing.
    """

    finding: Finding
    why: str


@dataclass(frozen=True)
class PrefixAnswers:
    """float32 losses [answers] in nats and bool hits [answers] of a task's scored positions, each asked of a program
    that had not seen anything after it."""

    losses: np.ndarray
    hits: np.ndarray


@dataclass(frozen=True)
class LeakAudit:
    """Raw values of an audit, one of each per pair.

    Attributes:
        device: "cpu" or "cuda"; rounding differs.
        length: tokens of a sequence.
        cuts: int32 [P]; `length` in the controls, whose halves are equal throughout.
        changes: float32 [P], nats: largest change of the loss of an answer before the cut.
        changed_at: int32 [P]: that answer's position.
        gains: float32 [P], nats: how much lower the loss of the last answer before the cut is with its own future.
        mean_gains: float32 [P], nats: the same, mean over all answers before the cut.
        prefix: what counts instead where the program is suspect.
    """

    device: str
    length: int
    cuts: np.ndarray
    changes: np.ndarray
    changed_at: np.ndarray
    gains: np.ndarray
    mean_gains: np.ndarray
    prefix: PrefixAnswers | None = None

    def as_bytes(self) -> bytes:
        """For the hash of the raw values."""
        arrays = [
            (self.cuts, "<i4"),
            (self.changes, "<f4"),
            (self.changed_at, "<i4"),
            (self.gains, "<f4"),
            (self.mean_gains, "<f4"),
        ]
        if self.prefix is not None:
            arrays += [(self.prefix.losses, "<f4"), (self.prefix.hits, "u1")]
        parts = [np.ascontiguousarray(values, dtype=dtype).tobytes() for values, dtype in arrays]
        return f"{self.device} {self.length} ".encode() + b"".join(parts)

    def evidence(self) -> dict[str, Any]:
        """Numbers for the record of a failed job: changes of pairs by size, the worst of them, and the gain."""
        control = self.cuts >= self.length
        worst = int(np.argmax(np.where(control, -1.0, np.nan_to_num(self.changes, nan=np.inf))))
        return {
            "pairs": int((~control).sum()),
            "changedPairs": int((~(self.changes[~control] <= ROUNDING[self.device])).sum()),
            "largestChangeNats": float(self.changes[worst]),
            "position": int(self.changed_at[worst]),
            "replacedFrom": int(self.cuts[worst]),
            "largestControlChangeNats": float(self.changes[control].max(initial=0.0)),
            "gainNats": float(self.gains[~control].mean()),
            "roundingNats": ROUNDING[self.device],
        }

    def judge(self) -> LeakVerdict:
        """The verdict on one task's trained model."""
        control = self.cuts >= self.length
        rounding = ROUNDING[self.device]
        # Not `>`: a change that is no number is no rounding either.
        moved = ~control & ~(self.changes <= rounding)
        plain = ~control & ~(self.changes <= PLAIN_CHANGE[self.device])
        unsteady = control & ~(self.changes <= rounding)
        gain, errors = max(
            (_gain(values[~control]) for values in (self.gains, self.mean_gains)), key=lambda found: found[1]
        )
        if gain > PROVEN_GAIN and errors > PROVEN_ERRORS:
            return LeakVerdict("proven", _helped(gain))
        if not unsteady.any() and int(plain.sum()) >= PLAIN_PAIRS:
            return LeakVerdict("proven", _changed(self, plain, int((~control).sum())))
        if unsteady.any():
            largest = float(self.changes[unsteady].max())
            return LeakVerdict(
                "suspect",
                f"the loss of an answer differs by up to {largest:.2g} nats between two calls with the same sequence: "
                "it depends on the other rows of a batch, on earlier calls or on chance",
            )
        if moved.any():
            return LeakVerdict("suspect", _changed(self, moved, int((~control).sum())))
        if gain > SUSPECT_GAIN[self.device] and errors > SUSPECT_ERRORS:
            return LeakVerdict("suspect", _helped(gain))
        return LeakVerdict("none", "")


def _gain(gains: np.ndarray) -> tuple[float, float]:
    """Mean gain in nats, and the same in standard errors."""
    values = gains.astype(np.float64)
    if len(values) < 2:
        return 0.0, 0.0
    mean, error = float(values.mean()), float(values.std(ddof=1)) / math.sqrt(len(values))
    return mean, mean / error if error > 0 else math.copysign(math.inf, mean) if mean else 0.0


def _helped(gain: float) -> str:
    return f"its loss is {gain:.2g} nats lower with the rest of the sequence than with another one in its place"


def _changed(audit: LeakAudit, pairs: np.ndarray, of: int) -> str:
    worst = int(np.argmax(np.where(pairs, np.nan_to_num(audit.changes, nan=np.inf), -1.0)))
    return (
        f"in {int(pairs.sum())} of {of} sequences the loss of an answer changed when only tokens after it were "
        f"replaced (at position {int(audit.changed_at[worst])} by {float(audit.changes[worst]):.2g} nats, tokens from "
        f"{int(audit.cuts[worst])} on; rounding changes it by less than {ROUNDING[audit.device]:g})"
    )
