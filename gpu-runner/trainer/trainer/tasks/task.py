"""What every task is: an endless stream of token sequences with targets at the places that are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

NO_ANSWER = -1


@dataclass(frozen=True)
class Batch:
    """Sequences with their answers.

    Attributes:
        inputs: int32 [B,T], tokens in [0, vocabulary).
        targets: int32 [B,T], the class asked for at each position, in [0, classes), or NO_ANSWER; every row has one.
    """

    inputs: np.ndarray
    targets: np.ndarray


class BatchStream(Protocol):
    """Draws the next batch of a stream; equal seeds give equal streams."""

    def __call__(self, size: int) -> Batch: ...


class Task(Protocol):
    """A family of sequences of one length.

    Attributes:
        name: the name in results.
        metric: what ranks programs on it.
        vocabulary, classes: numbers of input tokens and of output classes.
        length: T, the tokens of a sequence.
        inputs_reveal_answers: whether an answer occurs later in the same input (next-token targets), so that a program
            that looks ahead would gain; such tasks are audited for leaks on the trained weights.
    """

    @property
    def name(self) -> str: ...
    @property
    def metric(self) -> Literal["accuracy", "loss"]: ...
    @property
    def vocabulary(self) -> int: ...
    @property
    def classes(self) -> int: ...
    @property
    def length(self) -> int: ...
    @property
    def inputs_reveal_answers(self) -> bool: ...

    def stream(self, seed: int) -> BatchStream:
        """A stream of batches that depends on the seed only."""
        ...


def unanswered(inputs: np.ndarray) -> np.ndarray:
    """Targets of the inputs' shape in which nothing is asked yet."""
    return np.full(inputs.shape, NO_ANSWER, dtype=np.int32)


def shuffled_rows(generator: np.random.Generator, rows: int, size: int) -> np.ndarray:
    """[rows, size]: an independent random permutation of 0..size-1 in every row."""
    return generator.random((rows, size)).argsort(axis=1)
