"""All objects that can be reached from others, as far as the garbage collector can see."""

from __future__ import annotations

import gc
import sys
import types
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import numpy as np
import torch

MOST_OBJECTS = 200_000
CONTAINERS = (list, tuple, set, frozenset, deque)
# None of these lead to what a program keeps: modules are everybody's, a frame is what runs now.
_OPAQUE = (types.ModuleType, types.FrameType, types.TracebackType, torch.dtype, torch.device)


class ReachedObjects:
    """A walk, breadth first, to every object once; it ends behind MOST_OBJECTS.

    Follows attributes, slots, containers, closures, default arguments, caches and constants in code; classes only if
    `module_name` is their module, and no module's namespace but that one's. Numbers in containers are left out.
    """

    def __init__(self, module_name: str) -> None:
        self.count = 0
        self._module_name = module_name
        others = (m for name, m in list(sys.modules.items()) if name != module_name and m is not None)
        self._closed = {id(getattr(module, "__dict__", None)) for module in others}

    def walk(self, roots: Iterable[object]) -> Iterator[object]:
        waiting: deque[object] = deque(roots)
        kept: dict[int, object] = {}  # alive, so that no identity is given twice
        while waiting and self.count <= MOST_OBJECTS:
            value = waiting.popleft()
            if id(value) in kept or id(value) in self._closed or self._is_foreign(value):
                continue
            kept[id(value)] = value
            self.count += 1
            yield value
            waiting.extend(_inside(value))

    def _is_foreign(self, value: object) -> bool:
        if isinstance(value, type):
            return value.__module__ != self._module_name
        return isinstance(value, _OPAQUE)


def _inside(value: Any) -> Collection[object]:
    """What a value refers to, without the numbers that are counted with it."""
    if isinstance(value, types.CodeType):
        return value.co_consts
    if isinstance(value, np.ndarray):
        return value.ravel().tolist() if value.dtype == object else ()
    inside = gc.get_referents(value)
    if isinstance(value, (*CONTAINERS, dict)):
        return [item for item in inside if not isinstance(item, (int, float, complex))]
    return inside
