"""A model's parameters and buffers as plain arrays, and back."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from trainer.protocol.failure import JobFailure
from trainer.protocol.weight_names import BUFFER, PARAMETER


def weights_of(model: nn.Module) -> dict[str, np.ndarray]:
    """Parameters (each once, tied or not) and persistent buffers by prefixed name, float32 or int32."""
    return {name: _to_array(tensor) for name, tensor in _tensors(model).items()}


def load_weights(model: nn.Module, arrays: dict[str, np.ndarray]) -> None:
    """Overwrites the model's parameters and persistent buffers.

    Raises:
        JobFailure: `program-invalid`, when a fresh model has other names or shapes than the trained one: the program
            then changes its own structure while it trains.
    """
    tensors = _tensors(model)
    shapes = {name: _real_view(tensor).shape for name, tensor in tensors.items()}
    for name in sorted(shapes.keys() | arrays.keys()):
        if name not in shapes or name not in arrays or tuple(shapes[name]) != arrays[name].shape:
            raise JobFailure(
                "program-invalid",
                f"After training, {name} does not match a freshly constructed Mixer: parameters and buffers must be "
                "created in __init__ and keep their shapes.",
            )
    with torch.no_grad():
        for name, tensor in tensors.items():
            _real_view(tensor).copy_(torch.from_numpy(arrays[name].copy()))


def _tensors(model: nn.Module) -> dict[str, Tensor]:
    parameters = {PARAMETER + name: parameter.detach() for name, parameter in model.named_parameters()}
    every_name = {name for name, _ in model.named_parameters(remove_duplicate=False)}
    buffers = {
        BUFFER + name: value.detach()
        for name, value in model.state_dict().items()
        if name not in every_name and isinstance(value, Tensor)
    }
    return {**parameters, **buffers}


def _real_view(tensor: Tensor) -> Tensor:
    return torch.view_as_real(tensor) if tensor.is_complex() else tensor


def _to_array(tensor: Tensor) -> np.ndarray:
    real = _real_view(tensor)
    return real.to("cpu", torch.float32 if real.is_floating_point() else torch.int32).numpy()
