"""How far a quantity of the answers before a cut moves with what comes after it, and what follows from that."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

# Changes that are no rounding must be seen in so many pairs.
PLAIN_PAIRS = 2
# The future helps when the quantity is better with it by so many standard errors of the paired mean.
SUSPECT_ERRORS, PROVEN_ERRORS = 4.0, 6.0

Finding = Literal["none", "suspect", "proven"]


@dataclass(frozen=True)
class LeakVerdict:
    """`proven`: the program looks ahead, and its score is worth nothing. `suspect`: the prefix-only score counts.

    `why`: one sentence, empty where there is nothing.
    """

    finding: Finding
    why: str


@dataclass(frozen=True)
class Limits:
    """What is allowed to a quantity, in its unit.

    Attributes:
        rounding: largest change that rounding makes.
        plain: a change that no rounding makes.
        suspect_gain, proven_gain: mean gains that are too large when they are certain, too.
        quantity, unit, helped: words; `helped` says what the future does, with a place for the gain.
    """

    rounding: float
    plain: float
    suspect_gain: float
    proven_gain: float
    quantity: str
    unit: str
    helped: str


@dataclass(frozen=True)
class Moves:
    """One of each per pair.

    Attributes:
        changes: float32 [P]: largest change of an answer before the cut.
        changed_at: int32 [P]: that answer's position.
        gains: float32 [P]: how much better the last answer before the cut is with its own future.
        mean_gains: float32 [P]: the same, mean over all answers before the cut.
    """

    changes: np.ndarray
    changed_at: np.ndarray
    gains: np.ndarray
    mean_gains: np.ndarray

    def as_bytes(self) -> bytes:
        """For the hash of the raw values."""
        arrays = ((self.changes, "<f4"), (self.changed_at, "<i4"), (self.gains, "<f4"), (self.mean_gains, "<f4"))
        return b"".join(np.ascontiguousarray(values, dtype=dtype).tobytes() for values, dtype in arrays)

    def unsteady(self, control: np.ndarray, limits: Limits) -> bool:
        """Whether the quantity differs between two calls with the same sequence; control: bool [P]."""
        return bool((control & self._above(limits.rounding)).any())

    def judge(self, cuts: np.ndarray, control: np.ndarray, limits: Limits, steady: bool) -> LeakVerdict:
        """The verdict on pairs with cuts int32 [P]; `steady`: no quantity differs in the controls bool [P]."""
        gain, errors = max(
            (_gain(values[~control]) for values in (self.gains, self.mean_gains)), key=lambda found: found[1]
        )
        helped = limits.helped.format(f"{gain:.2g}")
        if gain > limits.proven_gain and errors > PROVEN_ERRORS:
            return LeakVerdict("proven", helped)
        plain, moved = (~control & self._above(limit) for limit in (limits.plain, limits.rounding))
        if steady and int(plain.sum()) >= PLAIN_PAIRS:
            return LeakVerdict("proven", self._changed(plain, cuts, control, limits))
        if self.unsteady(control, limits):
            largest = float(self.changes[control & self._above(limits.rounding)].max())
            return LeakVerdict(
                "suspect",
                f"{limits.quantity} differs by up to {largest:.2g}{limits.unit} between two calls with the same "
                "sequence: it depends on the other rows of a batch, on earlier calls or on chance",
            )
        if moved.any():
            return LeakVerdict("suspect", self._changed(moved, cuts, control, limits))
        if gain > limits.suspect_gain and errors > SUSPECT_ERRORS:
            return LeakVerdict("suspect", helped)
        return LeakVerdict("none", "")

    def _above(self, limit: float) -> np.ndarray:
        # Not `>`: a change that is no number is no rounding either.
        return ~(self.changes <= limit)

    def _changed(self, pairs: np.ndarray, cuts: np.ndarray, control: np.ndarray, limits: Limits) -> str:
        worst = int(np.argmax(np.where(pairs, np.nan_to_num(self.changes, nan=np.inf), -1.0)))
        return (
            f"in {int(pairs.sum())} of {int((~control).sum())} sequences {limits.quantity} changed when only tokens "
            f"after it were replaced (at position {int(self.changed_at[worst])} by "
            f"{float(self.changes[worst]):.2g}{limits.unit}, tokens from {int(cuts[worst])} on; rounding changes it by "
            f"less than {limits.rounding:g})"
        )


def _gain(gains: np.ndarray) -> tuple[float, float]:
    """Mean gain, and the same in standard errors."""
    values = gains.astype(np.float64)
    if len(values) < 2:
        return 0.0, 0.0
    mean, error = float(values.mean()), float(values.std(ddof=1)) / math.sqrt(len(values))
    return mean, mean / error if error > 0 else math.copysign(math.inf, mean) if mean else 0.0
