"""The tensors that a module holds."""

from __future__ import annotations

from torch import Tensor, nn


def held_tensors(module: nn.Module) -> dict[str, Tensor]:
    """Parameters, buffers and tensors that are plain attributes, of the module and its parts, by their paths."""
    return {
        f"{path}.{name}".lstrip("."): value.detach()
        for path, part in module.named_modules()
        for name, value in (*part._parameters.items(), *part._buffers.items(), *vars(part).items())
        if isinstance(value, Tensor) and not value.is_meta
    }
