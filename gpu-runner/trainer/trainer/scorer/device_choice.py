"""Which device a job uses, decided without importing torch."""

from __future__ import annotations

from pathlib import Path
from typing import Literal


def choose_device(wanted: Literal["cpu", "cuda", "auto"]) -> Literal["cpu", "cuda"]:
    """`auto` is CUDA where the NVIDIA driver's control device exists; the worker then checks that torch can use it."""
    if wanted == "auto":
        return "cuda" if Path("/dev/nvidiactl").exists() else "cpu"
    return wanted
