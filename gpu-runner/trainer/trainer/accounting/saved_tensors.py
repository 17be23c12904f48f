"""What a call keeps for its backward pass."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import torch
from torch.autograd.graph import saved_tensors_hooks
from torch.utils._pytree import tree_leaves

from trainer.accounting.memory import memory_address, stored_elements


class SavedTensors:
    """Elements of the tensors that are saved while it watches, each place in memory once.

    torch.func's grad, vjp, jacrev and hessian refuse to run under hooks for saved tensors, so the hooks step aside for
    them: what is saved there is found afterwards in the graph that leads to the results. Only what an operator that
    writes into a view saves there is missed, and tensors saved for results that nobody returns.
    """

    def __init__(self) -> None:
        self._saved: dict[tuple[int, int], int] = {}
        self._hooks = saved_tensors_hooks(self._pack, lambda tensor: tensor)
        self._thread = threading.get_ident()
        self._is_aside = self._was_aside = False

    @property
    def elements(self) -> int:
        return sum(self._saved.values())

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Hooks of the body; `missed` is for what is saved where they may not be."""
        refusal = torch.autograd.graph.disable_saved_tensors_hooks

        @contextmanager
        def refusal_of_others(message: str) -> Iterator[None]:
            with self._aside(), refusal(message):
                yield

        torch.autograd.graph.disable_saved_tensors_hooks = refusal_of_others
        try:
            with self._hooks:
                yield
        finally:
            torch.autograd.graph.disable_saved_tensors_hooks = refusal

    def missed(self, results: object) -> None:
        """Adds what was saved while the hooks stood aside, as far as the results lead to it."""
        if not self._was_aside:
            return
        leaves = [leaf for leaf in tree_leaves(results) if isinstance(leaf, torch.Tensor)]
        waiting = [leaf.grad_fn for leaf in leaves if leaf.grad_fn is not None]
        seen = set()
        while waiting:
            node = waiting.pop()
            if node in seen:
                continue
            seen.add(node)
            for name in _names_of_saved(type(node)):
                kept = getattr(node, name)
                for saved in kept if isinstance(kept, (tuple, list)) else (kept,):
                    self._look_at(saved)
            waiting.extend(following for following, _ in node.next_functions if following is not None)

    def _look_at(self, saved: object) -> None:
        try:
            saved.register_hooks(self._pack, lambda tensor: tensor)  # type: ignore[attr-defined]
        except (RuntimeError, AttributeError):
            return  # it has hooks already, ours among them, or it holds nothing

    @contextmanager
    def _stood_aside(self) -> Iterator[None]:
        self._is_aside = self._was_aside = True
        self._hooks.__exit__()
        try:
            yield
        finally:
            self._hooks.__enter__()
            self._is_aside = False

    def _aside(self) -> AbstractContextManager[None]:
        hooked = threading.get_ident() == self._thread and not self._is_aside  # another thread has hooks of its own
        return self._stood_aside() if hooked else nullcontext()

    def _pack(self, tensor: torch.Tensor) -> torch.Tensor:
        offset = tensor.storage_offset() if tensor.layout == torch.strided else 0
        self._saved[(memory_address(tensor), offset)] = stored_elements(tensor)
        return tensor


@functools.cache
def _names_of_saved(node: type) -> tuple[str, ...]:
    return tuple(name for name in dir(node) if name.startswith("_raw_saved_"))
