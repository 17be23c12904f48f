"""Everything that a program computes, in double precision: a rank is found by its smallest numbers."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import torch
from torch import nn
from torch.utils._pytree import tree_map_only

from trainer.accounting.dispatch_mode import DispatchMode

_WIDE = {
    torch.float32: torch.float64,
    torch.bfloat16: torch.float64,
    torch.float16: torch.float64,
    torch.complex64: torch.complex128,
    torch.complex32: torch.complex128,
}


class _Wide(DispatchMode):
    """Gives the wide type where a program asks for a narrow one: `.float()`, `.to(torch.bfloat16)`, `dtype=`; and takes
    narrow tensors that it brings along (attributes, arrays of numpy) as wide ones where they are not written to."""

    supports_higher_order_operators = True  # torch.cond and its like pass through it as they are

    def __init__(self) -> None:
        super().__init__()
        self.was_asked = False

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if not isinstance(func, torch._ops.OpOverload):
            return func(*args, **(kwargs or {}))
        kwargs = tree_map_only(torch.dtype, self._wide, kwargs or {})
        if not func._schema.is_mutable:
            args, kwargs = tree_map_only(torch.Tensor, _widened, (args, kwargs))
        return func(*args, **kwargs)

    def _wide(self, dtype: torch.dtype) -> torch.dtype:
        wide = _WIDE.get(dtype, dtype)
        self.was_asked |= wide != dtype
        return wide


def _widened(tensor: torch.Tensor) -> torch.Tensor:
    wide = _WIDE.get(tensor.dtype)
    return tensor if wide is None else tensor.to(wide)


def asks_for_less(call: Callable[[], object]) -> bool:
    """Whether a call casts to a type narrower than double, or makes tensors of one."""
    with _default_type_is_double(), _Wide() as mode:
        call()
    return mode.was_asked


def in_double(module: nn.Module) -> nn.Module:
    """A copy of the module in double: complex numbers too, which `Module.double` leaves as they are."""
    return own_copy(module).double()._apply(lambda t: t.to(torch.complex128) if t.is_complex() else t)


def own_copy(module: nn.Module) -> nn.Module:
    """A copy that may be changed: a part of a module may be the file's, and every other module's too. Where something
    in it cannot be copied, the module itself."""
    try:
        return copy.deepcopy(module)
    except (RuntimeError, TypeError):
        return module


@contextmanager
def double_precision(*, casts: bool) -> Iterator[None]:
    """New tensors are double in the body; where there are `casts` to a narrower type, they are left out, which makes
    every operator slower by some microseconds."""
    with _default_type_is_double(), _Wide() if casts else nullcontext():
        yield


@contextmanager
def _default_type_is_double() -> Iterator[None]:
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        yield
    finally:
        torch.set_default_dtype(before)
