"""Forward cost per token."""

import torch
from torch import nn

from trainer.accounting.operations import count_operations

LENGTH = 256


def flops_per_token(module: nn.Module, d_model: int, length: int = LENGTH) -> float:
    """Floating-point operations of one forward pass over [1,length,d_model], per token."""
    x = torch.randn(1, length, d_model, generator=torch.Generator().manual_seed(0), device="cpu")
    x = x.to(torch.get_default_device())
    with torch.no_grad():
        return count_operations(lambda: module(x)).flops / length
