"""Fuzzy recall: associative recall in which a key is two tokens long (after MAD, arXiv 2403.17844).

First `pairs` triples (symbol, symbol, value) with distinct ordered pairs of symbols, then the pairs of symbols again in
random order; the value is asked for at the second symbol. Every symbol that stands first stands so in exactly two keys
of the sequence, and every one that stands second in two: neither alone says more than which two values are possible.
So a mixer must join neighbouring tokens (a short convolution, or an earlier layer) before it binds.
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

    def __post_init__(self) -> None:
        if self.pairs % 2 != 0 or self.pairs < 4 or 2 * self.symbols < self.pairs:
            raise ValueError(
                "fuzzy recall needs an even number of pairs, at least 4, and at least half as many symbols"
            )

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
            first, second = self._keys(generator, size)
            values = generator.integers(0, self.values, (size, self.pairs))
            order = shuffled_rows(generator, size, self.pairs)
            triples = np.stack((first, second, self.symbols + values), axis=2)
            queries = np.stack([np.take_along_axis(one, order, axis=1) for one in (first, second)], axis=2)
            inputs = np.concatenate((triples.reshape(size, -1), queries.reshape(size, -1)), axis=1).astype(np.int32)
            targets = unanswered(inputs)
            targets[:, 3 * self.pairs + 1 :: 2] = np.take_along_axis(values, order, axis=1)
            return Batch(inputs, targets)

        return draw

    def _keys(self, generator: np.random.Generator, size: int) -> tuple[np.ndarray, np.ndarray]:
        """First and second symbols, [size, pairs] each: on a circle of `pairs` symbols, alternately first and second
        ones, each two neighbours are a key; in random order."""
        half = self.pairs // 2
        first, second = (shuffled_rows(generator, size, self.symbols)[:, :half] for _ in range(2))
        order = shuffled_rows(generator, size, self.pairs)
        keys = np.repeat(first, 2, axis=1), np.concatenate([np.repeat(second, 2, axis=1)[:, 1:], second[:, :1]], axis=1)
        return np.take_along_axis(keys[0], order, axis=1), np.take_along_axis(keys[1], order, axis=1)
