"""Multi-query associative recall (MQAR; Zoology, arXiv 2312.04927).

First `pairs` keys, each followed by its value; then all the keys in a new random order, and at each its value is asked
for. Tells how many bindings the state holds, and how soon the circuit forms that binds and looks up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from trainer.tasks.task import Batch, BatchStream, shuffled_rows, unanswered


@dataclass(frozen=True)
class AssociativeRecall:
    """Tokens: keys 0..keys-1, then values; sequences of 3 * pairs tokens."""

    pairs: int
    keys: int
    values: int
    name: str = "associative-recall"
    metric: Literal["accuracy", "loss"] = "accuracy"
    inputs_reveal_answers: bool = False

    @property
    def vocabulary(self) -> int:
        """Input tokens."""
        return self.keys + self.values

    @property
    def classes(self) -> int:
        """Output classes: the values."""
        return self.values

    @property
    def length(self) -> int:
        """Tokens of a sequence."""
        return 3 * self.pairs

    def stream(self, seed: int) -> BatchStream:
        """See `Task.stream`."""
        generator = np.random.Generator(np.random.PCG64(seed))

        def draw(size: int) -> Batch:
            keys = shuffled_rows(generator, size, self.keys)[:, : self.pairs]
            values = generator.integers(0, self.values, (size, self.pairs))
            order = shuffled_rows(generator, size, self.pairs)
            inputs = np.empty((size, self.length), dtype=np.int32)
            inputs[:, 0 : 2 * self.pairs : 2] = keys
            inputs[:, 1 : 2 * self.pairs : 2] = self.keys + values
            inputs[:, 2 * self.pairs :] = np.take_along_axis(keys, order, axis=1)
            targets = unanswered(inputs)
            targets[:, 2 * self.pairs :] = np.take_along_axis(values, order, axis=1)
            return Batch(inputs, targets)

        return draw
