"""An end to a computation that may never come to one by itself."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_AGAIN_SECONDS = 0.5
_SHORTEST_SECONDS = 1e-3


class OverTimeError(BaseException):
    """Not an Exception: a program that catches every Exception must not outlive its time."""


@contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    """Raises OverTimeError in the body when this process has used `seconds` of CPU time, and again every half second.

    CPU time, because a busy machine must not change an answer. Within the body of another limit the earlier of the two
    counts, and after it the other goes on. Signals reach the main thread only; in another one there is no limit. It
    interrupts Python code, not a single long call into torch.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise OverTimeError

    previous = signal.signal(signal.SIGPROF, stop)
    left, again = signal.getitimer(signal.ITIMER_PROF)
    outer = time.process_time() + left if left > 0 else None
    try:
        own = max(seconds, _SHORTEST_SECONDS)
        signal.setitimer(signal.ITIMER_PROF, own if outer is None else min(own, left), _AGAIN_SECONDS)
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, previous)
        if outer is not None:
            signal.setitimer(signal.ITIMER_PROF, max(outer - time.process_time(), _SHORTEST_SECONDS), again)
