"""Measures a mixer's state for no longer than it is worth."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType

from torch import nn

from trainer.accounting.state_size import state_size


class _OverTimeError(BaseException):
    """Not an Exception: a program that catches every Exception must not outlive its time."""


def state_size_within(
    cpu_seconds: float, make: Callable[[int, int], nn.Module], d_model: int, n_heads: int
) -> int | None:
    """`state_size`, or None where it cannot be told within `cpu_seconds` of this process's CPU time.

    It never fails a job: the program has been trained by then. The time is that of the process because a busy machine
    must not change the answer.
    """
    if threading.current_thread() is not threading.main_thread():
        return None  # signals reach the main thread only

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _OverTimeError

    previous = signal.signal(signal.SIGPROF, stop)
    try:
        signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
        return state_size(make, d_model, n_heads)
    except (Exception, _OverTimeError):
        return None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, previous)
