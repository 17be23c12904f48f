"""Numbers that a constructor draws, and other ones with the same seed."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn

from trainer.accounting.memory import same_numbers
from trainer.initialisation.held_tensors import held_tensors


def unseeded_draws(build: Callable[[], nn.Module]) -> dict[str, int]:
    """Names and sizes of the tensors in which two modules differ though they were built with one seed.

    Memory that a constructor leaves as it found it (`torch.empty`) is none of them.

    Args:
        build: a module, the trainer's generators being seeded with a number, which is always the same.
    """
    was = torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled()
    # What is not filled is filled with NaN then. (torch.use_deterministic_algorithms would import torch's compiler.)
    torch._C._set_deterministic_algorithms(True, warn_only=True)
    try:
        first, second = held_tensors(build()), held_tensors(build())
    finally:
        torch._C._set_deterministic_algorithms(was[0], warn_only=was[1])
    return {
        name: tensor.numel()
        for name, tensor in first.items()
        if name in second and not same_numbers(tensor, second[name])
    }
