"""A model's parameters and buffers as plain arrays, and back."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from trainer.accounting.real_numbers import real_values
from trainer.model.named_tensors import fill, named_tensors


def weights_of(model: nn.Module) -> dict[str, np.ndarray]:
    """Parameters (each once, tied or not) and persistent buffers by prefixed name, as float32 or int32 where these hold
    all numbers of the type, else as float64 or int64."""
    return {name: _to_array(tensor) for name, tensor in named_tensors(model).items()}


def load_weights(model: nn.Module, arrays: dict[str, np.ndarray]) -> None:
    """Overwrites the model's parameters and persistent buffers. Raises as `fill`."""
    fill(model, {name: torch.from_numpy(array.copy()) for name, array in arrays.items()})


def _to_array(tensor: Tensor) -> np.ndarray:
    real = real_values(tensor)
    return real.to("cpu", _sent_as(real.dtype)).numpy()


def _sent_as(dtype: torch.dtype) -> torch.dtype:
    if dtype.is_floating_point:
        return torch.float64 if dtype == torch.float64 else torch.float32
    wide = dtype != torch.bool and torch.iinfo(dtype).max > torch.iinfo(torch.int32).max
    return torch.int64 if wide else torch.int32
