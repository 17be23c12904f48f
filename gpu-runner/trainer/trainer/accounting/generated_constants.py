"""Tells which tensors of a call come from nowhere: not from its input, its parameters or anything it was given."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from torch.utils._pytree import tree_leaves

from trainer.accounting.memory import memory_address, memory_watch, storage_elements

# What these return has the shape of their first argument, and nothing of its content.
_FROM_SHAPE_ONLY = frozenset(
    (
        *("rand_like", "randn_like", "randint_like", "zeros_like", "ones_like", "full_like", "empty_like"),
        *("new_zeros", "new_ones", "new_full", "new_empty", "new_empty_strided"),
        *("normal_", "uniform_", "random_", "exponential_", "geometric_", "cauchy_", "log_normal_"),
        *("zero_", "fill_"),
    )
)


class GeneratedConstants:
    """Follows every tensor through a call by its storage, and counts constants where they meet data.

    A mask, a table of rotations and a table drawn from a seeded generator are such constants. One counts with all of
    its storage when it meets data for the first time; what is derived from constants alone is one itself, and so is a
    tensor that nobody has seen before (from numpy, from a list).
    """

    def __init__(self, given: Iterable[int]) -> None:
        """`given` are the addresses of the input, the parameters and all else that the program holds."""
        self.elements = 0
        self._given = frozenset(given)
        self._seen: dict[int, _Seen] = {}

    def saw(self, name: str, arguments: object, result: object) -> None:
        """One operator: its name, what it was given and what it returned."""
        given = [leaf for leaf in tree_leaves(arguments) if isinstance(leaf, torch.Tensor)]
        made = [leaf for leaf in tree_leaves(result) if isinstance(leaf, torch.Tensor)]
        mixed = False
        if name not in _FROM_SHAPE_ONLY:
            status = [self._is_data(tensor) for tensor in given]
            mixed = any(status)
            for tensor, is_data in zip(given, status, strict=True):
                if mixed and not is_data and not _returned(tensor, made):
                    self.elements += storage_elements(tensor)
                    self._see(tensor, True)  # counted
        for tensor in made:
            self._see(tensor, mixed)

    def _is_data(self, tensor: torch.Tensor) -> bool:
        address = memory_address(tensor)
        if address in self._given:
            return True
        seen = self._seen.get(address)
        return seen is not None and seen.is_data and not seen.is_gone()

    def _see(self, tensor: torch.Tensor, is_data: bool) -> None:
        self._seen[memory_address(tensor)] = _Seen(is_data, memory_watch(tensor))


@dataclass(frozen=True)
class _Seen:
    """What was at an address, and whether it is gone: then whatever is there now has not been seen."""

    is_data: bool
    is_gone: Callable[[], bool]


def _returned(tensor: torch.Tensor, made: list[torch.Tensor]) -> bool:
    """Whether an operator writes its result into this tensor: empty storage that is filled with data."""
    return any(tensor is other for other in made)
