"""A pre-norm block around a token mixer."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

MLP_RATIO = 2


class MixerOutputError(TypeError):
    """The mixer did not return what the program interface promises."""


class Block(nn.Module):
    """RMSNorm -> mixer -> residual; RMSNorm -> GELU MLP of twice the width -> residual."""

    def __init__(self, d_model: int, mixer: nn.Module) -> None:
        super().__init__()
        self.mixer_norm = nn.RMSNorm(d_model, eps=1e-6)
        self.mixer = mixer
        self.mlp_norm = nn.RMSNorm(d_model, eps=1e-6)
        self.expand = nn.Linear(d_model, MLP_RATIO * d_model)
        self.contract = nn.Linear(MLP_RATIO * d_model, d_model)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor | None]:
        """x [B,T,d_model] -> the same shape, and the mixer's auxiliary loss (a scalar) if it returns one.

        Raises:
            MixerOutputError: the mixer's output is neither y nor (y, {"aux": loss}), or y has another shape than x.
        """
        mixed, aux = _unpack(self.mixer(self.mixer_norm(x)), x)
        x = x + mixed
        return x + self.contract(F.gelu(self.expand(self.mlp_norm(x)))), aux


def _unpack(output: object, x: Tensor) -> tuple[Tensor, Tensor | None]:
    aux = None
    if isinstance(output, tuple):
        if len(output) != 2 or not isinstance(output[1], dict):
            raise MixerOutputError('Mixer.forward must return y or (y, {"aux": scalar loss})')
        output, extras = output
        aux = extras.get("aux")
    if not isinstance(output, Tensor):
        raise MixerOutputError(f"Mixer.forward must return a tensor, it returned {type(output).__name__}")
    if output.shape != x.shape:
        raise MixerOutputError(
            f"Mixer.forward must keep the shape {list(x.shape)} (batch, length, d_model), "
            f"it returned {list(output.shape)}"
        )
    if aux is not None and not (isinstance(aux, Tensor) and aux.numel() == 1):
        raise MixerOutputError('the auxiliary loss in {"aux": loss} must be a tensor with one element')
    return output, aux
