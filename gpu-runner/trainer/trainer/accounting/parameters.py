"""Number of parameters of a module, hidden tables included."""

import torch
from torch import nn

HIDDEN_TABLE_ELEMENTS = 100_000


def count_parameters(module: nn.Module) -> int:
    """Elements of all distinct parameters."""
    return sum(p.numel() for p in module.parameters())


def count_hidden_tables(module: nn.Module) -> int:
    """Elements of buffers and tensor attributes (also in lists and dicts), if they are more than 100,000 in all.

    Small constants (masks, positions, scales) are free; a large table is capacity in disguise.
    """
    total = sum(tensor.numel() for tensor in held_tensors(module))
    return total if total > HIDDEN_TABLE_ELEMENTS else 0


def held_tensors(module: nn.Module) -> list[torch.Tensor]:
    """All tensors that a module holds beside its parameters, each storage once."""
    own = {p.untyped_storage().data_ptr() for p in module.parameters()}
    found: dict[int, torch.Tensor] = {}
    for part in module.modules():
        attributes = [v for k, v in vars(part).items() if k not in ("_parameters", "_buffers", "_modules")]
        for tensor in tensors_in([*part._buffers.values(), *attributes]):
            found.setdefault(tensor.untyped_storage().data_ptr(), tensor)
    return [tensor for pointer, tensor in found.items() if pointer not in own]


def tensors_in(value: object) -> list[torch.Tensor]:
    """Tensors in nested lists, tuples, sets and dicts."""
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, dict):
        return [t for v in value.values() for t in tensors_in(v)]
    return [t for v in value for t in tensors_in(v)] if isinstance(value, (list, tuple, set)) else []
