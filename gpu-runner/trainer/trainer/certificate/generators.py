"""Random generators that a program keeps for itself: they heed no seed of torch, Python or numpy."""

from __future__ import annotations

import copy
import random
from typing import Any

import numpy as np
import torch
from torch import Tensor

_OF_NUMPY = (np.random.Generator, np.random.RandomState, np.random.BitGenerator)


def is_own_generator(value: object) -> bool:
    """Whether it draws from a state of its own that can be kept; that of the system has none."""
    if not isinstance(value, (torch.Generator, random.Random, *_OF_NUMPY)) or isinstance(value, random.SystemRandom):
        return False
    shared = torch.default_generator, getattr(random.random, "__self__", None), np.random.mtrand._rand
    return not any(value is generator for generator in shared)


def state_of(generator: Any) -> Any:
    """What `set_state` takes; later draws do not change it."""
    if isinstance(generator, torch.Generator):
        return generator.get_state()
    return generator.getstate() if isinstance(generator, random.Random) else copy.deepcopy(_bits(generator).state)


def set_state(generator: Any, state: Any) -> None:
    if isinstance(generator, torch.Generator):
        generator.set_state(state)
    elif isinstance(generator, random.Random):
        generator.setstate(state)
    else:
        _bits(generator).state = state


def told(state: Any) -> str | bytes:
    """A state in a form that compares by value: numpy's hold arrays."""
    return state.numpy().tobytes() if isinstance(state, Tensor) else repr(state)


def _bits(generator: Any) -> Any:
    """What holds the state of a generator of numpy."""
    if isinstance(generator, np.random.RandomState):
        return generator._bit_generator
    return generator.bit_generator if isinstance(generator, np.random.Generator) else generator
