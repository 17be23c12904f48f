"""Dropout while a program is examined: its mask depends on the shape of the batch, which is no defect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import torch
from torch.nn import functional as F

_NAMES = ("dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout")
_PLACES = [*((F, name) for name in _NAMES), (torch, "dropout"), (torch, "alpha_dropout")]


class _Switch:
    is_off = False


@contextmanager
def without_dropout() -> Iterator[None]:
    """Dropout becomes the identity, also where a program calls the function."""
    saved = [(place, name, getattr(place, name)) for place, name in _PLACES]
    try:
        for place, name, function in saved:
            setattr(place, name, _switched(function))
        with _switched_to(is_off=True):
            yield
    finally:
        for place, name, function in saved:
            setattr(place, name, function)


def with_dropout() -> AbstractContextManager[None]:
    """Inside of `without_dropout`: dropout as it is, also for a program that has imported the function by its name."""
    return _switched_to(is_off=False)


def _switched(function: Callable[..., Any]) -> Callable[..., Any]:
    def dropout(input: Any, *args: Any, **kwargs: Any) -> Any:
        return input if _Switch.is_off else function(input, *args, **kwargs)

    return dropout


@contextmanager
def _switched_to(*, is_off: bool) -> Iterator[None]:
    before = _Switch.is_off
    _Switch.is_off = is_off
    try:
        yield
    finally:
        _Switch.is_off = before
