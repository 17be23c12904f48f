"""A byte language model: predict the next byte of generated program text, in nats per byte.

The loss is asked at every position of random windows. Training reads a corpus of fixed size from one seed; held-out
windows are cut from fresh documents of another. Mostly tells how well local structure is mixed (a short convolution
gets far), and in the tail whether names bound earlier in the window are recalled. The answer is the next token, so this
task is audited.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from trainer.tasks.program_text import program_text
from trainer.tasks.task import Batch, BatchStream


@dataclass(frozen=True)
class LanguageModel:
    """Windows of `length` bytes (ASCII, 128 classes) from a corpus of `corpus_bytes` bytes."""

    length: int
    corpus_bytes: int
    name: str = "language-model"
    metric: Literal["accuracy", "loss"] = "loss"
    inputs_reveal_answers: bool = True
    vocabulary: int = 128
    classes: int = 128

    def stream(self, seed: int) -> BatchStream:
        """See `Task.stream`."""
        generator = np.random.Generator(np.random.PCG64(seed))
        corpus = np.frombuffer(program_text(seed, self.corpus_bytes), dtype=np.uint8).astype(np.int32)
        offsets = np.arange(self.length + 1)

        def draw(size: int) -> Batch:
            starts = generator.integers(0, len(corpus) - self.length, size)
            windows = corpus[starts[:, None] + offsets]
            return Batch(np.ascontiguousarray(windows[:, :-1]), np.ascontiguousarray(windows[:, 1:]))

        return draw
