"""Measures a mixer's state for no longer than it is worth."""

from __future__ import annotations

import threading
from collections.abc import Callable

from torch import nn

from trainer.accounting.state_size import state_size
from trainer.certificate.cpu_limit import OverTimeError, cpu_limit


def state_size_within(
    cpu_seconds: float, make: Callable[[int, int], nn.Module], d_model: int, n_heads: int
) -> int | None:
    """`state_size`, or None where it cannot be told within `cpu_seconds` of this process's CPU time.

    It never fails a job: the program has been trained by then. The time is that of the process because a busy machine
    must not change the answer.
    """
    if threading.current_thread() is not threading.main_thread():
        return None  # without a limit it is not tried
    try:
        with cpu_limit(cpu_seconds):
            return state_size(make, d_model, n_heads)
    except (Exception, OverTimeError):
        return None
