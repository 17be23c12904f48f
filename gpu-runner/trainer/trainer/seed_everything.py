"""One seed for every generator that a program may draw from without a seed of its own."""

from __future__ import annotations

import random

import torch

try:
    import numpy as np
except ImportError:  # a checkpoint is loaded where PyTorch alone is installed
    np = None  # type: ignore[assignment]


def seed_everything(seed: int, device: str = "cpu") -> None:
    """torch's generator, and the two that are not torch's; of `device` too, where that is not in use yet."""
    # Where no accelerator is in use, torch.manual_seed keeps a stack trace for each kind: an eighth of all time.
    everywhere = device != "cpu" or torch.cuda.is_initialized()
    (torch if everywhere else torch.default_generator).manual_seed(seed)
    random.seed(seed)
    if np is not None:
        np.random.seed(seed % 2**32)  # it takes no larger one
