"""Whether a call draws random numbers, and from whose generator."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import Any, Literal

import numpy as np
import torch
from torch.utils._pytree import tree_leaves

from trainer.accounting.dispatch_mode import DispatchMode
from trainer.certificate.generators import state_of, told

Draws = Literal["none", "shared", "own"]


def draws_of(call: Callable[[], object], kept: Iterable[object]) -> Draws:
    """Of a generator that one of the operators is given or that the program has `kept` ("own"), or of torch's, Python's
    or numpy's ("shared")."""
    kept = list(kept)
    before, kept_before = _shared_generators(), [told(state_of(generator)) for generator in kept]
    with _OwnGenerators() as seen:
        call()
    if seen.own or kept_before != [told(state_of(generator)) for generator in kept]:
        return "own"
    return "none" if _shared_generators() == before else "shared"


class _OwnGenerators(DispatchMode):
    supports_higher_order_operators = True  # torch.cond and its like pass through it

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
