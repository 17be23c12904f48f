"""Numbers that a program holds, in a tensor, in an array or in a plain container."""

from __future__ import annotations

import array
from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.nn.parameter import is_lazy

from trainer.accounting.memory import same_numbers

_CONTAINERS = (list, tuple, deque, array.array)  # themselves, not what is derived from them: a time is a tuple, too
_NUMBERS = (int, float, complex, np.number)
_ADDRESS = 2**32
_FEWEST = 2  # a single number is a count, an identity or a time more often than a draw


@dataclass(frozen=True)
class Values:
    """The numbers of one place."""

    content: torch.Tensor | np.ndarray | tuple[Any, ...]

    @property
    def size(self) -> int:
        return len(self.content) if isinstance(self.content, tuple) else int(np.prod(self.content.shape))

    def same(self, other: Values) -> bool:
        """Of one type and equal, NaN to itself too."""
        a, b = self.content, other.content
        if isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor):
            return a.dtype == b.dtype and same_numbers(a, b)
        if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
            return a.dtype == b.dtype and np.array_equal(a, b, equal_nan=True)
        if isinstance(a, tuple) and isinstance(b, tuple):
            return len(a) == len(b) and all(x == y or (x != x and y != y) for x, y in zip(a, b, strict=True))
        return False


def values_in(value: object) -> Values | None:
    """Those of a tensor, of an array, or of a container that has nothing but numbers in it."""
    if isinstance(value, torch.Tensor):
        return None if value.is_meta or is_lazy(value) else Values(value.detach())
    if isinstance(value, np.ndarray):
        return Values(value) if value.dtype.kind in "biufc" else None
    if type(value) in (set, frozenset) and _all_numbers(value):
        return Values(tuple(sorted(value, key=repr)))  # type: ignore[call-overload]
    if type(value) in _CONTAINERS and _all_numbers(value):
        return Values(tuple(value))  # type: ignore[arg-type]
    return None


def _all_numbers(items: Any) -> bool:
    """Identities of objects (`id`) are numbers too, but of where they lie."""
    numbers = all(isinstance(item, _NUMBERS) and not isinstance(item, bool) for item in items)
    return numbers and len(items) >= _FEWEST and not all(isinstance(item, int) and item > _ADDRESS for item in items)
