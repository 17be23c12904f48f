"""`fla.modules.l2norm`."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from trainer.foreign.lacks import PartOfTheAdapter
from trainer.foreign.shims.precision import at_least_float32


def l2norm(x: Tensor, eps: float = 1e-6, output_dtype: torch.dtype | None = None) -> Tensor:
    """x / sqrt(sum x^2 + eps) over the last axis: eps is added, where torch's F.normalize takes the larger."""
    wide = at_least_float32(x)
    return (wide * torch.rsqrt(wide.square().sum(-1, keepdim=True) + eps)).to(output_dtype or x.dtype)


class L2Norm(PartOfTheAdapter, nn.Module):
    """`l2norm` as a module without parameters."""

    def __init__(self, eps: float = 1e-6, output_dtype: torch.dtype | None = None) -> None:
        super().__init__()
        self.eps = eps
        self.output_dtype = output_dtype

    def forward(self, x: Tensor) -> Tensor:
        return l2norm(x, self.eps, self.output_dtype)
