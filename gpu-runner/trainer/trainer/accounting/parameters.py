"""Number of parameters of a module, hidden tables included."""

import torch
from torch import nn

HIDDEN_TABLE_ELEMENTS = 100_000


def count_parameters(module: nn.Module) -> int:
    """Elements of all distinct parameters."""
    return sum(p.numel() for p in module.parameters())


def count_hidden_tables(module: nn.Module) -> int:
    """Elements of buffers and plain tensor attributes that hold more than 100,000 each.

    Small constants (masks, positions, scales) are free; a large table is capacity in disguise.
    """
    parameters = {id(p) for p in module.parameters()}
    tables: dict[int, int] = {}
    for part in module.modules():
        for value in (*part.__dict__.values(), *part._buffers.values()):
            if (
                isinstance(value, torch.Tensor)
                and id(value) not in parameters
                and value.numel() > HIDDEN_TABLE_ELEMENTS
            ):
                tables[id(value)] = value.numel()
    return sum(tables.values())
