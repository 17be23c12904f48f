"""All numbers that can be reached from an object, in whatever they are kept: tables that no parameter count shows."""

from __future__ import annotations

import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from trainer.accounting.memory import memory_address, storage_elements
from trainer.accounting.reached_objects import CONTAINERS, MOST_OBJECTS, ReachedObjects

_BYTES_PER_NUMBER = 4
_TEXT = (str, bytes, bytearray, memoryview, array.array)


@dataclass(frozen=True)
class Holding:
    """A place with numbers; `address` is that of its memory, of tensors and arrays only."""

    elements: int
    what: str
    address: int | None = None


def held_numbers(roots: Iterable[object], module_name: str) -> list[Holding]:
    """Every place with numbers that the roots lead to (`ReachedObjects`), the largest first.

    Text counts a number for four bytes. More than 200,000 objects are a table themselves.
    """
    reached = ReachedObjects(module_name)
    found = sorted(_holdings(reached.walk(roots)), key=lambda holding: holding.elements, reverse=True)
    if reached.count > MOST_OBJECTS:
        found.insert(0, Holding(reached.count, f"more than {MOST_OBJECTS} Python objects"))
    return found


def _holdings(values: Iterable[object]) -> Iterator[Holding]:
    addresses: set[int] = set()
    for value in values:
        holding = _holding(value)
        if holding is not None and holding.address not in addresses:
            if holding.address is not None:
                addresses.add(holding.address)
            yield holding


def _holding(value: Any) -> Holding | None:
    if isinstance(value, torch.Tensor):
        return Holding(storage_elements(value), f"a tensor of shape {list(value.shape)}", memory_address(value))
    if isinstance(value, np.ndarray):
        while isinstance(value.base, np.ndarray):
            value = value.base
        return Holding(value.size, f"an array of shape {list(value.shape)}", value.ctypes.data)
    if isinstance(value, _TEXT):
        size = len(value) if isinstance(value, str) else memoryview(value).nbytes
        return _many(size // _BYTES_PER_NUMBER, f"{type(value).__name__} of length {len(value)}")
    if isinstance(value, (*CONTAINERS, dict)):
        items = value.values() if isinstance(value, dict) else value
        return _many(sum(_numbers(item) for item in items), f"a {type(value).__name__} of {len(value)} items")
    return _many(_numbers(value), "a long integer")


def _many(elements: int, what: str) -> Holding | None:
    return Holding(elements, what) if elements else None


def _numbers(value: object) -> int:
    """1 for a number, and one for every 32 bits of a long integer."""
    if isinstance(value, int):
        return max(1, value.bit_length() // 32)
    return int(isinstance(value, (float, complex)))
