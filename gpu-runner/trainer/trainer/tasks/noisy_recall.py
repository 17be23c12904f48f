"""Noisy recall: associations seen again and again in a stream, between pairs of noise (after MAD, arXiv 2403.17844).

Each row has its own random map from keys to values. The sequence consists of (key, value) pairs with random keys, a
fixed share of them replaced by pairs of noise tokens; the value is asked for at every key that occurred before. Tells
how soon a look-up forms that noise does not disturb; not whether noise is kept out of the state, which at the sizes of
the suites holds it beside the bindings (`test/bench/orderings.py`: a plain sum of unit keys solves the task). The
answer is the next token, so this task is audited.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from trainer.tasks.task import NO_ANSWER, Batch, BatchStream, shuffled_rows


@dataclass(frozen=True)
class NoisyRecall:
    """Tokens: keys, values, noise; sequences of 2 * pairs tokens, `noisy_pairs` of the pairs are noise.

    There must be more true pairs than keys, so that every row repeats a key and thus has an answer.
    """

    pairs: int
    noisy_pairs: int
    keys: int
    values: int
    noise: int
    name: str = "noisy-recall"
    metric: Literal["accuracy", "loss"] = "accuracy"
    inputs_reveal_answers: bool = True

    def __post_init__(self) -> None:
        if self.pairs - self.noisy_pairs <= self.keys:
            raise ValueError("noisy recall needs more true pairs than keys")

    @property
    def vocabulary(self) -> int:
        """Input tokens."""
        return self.keys + self.values + self.noise

    @property
    def classes(self) -> int:
        """Output classes: the values."""
        return self.values

    @property
    def length(self) -> int:
        """Tokens of a sequence."""
        return 2 * self.pairs

    def stream(self, seed: int) -> BatchStream:
        """See `Task.stream`."""
        generator = np.random.Generator(np.random.PCG64(seed))
        earlier = np.tri(self.pairs, k=-1, dtype=bool)

        def draw(size: int) -> Batch:
            value_of_key = generator.integers(0, self.values, (size, self.keys))
            keys = generator.integers(0, self.keys, (size, self.pairs))
            values = np.take_along_axis(value_of_key, keys, axis=1)
            noisy = shuffled_rows(generator, size, self.pairs) < self.noisy_pairs
            noise = self.keys + self.values + generator.integers(0, self.noise, (size, self.pairs, 2))
            pairs = np.where(noisy[:, :, None], noise, np.stack((keys, self.keys + values), axis=2))
            same_key = (keys[:, :, None] == keys[:, None, :]) & ~noisy[:, None, :] & earlier
            asked = same_key.any(axis=2) & ~noisy
            targets = np.full((size, self.pairs, 2), NO_ANSWER, dtype=np.int32)
            targets[:, :, 0] = np.where(asked, values, NO_ANSWER)
            return Batch(pairs.reshape(size, -1).astype(np.int32), targets.reshape(size, -1))

        return draw
