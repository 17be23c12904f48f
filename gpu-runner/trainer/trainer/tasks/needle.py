"""Needles in a haystack: a few (key, value) pairs far apart in filler, asked for at the end.

The pairs begin at random even places, the rest is random filler; then all the keys come in a random order, and at each
its value is asked for. Tells how long a binding lives while much else passes by: a decay forgets it, an additive state
keeps it (design notes, 2.5). The opposite of the language model, which rewards decay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from trainer.tasks.task import Batch, BatchStream, shuffled_rows, unanswered


@dataclass(frozen=True)
class Needle:
    """Tokens: keys 0..keys-1, values, fillers; sequences of `haystack` tokens with the pairs in them, then the keys."""

    pairs: int
    haystack: int
    keys: int
    values: int
    fillers: int
    name: str = "needle"
    metric: Literal["accuracy", "loss"] = "accuracy"
    inputs_reveal_answers: bool = False

    def __post_init__(self) -> None:
        if not self.pairs <= min(self.keys, self.haystack // 2):
            raise ValueError("needles need a key and two places of the haystack each")

    @property
    def vocabulary(self) -> int:
        """Input tokens."""
        return self.keys + self.values + self.fillers

    @property
    def classes(self) -> int:
        """Output classes: the values."""
        return self.values

    @property
    def length(self) -> int:
        """Tokens of a sequence."""
        return self.haystack + self.pairs

    def stream(self, seed: int) -> BatchStream:
        """See `Task.stream`."""
        generator = np.random.Generator(np.random.PCG64(seed))
        first_filler = self.keys + self.values

        def draw(size: int) -> Batch:
            keys = shuffled_rows(generator, size, self.keys)[:, : self.pairs]
            values = generator.integers(0, self.values, (size, self.pairs))
            places = 2 * shuffled_rows(generator, size, self.haystack // 2)[:, : self.pairs]
            order = shuffled_rows(generator, size, self.pairs)
            inputs = np.empty((size, self.length), dtype=np.int32)
            inputs[:, : self.haystack] = generator.integers(first_filler, self.vocabulary, (size, self.haystack))
            np.put_along_axis(inputs, places, keys, axis=1)
            np.put_along_axis(inputs, places + 1, self.keys + values, axis=1)
            inputs[:, self.haystack :] = np.take_along_axis(keys, order, axis=1)
            targets = unanswered(inputs)
            targets[:, self.haystack :] = np.take_along_axis(values, order, axis=1)
            return Batch(inputs, targets)

        return draw
