"""One seed for every generator that a program may draw from without a seed of its own."""

from __future__ import annotations

import random

import numpy as np
import torch


def seed_everything(seed: int) -> None:
    """torch's generator, and the two that are not torch's."""
    # Where no accelerator is in use, torch.manual_seed keeps a stack trace for each kind: an eighth of all time.
    (torch if torch.cuda.is_initialized() else torch.default_generator).manual_seed(seed)
    random.seed(seed)
    np.random.seed(seed % 2**32)  # it takes no larger one
