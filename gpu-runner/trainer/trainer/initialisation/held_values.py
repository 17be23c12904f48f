"""The numbers that a module and its program hold."""

from __future__ import annotations

import functools
import sys
import types
from collections import deque
from collections.abc import Iterator
from typing import Any

import numpy as np
from torch import nn

from trainer.accounting.reached_objects import MOST_OBJECTS
from trainer.initialisation.values import Values, values_in
from trainer.worker.program import MODULE_NAME

_OPAQUE = (types.ModuleType, types.FrameType, types.TracebackType, types.CodeType, str, bytes, int, float, complex)
_OF_MODULES = ("_parameters", "_buffers", "_modules")  # their contents have the names of their own
_KEYS = (str, int, float, bool, tuple, type(None))


def held_values(module: nn.Module) -> dict[str, Values]:
    """Parameters, buffers and all that the module's attributes and the program's globals lead to: through containers,
    objects, closures, default arguments and classes of the program's own; by paths, which are the same in every
    building of the program."""
    namespace = vars(sys.modules[MODULE_NAME]) if MODULE_NAME in sys.modules else {}
    # The module first: what a global leads to as well has the name that its author gave to a part.
    waiting: deque[tuple[str, Any]] = deque([("", module)])
    waiting += [(f"global {name}", value) for name, value in namespace.items() if not name.startswith("__")]
    held: dict[str, Values] = {}
    known: dict[int, object] = {}  # alive, so that no identity is given twice
    while waiting and len(known) < MOST_OBJECTS:
        path, value = waiting.popleft()
        if id(value) in known or isinstance(value, _OPAQUE) or _is_foreign(value):
            continue
        known[id(value)] = value
        values = values_in(value)
        if values is not None:
            held[path] = values
        else:
            waiting += [(f"{path}.{name}".lstrip("."), inner) for name, inner in _inside(value)]
    return held


def _is_foreign(value: object) -> bool:
    return isinstance(value, (type, types.FunctionType)) and value.__module__ != MODULE_NAME


def _inside(value: Any) -> Iterator[tuple[str, object]]:
    """What a value consists of, by names that do not depend on where it lies in memory."""
    if isinstance(value, nn.Module):
        parts = value._parameters, value._buffers, value._modules
        yield from (item for part in parts for item in part.items())
    elif isinstance(value, dict):
        yield from ((str(key), inner) for key, inner in value.items() if isinstance(key, _KEYS))
    elif isinstance(value, np.ndarray):
        yield from ((str(place), inner) for place, inner in enumerate(value.ravel().tolist()))
    elif isinstance(value, (list, tuple, deque)):
        yield from ((str(place), inner) for place, inner in enumerate(value))
    elif isinstance(value, types.FunctionType):
        cells = zip(value.__code__.co_freevars, value.__closure__ or (), strict=True)
        yield from ((name, cell.cell_contents) for name, cell in cells if cell != types.CellType())
        yield from ((str(place), inner) for place, inner in enumerate(value.__defaults__ or ()))
        yield from (value.__kwdefaults__ or {}).items()
    elif isinstance(value, types.MethodType):
        yield from (("__func__", value.__func__), ("__self__", value.__self__))
    elif isinstance(value, functools.partial):
        yield from (("func", value.func), ("args", value.args), ("keywords", value.keywords))
    elif isinstance(value, property):
        yield "fget", value.fget
    elif isinstance(value, (staticmethod, classmethod)):
        yield "__func__", value.__func__
    kept = getattr(value, "__dict__", None)
    if isinstance(kept, (dict, types.MappingProxyType)):
        yield from ((str(name), inner) for name, inner in kept.items() if name not in _OF_MODULES)
    slots = [getattr(kind, "__slots__", ()) for kind in type(value).__mro__ if kind.__module__ == MODULE_NAME]
    for slot in [name for names in slots for name in ((names,) if isinstance(names, str) else names)]:
        if hasattr(value, slot):
            yield slot, getattr(value, slot)
