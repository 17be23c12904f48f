"""CPU time, memory and end of a process together with its descendants, read from /proc.

A launcher such as bubblewrap stands between the scorer and the worker, so the worker is not always the child itself,
and the usage that the kernel reports for reaped children is the launcher's.
"""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_NOT_REAPED_SECONDS = 5.0


@dataclass(frozen=True)
class Usage:
    """CPU seconds of living processes and their reaped children; the largest peak resident set of one of them."""

    cpu_seconds: float
    peak_bytes: int


@dataclass(frozen=True)
class _Stat:
    parent: int
    cpu_seconds: float


def usage(root: int) -> Usage:
    """What the process and its descendants have used so far."""
    table = _table()
    members = [pid for pid in [root, *_descendants(root, table)] if pid in table]
    return Usage(sum(table[pid].cpu_seconds for pid in members), max((_peak_bytes(pid) for pid in members), default=0))


def waiting_seconds(root: int, exchanging: bool) -> float:
    """How long the process, or that of its descendants which waited most, was ready to run and got no processor.

    0 where the kernel does not say (/proc/PID/schedstat), and when none of them wants one now: what hangs then hangs by
    itself, whatever it waited for before. One that is `exchanging` frames with this process sleeps between them and
    does not hang; it waits for this process as well, and so for the processor that this one waits for.
    0 too when more of them want a processor than there are: a fork bomb waits for itself, on a busy machine as well.
    """
    members = [root, *_descendants(root, _table())]
    runnable = sum(map(_is_runnable, members))
    if runnable > len(os.sched_getaffinity(0)):
        return 0.0
    if exchanging:
        return max(map(_waited, members)) + _waited(os.getpid())
    return max(map(_waited, members)) if runnable > 0 else 0.0


def _is_runnable(pid: int) -> bool:
    try:
        return _stat_fields(pid)[0] == "R"
    except (OSError, IndexError):
        return False


def _waited(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def kill_descendants(root: int) -> None:
    """Kills and reaps every descendant of this process, including those that made their own session.

    Repeats until none is left, because a process may fork while its siblings are being killed.
    """
    give_up = time.monotonic() + _NOT_REAPED_SECONDS
    while (members := _descendants(root, _table())) and time.monotonic() < give_up:
        for pid in members:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        _reap()


def seconds_since_start(pid: int) -> float:
    """Wall-clock age of a process."""
    started = int(_stat_fields(pid)[19]) / _TICKS
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started


def _reap() -> None:
    time.sleep(0.002)
    try:
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
    except ChildProcessError:
        return


def _descendants(root: int, table: dict[int, _Stat]) -> list[int]:
    children: dict[int, list[int]] = {}
    for pid, stat in table.items():
        children.setdefault(stat.parent, []).append(pid)
    found: list[int] = []
    waiting = [root]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def _table() -> dict[int, _Stat]:
    table = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                fields = _stat_fields(int(entry))
            except (OSError, IndexError):
                continue  # it ended while the directory was read
            # Fields 11..14: user, system, and the same of reaped children, in clock ticks.
            table[int(entry)] = _Stat(int(fields[1]), sum(map(int, fields[11:15])) / _TICKS)
    return table


def _stat_fields(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the command's name, which may itself hold spaces and brackets."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _peak_bytes(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        return 0
    return 0
