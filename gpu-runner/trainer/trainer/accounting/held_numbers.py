"""All numbers that can be reached from an object, in whatever they are kept: tables that no parameter count shows."""

from __future__ import annotations

import array
import gc
import sys
import types
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from trainer.accounting.memory import memory_address, storage_elements

MOST_OBJECTS = 200_000
_BYTES_PER_NUMBER = 4
_CONTAINERS = (list, tuple, set, frozenset, deque)
_TEXT = (str, bytes, bytearray, memoryview, array.array)
# None of these lead to what a program keeps: modules are everybody's, a frame is what runs now.
_OPAQUE = (types.ModuleType, types.FrameType, types.TracebackType, torch.dtype, torch.device)


@dataclass(frozen=True)
class Holding:
    """A place with numbers; `address` is that of its memory, of tensors and arrays only."""

    elements: int
    what: str
    address: int | None = None


def held_numbers(roots: Iterable[object], module_name: str) -> list[Holding]:
    """Every place with numbers that the roots lead to, the largest first.

    Follows attributes, slots, containers, closures, default arguments, caches and constants in code, as far as the
    garbage collector can see; classes only if `module_name` is their module, and no module's namespace but that one's.
    Text counts a number for four bytes. More than 200,000 objects are a table themselves.
    """
    walk = _Walk(module_name)
    found = sorted(walk.holdings(roots), key=lambda holding: holding.elements, reverse=True)
    if walk.objects > MOST_OBJECTS:
        found.insert(0, Holding(walk.objects, f"more than {MOST_OBJECTS} Python objects"))
    return found


class _Walk:
    """Breadth first; every object once."""

    def __init__(self, module_name: str) -> None:
        self.objects = 0
        self._module_name = module_name
        others = (m for name, m in list(sys.modules.items()) if name != module_name and m is not None)
        self._closed = {id(getattr(module, "__dict__", None)) for module in others}

    def holdings(self, roots: Iterable[object]) -> Iterator[Holding]:
        waiting: deque[object] = deque(roots)
        kept: dict[int, object] = {}  # alive, so that no identity is given twice
        addresses: set[int] = set()
        while waiting and self.objects <= MOST_OBJECTS:
            value = waiting.popleft()
            if id(value) in kept or id(value) in self._closed or self._is_foreign(value):
                continue
            kept[id(value)] = value
            self.objects += 1
            holding = _holding(value)
            if holding is not None and holding.address not in addresses:
                if holding.address is not None:
                    addresses.add(holding.address)
                yield holding
            waiting.extend(_inside(value))

    def _is_foreign(self, value: object) -> bool:
        if isinstance(value, type):
            return value.__module__ != self._module_name
        return isinstance(value, _OPAQUE)


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
    if isinstance(value, (*_CONTAINERS, dict)):
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


def _inside(value: Any) -> Collection[object]:
    """What a value refers to, without the numbers that are counted with it."""
    if isinstance(value, types.CodeType):
        return value.co_consts
    if isinstance(value, np.ndarray):
        return value.ravel().tolist() if value.dtype == object else ()
    inside = gc.get_referents(value)
    if isinstance(value, (*_CONTAINERS, dict)):
        return [item for item in inside if not isinstance(item, (int, float, complex))]
    return inside
