"""Memory that grows from step to step: what a training keeps between its calls.

Readings are compared, not reports: how often the scorer reads depends on the machine's speed, how much a program
keeps a step does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from trainer.quality.progress import MemoryReading, Stop, TaskProgress

GROWTH_FROM = 0.25  # of the steps: before, allocators and caches fill
GROWTH_READINGS = 5  # to stop a training: a fifth of it or more
LEAST_READINGS = 3  # to explain why one ended
GROWTH_LEAST = 0.1  # of the memory where it began
STEADY = 0.8  # the rate in the second half of that time against the first: what settles slows down
EVEN = 0.5  # the least rate between two readings against that of the whole time: a jump is no growth
KEEPS = "the mixer keeps tensors between calls (attributes, lists, graphs)"


@dataclass(frozen=True)
class Growth:
    """Memory that rose at every reading from the first to the last.

    Attributes:
        readings: how many.
        slowest: the lesser of the rates, in bytes a step, in the two halves of that time.
        is_kept: whether it is much, and about as fast in the second half as in the first: not memory that settles.
    """

    first: MemoryReading
    last: MemoryReading
    readings: int
    slowest: float
    is_kept: bool

    @property
    def rate(self) -> float:
        """Bytes a step."""
        return _rate(self.first, self.last)


def growth(readings: Sequence[MemoryReading]) -> Growth | None:
    """The growth that goes on at the last reading; None where that is none or has too few readings to judge."""
    first = len(readings) - 1
    while first > 0 and readings[first].peak_bytes > readings[first - 1].peak_bytes:
        first -= 1
    rising = readings[first:]
    if len(rising) < LEAST_READINGS:
        return None
    halfway = (rising[0].step + rising[-1].step) / 2
    middle = min(rising[1:-1], key=lambda reading: abs(reading.step - halfway))
    before, after = _rate(rising[0], middle), _rate(middle, rising[-1])
    is_much = rising[-1].peak_bytes >= (1 + GROWTH_LEAST) * rising[0].peak_bytes
    is_even = min(_rate(a, b) for a, b in pairwise(rising)) >= EVEN * _rate(rising[0], rising[-1])
    is_kept = is_much and is_even and after >= STEADY * before
    return Growth(rising[0], rising[-1], len(rising), min(before, after), is_kept)


def memory_growth(progress: TaskProgress) -> Stop | None:
    """Memory that grows steadily, and at that rate will pass the limit before the task ends."""
    grown = growth([reading for reading in progress.memory if reading.step >= GROWTH_FROM * progress.steps])
    if progress.memory_bytes <= 0 or grown is None or not grown.is_kept or grown.readings < GROWTH_READINGS:
        return None
    last = grown.last
    expected = last.peak_bytes + grown.slowest * (progress.steps - last.step)
    if expected < progress.memory_bytes:
        return None
    return Stop(
        "memory-growth",
        False,
        f"Stopped: on {progress.task} memory grows by {grown.rate / 2**20:.1f} MiB a step and will pass the limit of "
        f"{progress.memory_bytes >> 20} MiB; {KEEPS}.",
        {"step": last.step, "bytesPerStep": grown.rate, "peakBytes": last.peak_bytes},
    )


def _rate(first: MemoryReading, last: MemoryReading) -> float:
    return (last.peak_bytes - first.peak_bytes) / max(last.step - first.step, 1)
