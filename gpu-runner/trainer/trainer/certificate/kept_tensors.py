"""Where a program keeps tensors beside its registered parameters."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from torch import Tensor, nn

from trainer.worker.program import MODULE_NAME

_REGISTRIES = ("_parameters", "_modules", "_buffers")
_DEPTH = 4  # of lists in lists


def kept_tensors(module: nn.Module) -> Iterator[tuple[str, Tensor]]:
    """Buffers, and what plain containers in attributes and globals hold, with the name of the attribute or global."""
    for name, value in list(vars(sys.modules[MODULE_NAME]).items()) if MODULE_NAME in sys.modules else ():
        yield from ((f"the global {name}", tensor) for tensor in _tensors_in(value, _DEPTH))
    for name, part in module.named_modules():
        for key, value in (*vars(part).items(), *part._buffers.items()):
            if key not in _REGISTRIES:
                place = ".".join(filter(None, ("self", name, key)))
                yield from ((place, tensor) for tensor in _tensors_in(value, _DEPTH))


def _tensors_in(value: object, depth: int) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, nn.Module):
        yield from value.parameters()
    elif isinstance(value, (list, tuple, set, dict)) and depth > 0:
        for item in list(value.values()) if isinstance(value, dict) else list(value):
            yield from _tensors_in(item, depth - 1)
