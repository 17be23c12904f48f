"""Settings of torch that hold for every program of its process, the trainer's own layers among them."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch

_MIXED = "one for each backend"


def torch_settings() -> dict[str, object]:
    """What they are now, by a name for messages."""
    return {name: read() for name, (read, _) in _SETTINGS.items()}


@contextmanager
def restored_torch_settings() -> Iterator[list[str]]:
    """What the body changes is undone at its end; the list then names it."""
    before, changed = torch_settings(), list[str]()
    try:
        yield changed
    finally:
        for name, (read, write) in _SETTINGS.items():
            if read() != before[name]:
                changed.append(name)
                write(before[name])


def _matmul_precision() -> str:
    try:
        return torch.get_float32_matmul_precision()
    except RuntimeError:  # what torch says where only some backends were given another one
        return _MIXED


def _default_device() -> torch.device | None:
    """That of `torch.set_default_device`, whatever `with torch.device(...)` says around it."""
    context = getattr(getattr(torch, "_GLOBAL_DEVICE_CONTEXT", None), "device_context", None)
    return None if context is None else context.device


def _flushes_denormals() -> bool:
    # torch sets it in the processor, for Python's numbers too, and does not tell.
    return sys.float_info.min * 0.5 == 0.0


# How each is read and set.
_SETTINGS: dict[str, tuple[Callable[[], Any], Callable[[Any], object]]] = {
    "torch's default dtype": (torch.get_default_dtype, torch.set_default_dtype),
    "torch's default device": (_default_device, torch.set_default_device),
    "torch's number of threads": (torch.get_num_threads, torch.set_num_threads),
    "torch's precision of matrix products": (_matmul_precision, torch.set_float32_matmul_precision),
    "torch's deterministic algorithms": (
        torch.are_deterministic_algorithms_enabled,
        torch.use_deterministic_algorithms,
    ),
    "torch's search for the fastest convolution": (
        lambda: torch.backends.cudnn.benchmark,
        functools.partial(setattr, torch.backends.cudnn, "benchmark"),
    ),
    "torch's recording of gradients": (torch.is_grad_enabled, torch.set_grad_enabled),
    "torch's search for anomalies": (torch.is_anomaly_enabled, torch.autograd.set_detect_anomaly),
    "torch's autocast on the CPU": (
        functools.partial(torch.is_autocast_enabled, "cpu"),
        functools.partial(torch.set_autocast_enabled, "cpu"),
    ),
    "torch's treatment of denormal numbers": (_flushes_denormals, torch.set_flush_denormal),
}
