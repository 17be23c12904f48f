"""Whether a call draws random numbers, and from whose generator."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import torch
from torch.utils._pytree import tree_leaves

from trainer.accounting.dispatch_mode import DispatchMode

Draws = Literal["none", "shared", "own"]


def draws_of(call: Callable[[], object]) -> Draws:
    """Of a generator that one of the operators is given ("own"), or of torch's, Python's or numpy's ("shared")."""
    before = _shared_generators()
    with _OwnGenerators() as seen:
        call()
    if seen.own:
        return "own"
    return "none" if _shared_generators() == before else "shared"


class _OwnGenerators(DispatchMode):
    def __init__(self) -> None:
        super().__init__()
        self.own = False

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.own |= any(
            isinstance(leaf, torch.Generator) and leaf is not torch.default_generator
            for leaf in tree_leaves((args, kwargs))
        )
        return func(*args, **(kwargs or {}))


def _shared_generators() -> tuple[bytes, object, str]:
    return torch.default_generator.get_state().numpy().tobytes(), random.getstate(), repr(np.random.get_state())
