"""Number of parameters of a module."""

import torch
from torch import nn


def count_parameters(module: nn.Module) -> int:
    """Real numbers in all distinct parameters: a complex one holds two."""
    return sum(p.numel() * (2 if p.is_complex() else 1) for p in module.parameters())


def tensors_in(value: object) -> list[torch.Tensor]:
    """Tensors in nested lists, tuples, sets and dicts."""
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, dict):
        return [t for v in value.values() for t in tensors_in(v)]
    return [t for v in value for t in tensors_in(v)] if isinstance(value, (list, tuple, set)) else []
