"""What is decided about a worker when it starts; its job is told later."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from trainer.scorer.device_choice import choose_device


@dataclass(frozen=True)
class WorkerSettings:
    """`launcher` is the argv prefix that isolates the worker, `memory_bytes` its limit of private writable memory."""

    launcher: tuple[str, ...]
    memory_bytes: int
    device: Literal["cpu", "cuda"]


def parse_worker_settings(text: str) -> WorkerSettings:
    """Reads `{"launcher": [...], "memoryBytes": N, "device": "cpu" | "cuda" | "auto"}`, the runner's own words.

    Raises:
        ValueError, KeyError: it is something else.
    """
    raw = json.loads(text)
    return WorkerSettings(tuple(raw["launcher"]), int(raw["memoryBytes"]), choose_device(raw["device"]))
