"""Overwrite recall: associative recall in which keys get new values before they are asked for.

First `pairs` keys with values, then `updates` further pairs whose keys are drawn from those keys, then every key once
in random order; the answer is the latest value. A state that only adds keeps the old value beside the new; the delta
rule (arXiv 2406.06484) removes it, and a decay makes it weaker, which is enough for most answers. What the task tells
is who weighs new values against old, by either way; not that one replaces.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from trainer.tasks.task import Batch, BatchStream, shuffled_rows, unanswered


@dataclass(frozen=True)
class OverwriteRecall:
    """Tokens: keys 0..keys-1, then values; sequences of 3 * pairs + 2 * updates tokens."""

    pairs: int
    updates: int
    keys: int
    values: int
    name: str = "overwrite-recall"
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
        return 3 * self.pairs + 2 * self.updates

    def stream(self, seed: int) -> BatchStream:
        """See `Task.stream`."""
        generator = np.random.Generator(np.random.PCG64(seed))
        writes = self.pairs + self.updates

        def draw(size: int) -> Batch:
            keys = shuffled_rows(generator, size, self.keys)[:, : self.pairs]
            again = generator.integers(0, self.pairs, (size, self.updates))
            slots = np.concatenate((np.broadcast_to(np.arange(self.pairs), (size, self.pairs)), again), axis=1)
            values = generator.integers(0, self.values, (size, writes))
            latest = np.empty((size, self.pairs), dtype=np.int64)
            for write in range(writes):
                latest[np.arange(size), slots[:, write]] = values[:, write]
            order = shuffled_rows(generator, size, self.pairs)
            inputs = np.empty((size, self.length), dtype=np.int32)
            inputs[:, 0 : 2 * writes : 2] = np.take_along_axis(keys, slots, axis=1)
            inputs[:, 1 : 2 * writes : 2] = self.keys + values
            inputs[:, 2 * writes :] = np.take_along_axis(keys, order, axis=1)
            targets = unanswered(inputs)
            targets[:, 2 * writes :] = np.take_along_axis(latest, order, axis=1)
            return Batch(inputs, targets)

        return draw
