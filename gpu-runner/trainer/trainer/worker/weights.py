"""A model's parameters and buffers as plain arrays, and back."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from trainer.model.named_tensors import fill, named_tensors, real_view


def weights_of(model: nn.Module) -> dict[str, np.ndarray]:
    """Parameters (each once, tied or not) and persistent buffers by prefixed name, float32 or int32."""
    return {name: _to_array(tensor) for name, tensor in named_tensors(model).items()}


def load_weights(model: nn.Module, arrays: dict[str, np.ndarray]) -> None:
    """Overwrites the model's parameters and persistent buffers. Raises as `fill`."""
    fill(model, {name: torch.from_numpy(array.copy()) for name, array in arrays.items()})


def _to_array(tensor: Tensor) -> np.ndarray:
    real = real_view(tensor)
    return real.to("cpu", torch.float32 if real.is_floating_point() else torch.int32).numpy()
