"""State that a program keeps outside its module: in globals, class attributes and attributes of functions."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from trainer.accounting.memory import same_numbers
from trainer.certificate.generators import is_own_generator, set_state, state_of, told
from trainer.torch_settings import restored_torch_settings, torch_settings
from trainer.worker.program import MODULE_NAME

_SIMPLE = (bool, int, float, complex, str, bytes, type(None))
_MISSING = object()


def global_state() -> dict[str, object]:
    """Copies of all plain values (numbers, text, tensors, containers of them), and torch's own settings, by name."""
    drawn = {name: told(state_of(value)) for name, value in _attributes() if is_own_generator(value)}
    return {**torch_settings(), **drawn, **{name: copied(value) for _, _, name, value in _places()}}


def generators_around(module: nn.Module) -> list[object]:
    """Those that the program keeps in its globals, classes and functions, and in the module."""
    within = (value for part in module.modules() for value in vars(part).values())
    return [value for value in (*within, *(value for _, value in _attributes())) if is_own_generator(value)]


@dataclass(frozen=True)
class GlobalsThen:
    """What the program kept outside its modules at one moment.

    Attributes:
        program: the module of Python that it was.
        bound: owner, key, value and its copy of whatever has a name; of what is no plain value the copy is the value.
        generators: the program's own, with their states.
    """

    program: object
    bound: tuple[tuple[object, str, object, Any], ...]
    generators: tuple[tuple[Any, object], ...]


def globals_now(like: GlobalsThen | None = None) -> GlobalsThen:
    """What `put_back` needs. Copies that `like` has of equal values are shared with it: tables may be large."""
    known = {(id(owner), key): copy for owner, key, _, copy in like.bound} if like is not None else {}

    def copy_of(owner: object, key: str, value: object) -> object:
        earlier = known.get((id(owner), key), _MISSING)
        return earlier if same(value, earlier) else copied(value)

    return GlobalsThen(
        sys.modules.get(MODULE_NAME),
        tuple((owner, key, value, copy_of(owner, key, value)) for owner, key, _, value in _bindings()),
        tuple((value, state_of(value)) for _, value in _attributes() if is_own_generator(value)),
    )


def put_back(then: GlobalsThen) -> None:
    """Undoes what has changed outside modules since. What is inside an object that is no plain value stays changed."""
    for generator, state in then.generators:
        set_state(generator, state)
    for owner, key, value, copy in then.bound:
        if isinstance(value, Tensor):
            if value.shape == copy.shape and not same_numbers(value.detach(), copy):
                with torch.no_grad():
                    value.copy_(copy)
        elif isinstance(value, (list, set, dict)) and not same(copied(value), copy):
            value.clear()
            (value.extend if isinstance(value, list) else value.update)(copied(copy))  # type: ignore[union-attr]
        if _current(owner, key) is not value:
            _assign(owner, key, value)
    if sys.modules.get(MODULE_NAME) is not then.program:
        return  # loaded again since, for another device: what the new one has is its own
    known = {(id(owner), key) for owner, key, _, _ in then.bound}
    for owner, key, _, _ in list(_bindings()):
        if (id(owner), key) not in known:
            _remove(owner, key)


@contextmanager
def restored_globals() -> Iterator[None]:
    """What the body changes outside modules is undone, so that no call of a test can influence the next one."""
    before = globals_now()
    try:
        with restored_torch_settings():
            yield
    finally:
        put_back(before)


def clear_caches() -> None:
    """Empties the caches of the program's functions (`functools.cache`, `functools.lru_cache`)."""
    module = sys.modules.get(MODULE_NAME)
    owned = [] if module is None else list(vars(module).values())
    for owner in [value for value in owned if getattr(value, "__module__", None) == MODULE_NAME]:
        for function in (owner, *(vars(owner).values() if inspect.isclass(owner) else ())):
            if isinstance(function, functools._lru_cache_wrapper):
                function.cache_clear()


def copied(value: object) -> Any:
    """A value that later changes of the original do not reach."""
    if isinstance(value, Tensor):
        return value.detach().clone()
    if isinstance(value, list):
        return [copied(v) for v in value]
    if isinstance(value, tuple):
        return tuple(copied(v) for v in value)
    if isinstance(value, dict):
        return {k: copied(v) for k, v in value.items()}
    return set(value) if isinstance(value, set) else value


def same(a: object, b: object) -> bool:
    """Equality by value for what `copied` copies, by identity for everything else."""
    if type(a) is not type(b):
        return False
    if isinstance(a, Tensor):
        return a.dtype == b.dtype and same_numbers(a, b)  # type: ignore[union-attr,arg-type]
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))  # type: ignore[arg-type]
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)  # type: ignore[union-attr,index]
    return a == b if isinstance(a, (*_SIMPLE, set)) else a is b


def _places() -> Iterator[tuple[object, str, str, object]]:
    """Of `_bindings` those of plain values."""
    return (binding for binding in _bindings() if _is_plain(binding[-1]))


def _bindings() -> Iterator[tuple[object, str, str, object]]:
    """(owner, key, readable name, value) of the program's globals, and of what its classes and functions hold."""
    module = sys.modules.get(MODULE_NAME)
    if module is None:
        return
    for name, value in list(vars(module).items()):
        if name.startswith("__"):
            continue
        yield module, name, name, value
        if getattr(value, "__module__", None) == MODULE_NAME and (inspect.isclass(value) or inspect.isfunction(value)):
            for key, attribute in list(vars(value).items()):
                if not key.startswith("__"):
                    yield value, key, f"{name}.{key}", attribute
            for index, default in enumerate(getattr(value, "__defaults__", None) or ()):
                if isinstance(default, (list, dict, set, Tensor)):
                    yield value, f"__defaults__ {index}", f"a default argument of {name}", default


def _attributes() -> Iterator[tuple[str, object]]:
    """(readable name, value) of the program's globals, and of what its classes and functions hold."""
    module = sys.modules.get(MODULE_NAME)
    for name, value in list(vars(module).items()) if module is not None else ():
        yield name, value
        if getattr(value, "__module__", None) == MODULE_NAME and (inspect.isclass(value) or inspect.isfunction(value)):
            yield from ((f"{name}.{key}", attribute) for key, attribute in list(vars(value).items()))
            for default in getattr(value, "__defaults__", None) or ():
                yield f"a default argument of {name}", default


def _is_plain(value: object) -> bool:
    return isinstance(value, (*_SIMPLE, Tensor, list, dict, set, tuple))


def _current(owner: object, key: str) -> object:
    if key.startswith("__defaults__"):
        return owner.__defaults__[int(key.split()[1])]  # type: ignore[attr-defined]
    return vars(owner).get(key, _MISSING)


def _assign(owner: object, key: str, value: object) -> None:
    if not key.startswith("__defaults__"):
        setattr(owner, key, value)


def _remove(owner: object, key: str) -> None:
    if not key.startswith("__defaults__"):
        delattr(owner, key)
