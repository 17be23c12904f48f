"""`RMSNorm` and `FusedRMSNormGated` of `fla.modules`."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from trainer.foreign.lacks import PartOfTheAdapter
from trainer.foreign.shims.activations import activate
from trainer.foreign.shims.precision import at_least_float32


class RMSNorm(PartOfTheAdapter, nn.Module):
    """z / rms(z) * weight (+ bias) with z = x (+ residual), over the last axis; mean z^2 + eps under the root."""

    def __init__(
        self,
        hidden_size: int,
        elementwise_affine: bool = True,
        bias: bool = False,
        eps: float = 1e-5,
        device: torch.device | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.hidden_size = hidden_size
        self.elementwise_affine = elementwise_affine
        self.eps = eps
        ones = nn.Parameter(torch.ones(hidden_size, device=device, dtype=dtype)) if elementwise_affine else None
        zeros = nn.Parameter(torch.zeros(hidden_size, device=device, dtype=dtype)) if bias else None
        self.register_parameter("weight", ones)
        self.register_parameter("bias", zeros)

    def forward(
        self, x: Tensor, residual: Tensor | None = None, prenorm: bool = False, residual_in_fp32: bool = False
    ) -> Tensor | tuple[Tensor, Tensor]:
        """x [..,D] -> the same shape and dtype; with `prenorm` also z, which is the next residual."""
        z = _with_residual(x, residual)
        y = _normalised(z, self.weight, self.eps)
        if self.bias is not None:
            y = y + self.bias
        return _answer(y, z, x, prenorm, residual_in_fp32)


class FusedRMSNormGated(PartOfTheAdapter, nn.Module):
    """RMSNorm(x) * act(g): the norm comes first, then the gate. No bias."""

    def __init__(
        self,
        hidden_size: int,
        elementwise_affine: bool = True,
        eps: float = 1e-5,
        activation: str = "swish",
        device: torch.device | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        activate(torch.zeros(()), activation, "FusedRMSNormGated")  # an unknown name fails here, not in training
        self.hidden_size = hidden_size
        self.elementwise_affine = elementwise_affine
        self.eps = eps
        self.activation = activation
        ones = nn.Parameter(torch.ones(hidden_size, device=device, dtype=dtype)) if elementwise_affine else None
        self.register_parameter("weight", ones)
        self.register_parameter("bias", None)

    def forward(
        self,
        x: Tensor,
        g: Tensor,
        residual: Tensor | None = None,
        prenorm: bool = False,
        residual_in_fp32: bool = False,
    ) -> Tensor | tuple[Tensor, Tensor]:
        """x, g [..,D] -> the shape and dtype of x; with `prenorm` also x (+ residual)."""
        z = _with_residual(x, residual)
        y = _normalised(z, self.weight, self.eps) * activate(at_least_float32(g), self.activation, "FusedRMSNormGated")
        return _answer(y, z, x, prenorm, residual_in_fp32)


def _with_residual(x: Tensor, residual: Tensor | None) -> Tensor:
    z = at_least_float32(x)
    return z if residual is None else z + at_least_float32(residual)


def _normalised(z: Tensor, weight: Tensor | None, eps: float) -> Tensor:
    return F.rms_norm(z, z.shape[-1:], None if weight is None else weight.to(z.dtype), eps)


def _answer(y: Tensor, z: Tensor, x: Tensor, prenorm: bool, residual_in_fp32: bool) -> Tensor | tuple[Tensor, Tensor]:
    y = y.to(x.dtype)
    return (y, z if residual_in_fp32 else z.to(x.dtype)) if prenorm else y
