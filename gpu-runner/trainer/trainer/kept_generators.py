"""The generators that a program may draw from, as they were before."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import torch

try:
    import numpy as np
except ImportError:  # a checkpoint is loaded where PyTorch alone is installed
    np = None  # type: ignore[assignment]


@contextmanager
def kept_generators() -> Iterator[None]:
    """What the body draws from the generators that `seed_everything` seeds, and seeds in them, is undone at its end."""
    of_torch, of_python = torch.get_rng_state(), random.getstate()
    of_accelerators = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else []
    of_numpy = None if np is None else np.random.get_state()
    try:
        yield
    finally:
        torch.set_rng_state(of_torch)
        random.setstate(of_python)
        if of_accelerators:
            torch.cuda.set_rng_state_all(of_accelerators)
        if of_numpy is not None:
            np.random.set_state(of_numpy)
