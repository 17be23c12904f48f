"""Peak memory over a training, in bytes by step: of programs whose memory settles, and of one that keeps tensors."""

import math
from collections.abc import Callable

import numpy as np

MIB = 1 << 20
LIMIT = 4 << 30

Memory = Callable[[int], int]


def kept(mib_a_step: float, start_mib: float = 800.0) -> Memory:
    """A fixed amount a step that is never let go."""
    return lambda step: int((start_mib + mib_a_step * step) * MIB)


def full_at(memory: Memory, steps: int) -> int | None:
    """The step at which the limit is reached; None where none of the task is."""
    return next((step for step in range(1, steps + 1) if memory(step) >= LIMIT), None)


def settling(steps: int, generator: np.random.Generator) -> Memory:
    """An honest program that ends below the limit, by up to the whole room: an allocator that fills, jumps (a table
    built late), or the largest of amounts that differ from step to step."""
    start = generator.uniform(500, 1200)
    room = (LIMIT / MIB - start) * generator.uniform(0, 1)
    kind = generator.integers(3)
    at = np.arange(steps + 1) / steps
    if kind == 0:
        risen = 1 - np.exp(-at / generator.uniform(0.01, 0.3))
    elif kind == 1:
        jumps = generator.uniform(0, 1, generator.integers(1, 8))
        risen = (at[:, None] >= jumps).mean(1)
    else:
        drawn = generator.normal(0.5, generator.uniform(0.02, 0.2), steps + 1)
        risen = np.maximum.accumulate(drawn) / max(drawn.max(), 1e-9)
    drift = np.cumsum(generator.exponential(generator.choice([0, 0.01, 0.1]), steps + 1))
    mib = np.minimum(start + np.maximum(risen, 0) * room + drift, LIMIT / MIB - 1)
    return lambda step: math.floor(mib[step] * MIB)
