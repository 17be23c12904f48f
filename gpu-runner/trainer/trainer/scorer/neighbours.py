"""How busy others kept the machine while something was measured: figures of speed are only comparable when alone."""

from __future__ import annotations

import os
import time
from pathlib import Path

from trainer.scorer.process_tree import usage

_TICKS = os.sysconf("SC_CLK_TCK")
# user, nice, system, irq, softirq, steal of /proc/stat's first line; guest time is part of user.
_BUSY = (1, 2, 3, 6, 7, 8)


class Neighbours:
    """Counts from its construction on."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._busy = _busy_seconds()
        self._own = usage(os.getpid()).cpu_seconds

    def cores(self) -> float | None:
        """Cores that processes outside this job kept busy on average; None where /proc/stat cannot be read.

        Workers that are gone count as own time, because a job reaps them.
        """
        busy = _busy_seconds()
        if busy is None or self._busy is None:
            return None
        own = usage(os.getpid()).cpu_seconds - self._own
        return max(0.0, (busy - self._busy - own) / max(time.monotonic() - self._began, 1e-3))


def _busy_seconds() -> float | None:
    try:
        fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()
        return sum(int(fields[index]) for index in _BUSY) / _TICKS
    except (OSError, ValueError, IndexError):
        return None
