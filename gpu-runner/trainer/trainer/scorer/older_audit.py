"""Audits of records that were measured before calls of scoring and auditing became one: read and judged as they were.

One position of each of the first scored sequences was asked with its prefix alone, and four other sequences were sent
whole, with later tokens replaced, and cut off. Nothing makes such an audit any more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from trainer.scorer.leak_moves import LeakVerdict
from trainer.scorer.leak_verdict import PrefixAnswers

_STANDARD_ERRORS = 3.0
_LEAST_GAIN = {"cpu": 0.01, "cuda": 0.05}
_LARGEST_CHANGE = {"cpu": 0.02, "cuda": 0.3}


@dataclass(frozen=True)
class OlderAudit:
    """Raw values of such an audit.

    Attributes:
        device: "cpu" or "cuda".
        positions: int32 [rows], the audited position of each of the first scored sequences.
        full_losses: float32 [rows], nats, of that position in the full sequence.
        prefix: the same without its future.
        replaced_change, cut_change: largest change of a logit, relative to the logits' root mean square.
        changed_position: the first position whose logits changed by more than was allowed, or -1.
    """

    device: str
    positions: np.ndarray
    full_losses: np.ndarray
    prefix: PrefixAnswers
    replaced_change: float
    cut_change: float
    changed_position: int

    def as_bytes(self) -> bytes:
        """For the hash of the raw values."""
        arrays = (
            (self.positions, "<i4"),
            (self.full_losses, "<f4"),
            (self.prefix.losses, "<f4"),
            (self.prefix.hits, "u1"),
        )
        numbers = np.array([self.replaced_change, self.cut_change, self.changed_position], dtype="<f8")
        parts = [np.ascontiguousarray(values, dtype=dtype).tobytes() for values, dtype in arrays]
        return self.device.encode() + b"".join(parts) + numbers.tobytes()

    def judge(self) -> LeakVerdict:
        """The verdict of that time."""
        gains = self.prefix.losses.astype(np.float64) - self.full_losses.astype(np.float64)
        gain = float(gains.mean())
        error = float(gains.std(ddof=1)) / math.sqrt(len(gains)) if len(gains) > 1 else 0.0
        why = ""
        if gain > _LEAST_GAIN[self.device] and gain > _STANDARD_ERRORS * error:
            why = f"its loss is {gain:.3g} nats lower when the rest of the sequence is there than when it is not"
        for change, how in ((self.replaced_change, "replaced"), (self.cut_change, "cut off")):
            if not why and not change <= _LARGEST_CHANGE[self.device]:
                why = (
                    f"its output at position {self.changed_position} changes by {change:.2g} of its size when later "
                    f"tokens are {how}"
                )
        return LeakVerdict("suspect" if why else "none", why)

    @property
    def prefix_counts(self) -> np.ndarray:
        """int32 [rows]: answers of each sequence in `prefix`."""
        return np.ones(len(self.positions), dtype=np.int32)
