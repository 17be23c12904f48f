"""Whether two modules are equal in all that their constructors made: then they compute the same."""

from __future__ import annotations

import functools
import types
import weakref
from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from trainer.accounting.memory import same_numbers
from trainer.foreign.lacks import PartOfTheAdapter
from trainer.worker.program import MODULE_NAME

_PLAIN = (bool, int, float, complex, str, bytes, type(None), range, torch.dtype, torch.device)


def built_alike(a: object, b: object) -> bool:
    """Equality by value, through attributes, containers and closures; what it does not know is unequal."""
    return _equal(a, b, set())


def _equal(a: Any, b: Any, compared: set[tuple[int, int]]) -> bool:
    """`compared` are pairs that are compared already, or at present: references may be circular. None of them is made
    here, so no identity is given twice."""
    if a is b or (id(a), id(b)) in compared:
        return True
    if type(a) is not type(b):
        return False
    compared.add((id(a), id(b)))
    if isinstance(a, _PLAIN):
        return bool(a == b)
    if isinstance(a, Tensor):
        alike = a.dtype == b.dtype and a.requires_grad == b.requires_grad and same_numbers(a, b)
        return alike and _equal(vars(a), vars(b), compared)
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.dtype != object and np.array_equal(a, b)
    if isinstance(a, torch.Generator):
        return bool(torch.equal(a.get_state(), b.get_state()))
    parts = _parts(a), _parts(b)
    if parts[0] is None or parts[1] is None or len(parts[0]) != len(parts[1]):
        return False
    return all(_equal(one, other, compared) for one, other in zip(*parts, strict=True))


def _parts(value: Any) -> list[object] | None:
    """All that a value consists of, in order; None where that is not known."""
    if isinstance(value, (list, tuple)):
        return [*value, *_attributes(value)]
    if isinstance(value, dict):
        return [*value.keys(), *value.values(), *_attributes(value)]
    if isinstance(value, (set, frozenset)):
        known = type(value) in (set, frozenset) and all(isinstance(item, _PLAIN) for item in value)
        return sorted(value, key=repr) if known else None
    if isinstance(value, types.FunctionType):
        cells = [cell.cell_contents for cell in value.__closure__ or ()]
        return [value.__code__, *cells, value.__defaults__, value.__kwdefaults__, vars(value)]
    if isinstance(value, types.MethodType):
        return [value.__func__, value.__self__]
    if isinstance(value, functools.partial):
        return [value.func, value.args, value.keywords]
    if isinstance(value, weakref.ref):
        return [value()]
    return _attributes(value) if _is_all_attributes(type(value)) else None


def _attributes(value: object) -> list[object]:
    attributes: dict[str, object] = getattr(value, "__dict__", {})
    return [*attributes.keys(), *attributes.values()]


def _is_all_attributes(kind: type) -> bool:
    """Whether an object of this class keeps nothing outside its dictionary."""
    return all(base is object or _is_plain_class(base) for base in kind.__mro__)


def _is_plain_class(kind: type) -> bool:
    slots: Iterable[str] = kind.__dict__.get("__slots__", ())
    return not tuple(slots) and (
        issubclass(kind, nn.Module) or kind is PartOfTheAdapter or kind.__module__ == MODULE_NAME
    )
