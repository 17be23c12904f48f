"""An end to a computation that may never come to one by itself."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_AGAIN_SECONDS = 0.5


class OverTimeError(BaseException):
    """Not an Exception: a program that catches every Exception must not outlive its time."""


@contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    """Raises OverTimeError in the body when this process has used `seconds` of CPU time, and again every half second.

    CPU time, because a busy machine must not change an answer. Signals reach the main thread only; in another one there
    is no limit. It interrupts Python code, not a single long call into torch.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise OverTimeError

    previous = signal.signal(signal.SIGPROF, stop)
    try:
        signal.setitimer(signal.ITIMER_PROF, max(seconds, 1e-3), _AGAIN_SECONDS)
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, previous)
