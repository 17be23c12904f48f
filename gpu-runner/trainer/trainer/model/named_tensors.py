"""A model's parameters and persistent buffers by name."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from trainer.accounting.real_numbers import real_values, write_real_values
from trainer.protocol.failure import JobFailure
from trainer.protocol.weight_names import BUFFER, PARAMETER


def named_tensors(model: nn.Module) -> dict[str, Tensor]:
    """Parameters (each once, tied or not) and persistent buffers by prefixed name, sharing the model's memory."""
    parameters = {PARAMETER + name: parameter.detach() for name, parameter in model.named_parameters()}
    every_name = {name for name, _ in model.named_parameters(remove_duplicate=False)}
    buffers = {
        BUFFER + name: value.detach()
        for name, value in model.state_dict().items()
        if name not in every_name and isinstance(value, Tensor)
    }
    return {**parameters, **buffers}


def fill(model: nn.Module, values: dict[str, Tensor]) -> None:
    """Overwrites everything in `named_tensors`.

    Raises:
        JobFailure: `program-invalid`, when a fresh model has other names or shapes than the trained one: the program
            then changes its own structure while it trains.
    """
    tensors = named_tensors(model)
    shapes = {name: real_values(tensor).shape for name, tensor in tensors.items()}
    for name in sorted(shapes.keys() | values.keys()):
        if name not in shapes or name not in values or shapes[name] != values[name].shape:
            raise JobFailure(
                "program-invalid",
                f"After training, {name} does not match a freshly constructed Mixer: parameters and buffers must be "
                "created in __init__ and keep their shapes.",
            )
    with torch.no_grad():
        for name, tensor in tensors.items():
            write_real_values(tensor, values[name])
