"""Events of a job: one JSON object per line on standard output."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from trainer.protocol.numbers import to_json

MAX_TEXT = 2000


class EventWriter:
    """Writes events to a file descriptor, whole lines only. After `finished` nothing more is written."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._finished = False

    def started(self, versions: Mapping[str, str], device: str) -> None:
        """The job's process runs."""
        self._write({"type": "started", "pid": os.getpid(), "versions": dict(versions), "device": device})

    def phase(self, phase: str, task: str | None = None) -> None:
        """What happens now."""
        self._write({"type": "phase", "phase": phase, "task": task})

    def metric(self, task: str, step: int, steps: int, share: float, values: Mapping[str, float]) -> None:
        """A training step as the worker claims it; `share` of the job's training is done with it."""
        counted = {"task": task, "step": step, "steps": steps, "share": share}
        self._write({"type": "metric", **counted, "values": dict(values)})

    def log(self, level: str, text: str) -> None:
        """A line for people."""
        self._write({"type": "log", "level": level, "text": text[:MAX_TEXT]})

    def finished(self, outcome: Mapping[str, Any]) -> None:
        """The end."""
        self._write({"type": "finished", "outcome": dict(outcome)})
        self._finished = True

    def _write(self, event: dict[str, Any]) -> None:
        if self._finished:
            return
        data = memoryview((to_json(event) + "\n").encode())
        while data:
            data = data[os.write(self._descriptor, data) :]
