"""Numbers that a program draws, and other ones with the same seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import torch

from trainer.initialisation.values import Values


def unseeded_draws(build: Callable[[], dict[str, Values]]) -> dict[str, int]:
    """Names and sizes of what differs between two modules, or their programs, though they were built with one seed.

    Memory that a program leaves as it found it (`torch.empty`, `numpy.empty`) is none of them.

    Args:
        build: imports and constructs, the trainer's generators being seeded with a number, which is always the same;
            `held_values` of that.
    """
    with _filled_memory():
        first, second = build(), build()
    return {name: values.size for name, values in first.items() if name in second and not values.same(second[name])}


@contextmanager
def _filled_memory() -> Iterator[None]:
    """What is not filled in the body is filled with NaN by torch, and with zeros by numpy."""
    was = torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled()
    empty, empty_like = np.empty, np.empty_like
    # (torch.use_deterministic_algorithms would import torch's compiler.)
    torch._C._set_deterministic_algorithms(True, warn_only=True)
    np.empty, np.empty_like = np.zeros, np.zeros_like  # type: ignore[assignment]
    try:
        yield
    finally:
        np.empty, np.empty_like = empty, empty_like
        torch._C._set_deterministic_algorithms(was[0], warn_only=was[1])
