"""Parity: the running XOR of random bits, asked at every position.

Tells whether the state transition has a negative eigenvalue (arXiv 2411.12537): a decay in (0, 1) or a write strength
beta in (0, 1) cannot flip a sign, and stays near chance as the sequence grows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from trainer.tasks.task import Batch, BatchStream


@dataclass(frozen=True)
class Parity:
    """Random bits [B, length]; the target at t is the parity of the bits 0..t."""

    length: int
    name: str = "parity"
    metric: Literal["accuracy", "loss"] = "accuracy"
    inputs_reveal_answers: bool = False
    vocabulary: int = 2
    classes: int = 2

    def stream(self, seed: int) -> BatchStream:
        """See `Task.stream`."""
        generator = np.random.Generator(np.random.PCG64(seed))

        def draw(size: int) -> Batch:
            bits = generator.integers(0, 2, (size, self.length), dtype=np.int32)
            return Batch(bits, np.bitwise_xor.accumulate(bits, axis=1))

        return draw
