"""Draws that come out otherwise, whatever seed the program that draws has set."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch.utils._pytree import tree_leaves

from trainer.accounting.dispatch_mode import DispatchMode
from trainer.protocol.seeds import seed_from

_OF_NUMPY = ("RandomState", "SeedSequence", "MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64")
_SEEDS = ("seed", "entropy", "a", "x")  # what the first argument of a generator is called


@contextmanager
def other_draws(number: int) -> Iterator[None]:
    """All draws of the body are replaced by others, which depend on `number`: of torch with every generator; of numpy
    and of Python with those that are made or seeded in the body, by names that it looks up there."""
    replacements = _replacements(number)
    kept = [getattr(owner, name) for owner, name, _ in replacements]
    try:
        for owner, name, other in replacements:
            setattr(owner, name, other)
        with _OtherDrawsOfTorch(number):
            yield
    finally:
        for (owner, name, _), value in zip(replacements, kept, strict=True):
            setattr(owner, name, value)


class _OtherDrawsOfTorch(DispatchMode):
    """Seeds the generator of every operator that draws, just before it does."""

    supports_higher_order_operators = True

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self.drawn = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if torch.Tag.nondeterministic_seeded in getattr(func, "tags", ()):
            self.drawn += 1
            seed = seed_from("other draws", self.number, self.drawn)
            own = [leaf for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, torch.Generator)]
            if not own and torch.cuda.is_initialized():
                torch.cuda.manual_seed_all(seed)
            for generator in own or (torch.default_generator,):
                generator.manual_seed(seed)
        return func(*args, **(kwargs or {}))


def _replacements(number: int) -> list[tuple[Any, str, object]]:
    """(owner, name, what is there instead)."""
    return [
        *((np.random, name, _other_class(getattr(np.random, name), number)) for name in _OF_NUMPY),
        *((np.random, name, _other_call(getattr(np.random, name), number)) for name in ("default_rng", "seed")),
        (random, "seed", _other_call(random.seed, number)),
        (random, "Random", _other_class(random.Random, number)),
    ]


def _other_class(kind: Any, number: int) -> object:
    """A class, because a program may ask what is an instance of it: whatever is one of `kind`."""

    def built(self: Any, *args: Any, **kwargs: Any) -> None:
        kind.__init__(self, *_other_seeds(args, number), **_other_named_seeds(kwargs, number))

    def seeded(self: Any, *args: Any, **kwargs: Any) -> None:
        kind.seed(self, *_other_seeds(args, number), **_other_named_seeds(kwargs, number))

    class Alike(type(kind)):  # type: ignore[misc]
        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, kind)

    methods = {"__init__": built, **({"seed": seeded} if hasattr(kind, "seed") else {})}
    return Alike(kind.__name__, (kind,), methods)


def _other_call(function: Callable[..., Any], number: int) -> Callable[..., Any]:
    def called(*args: Any, **kwargs: Any) -> Any:
        return function(*_other_seeds(args, number), **_other_named_seeds(kwargs, number))

    return called


def _other_seeds(args: tuple[Any, ...], number: int) -> tuple[Any, ...]:
    return tuple(_other_seed(value, number) if place == 0 else value for place, value in enumerate(args))


def _other_named_seeds(kwargs: dict[str, Any], number: int) -> dict[str, Any]:
    return {name: _other_seed(value, number) if name in _SEEDS else value for name, value in kwargs.items()}


def _other_seed(seed: Any, number: int) -> Any:
    """Another seed in place of one that says by itself what is drawn; generators and their parts stay."""
    plain = isinstance(seed, (int, float, str, bytes, list, tuple, np.integer, np.ndarray))
    return seed_from("other draws", number, repr(seed)) % 2**32 if plain else seed
