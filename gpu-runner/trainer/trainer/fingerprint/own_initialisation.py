"""How a program starts its own parameters: what a fingerprint under canonical parameters cannot see.

A bias may decide whether a task is learnt at all (`mixers/mamba2.py`), so programs that differ in nothing else are two.
What counts is the distribution and not the draw: parameters in another order, or three maps in one matrix, draw other
numbers and are the same program.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from trainer.accounting.dispatch_mode import DispatchMode
from trainer.accounting.real_numbers import real_view

_GOLDEN = (math.sqrt(5) - 1) / 2
_STEPS = 4  # sizes are told apart in quarters of an octave, means in quarters of the size
_LEAST_OCTAVE = -20.0


def own_initialisation(mixer_factory: Callable[[], nn.Module]) -> list[Tensor]:
    """The initial parameters in the module's order, with every random draw replaced by evenly spread quantiles."""
    with _EvenlySpread():
        module = mixer_factory()
    return [parameter.detach().clone() for parameter in module.parameters()]


def start_of(values: Tensor) -> tuple[float, float]:
    """log2 of the root mean square and the mean relative to it, both rounded so that no draw decides."""
    flat = real_view(values).double().flatten()
    size = float(flat.square().mean().sqrt())
    if not 0 < size < math.inf:
        return _LEAST_OCTAVE, 0.0
    octave, mean = max(math.log2(size), _LEAST_OCTAVE), float(flat.mean()) / size
    return round(_STEPS * octave) / _STEPS, round(_STEPS * mean) / _STEPS


class _EvenlySpread(DispatchMode):
    """Uniform and normal draws become the quantiles of a sequence that is even in every stretch of it."""

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        name = func.overloadpacket.__name__
        if isinstance(result, Tensor) and result.is_complex():
            if name in ("randn", "randn_like", "normal_"):  # of each part, as torch draws them
                real_view(result).copy_(_normal(real_view(result)) * math.sqrt(0.5))
        elif name in ("rand", "rand_like"):
            result.copy_(_shares(result))
        elif name in ("randn", "randn_like"):
            result.copy_(_normal(result))
        elif name == "uniform_":
            low, high = (*args[1:3], *(0.0, 1.0)[len(args) - 1 :])
            result.copy_(low + (high - low) * _shares(result))
        elif name == "normal_":
            mean, deviation = (*args[1:3], *(0.0, 1.0)[len(args) - 1 :])
            result.copy_(mean + deviation * _normal(result))
        return result


def _shares(like: Tensor) -> Tensor:
    """Numbers in (0, 1), float64, of the shape of `like`."""
    return ((torch.arange(like.numel(), dtype=torch.float64) + 0.5) * _GOLDEN % 1.0).reshape(like.shape)


def _normal(like: Tensor) -> Tensor:
    return math.sqrt(2) * torch.erfinv(2 * _shares(like) - 1)
