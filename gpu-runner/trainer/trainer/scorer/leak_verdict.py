"""Whether a language model's score was helped by tokens that it must not see: a function of the audit's raw values.

Three measurements, all made by the scorer with a worker that has seen nothing before (no isolation can hide
the labels of a next-token task from its own input):

prefix only    the tokens up to one position of each scored sequence are sent alone, as a batch of one, and the last
               position is scored. Paired with the loss that the same position got in the full sequence.
replaced       other sequences, every token after a position replaced; the logits up to it must not move.
cut            the same sequences, cut after the position; likewise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

# A full-sequence loss is suspect when it beats the prefix-only loss by this many standard errors of the paired mean ...
STANDARD_ERRORS = 3.0
# ... and by more than rounding can do; nats.
LEAST_GAIN = {"cpu": 0.01, "cuda": 0.05}
# Largest change of a logit relative to the logits' root mean square: rounding differs with length and chunk order.
LARGEST_CHANGE = {"cpu": 0.02, "cuda": 0.3}


@dataclass(frozen=True)
class PrefixAudit:
    """Raw values of an audit.

    Attributes:
        device: "cpu" or "cuda"; rounding differs.
        positions: int32 [rows], the audited position of each of the first scored sequences.
        full_losses, prefix_losses: float32 [rows], nats, of that position in the full sequence and without its
            future.
        prefix_hits: bool [rows], whether the likeliest class was the answer without the future.
        replaced_change, cut_change: largest change of a logit, relative to the logits' root mean square.
        changed_position: the first position whose logits changed by more than is allowed, or -1.
    """

    device: str
    positions: np.ndarray
    full_losses: np.ndarray
    prefix_losses: np.ndarray
    prefix_hits: np.ndarray
    replaced_change: float
    cut_change: float
    changed_position: int

    def as_bytes(self) -> bytes:
        """For the hash of the raw values."""
        arrays = (
            (self.positions, "<i4"),
            (self.full_losses, "<f4"),
            (self.prefix_losses, "<f4"),
            (self.prefix_hits, "u1"),
        )
        numbers = np.array([self.replaced_change, self.cut_change, self.changed_position], dtype="<f8")
        parts = [np.ascontiguousarray(values, dtype=dtype).tobytes() for values, dtype in arrays]
        return self.device.encode() + b"".join(parts) + numbers.tobytes()


@dataclass(frozen=True)
class LeakVerdict:
    """`gain`: prefix-only minus full loss, nats, paired mean; `why`: one sentence, empty where nothing is suspect."""

    suspect: bool
    gain: float
    gain_standard_error: float
    why: str


def judge_leak(audit: PrefixAudit) -> LeakVerdict:
    """The verdict on one task's trained model."""
    gains = audit.prefix_losses.astype(np.float64) - audit.full_losses.astype(np.float64)
    gain = float(gains.mean())
    error = float(gains.std(ddof=1)) / math.sqrt(len(gains)) if len(gains) > 1 else 0.0
    allowed = LARGEST_CHANGE[audit.device]
    why = ""
    if gain > LEAST_GAIN[audit.device] and gain > STANDARD_ERRORS * error:
        why = f"its loss is {gain:.3g} nats lower when the rest of the sequence is there than when it is not"
    for change, how in ((audit.replaced_change, "replaced"), (audit.cut_change, "cut off")):
        if not why and not change <= allowed:
            why = (
                f"its output at position {audit.changed_position} changes by {change:.2g} of its size when later "
                f"tokens are {how}"
            )
    return LeakVerdict(bool(why), gain, error, why)
