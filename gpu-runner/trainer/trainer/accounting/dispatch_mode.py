"""The base of every mode that watches operators."""

from __future__ import annotations

from torch.utils._python_dispatch import TorchDispatchMode


class DispatchMode(TorchDispatchMode):
    """A mode whose first operator does not make torch import its compiler: seconds for nothing in every process."""

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False
