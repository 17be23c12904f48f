"""Fuzzy recall: associative recall in which a key is two tokens long (after MAD, arXiv 2403.17844).

First `pairs` triples (symbol, symbol, value) with distinct ordered pairs of symbols, then the pairs of symbols again in
random order; the value is asked for at the second symbol. Neither symbol alone identifies the key, so a mixer must join
neighbouring tokens (a short convolution, or an earlier layer) before it binds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from trainer.tasks.task import Batch, BatchStream, shuffled_rows, unanswered


@dataclass(frozen=True)
class FuzzyRecall:
    """Tokens: symbols 0..symbols-1, then values; sequences of 5 * pairs tokens."""

    pairs: int
    symbols: int
    values: int
    name: str = "fuzzy-recall"
    metric: Literal["accuracy", "loss"] = "accuracy"
    inputs_reveal_answers: bool = False

    @property
    def vocabulary(self) -> int:
        """Input tokens."""
        return self.symbols + self.values

    @property
    def classes(self) -> int:
        """Output classes: the values."""
        return self.values

    @property
    def length(self) -> int:
        """Tokens of a sequence."""
        return 5 * self.pairs

    def stream(self, seed: int) -> BatchStream:
        """See `Task.stream`."""
        generator = np.random.Generator(np.random.PCG64(seed))

        def draw(size: int) -> Batch:
            keys = shuffled_rows(generator, size, self.symbols**2)[:, : self.pairs]
            values = generator.integers(0, self.values, (size, self.pairs))
            order = shuffled_rows(generator, size, self.pairs)
            asked = np.take_along_axis(keys, order, axis=1)
            triples = np.stack((keys // self.symbols, keys % self.symbols, self.symbols + values), axis=2)
            queries = np.stack((asked // self.symbols, asked % self.symbols), axis=2)
            inputs = np.concatenate((triples.reshape(size, -1), queries.reshape(size, -1)), axis=1).astype(np.int32)
            targets = unanswered(inputs)
            targets[:, 3 * self.pairs + 1 :: 2] = np.take_along_axis(values, order, axis=1)
            return Batch(inputs, targets)

        return draw
