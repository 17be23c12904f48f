"""Parameters at which no gate is shut, whatever its shape."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from trainer.accounting.real_numbers import real_gradient, real_view

LADDER = (4.0, 16.0, 64.0, 256.0, 1024.0)

# Gradients of a generic loss, in the order of `trainable(module)`; None where the output is not finite.
Gradients = Callable[[], list[Tensor | None] | None]


def open_gates(
    module: nn.Module, gradients: Gradients, late_gradients: Gradients, generator: torch.Generator, direction: int
) -> None:
    """Draws all trainable parameters anew, then moves every element that gets no gradient until it gets one.

    A gate that is shut (a sigmoid at -200, a ReLU below its threshold) is flat, and so is one that a second shut gate
    multiplies: no gradient reaches its parameter. Elements without gradient go to 4, 16, ... 1024 times N(0,1), with
    the sign opposite to the one they were initialised with; where all of the ladder is flat (a step) they stay at its
    end. `direction` -1 takes the other sign everywhere: what opens upwards and what opens downwards are open in
    one of the two. A rung that makes the output infinite is not taken.

    Args:
        module: is changed.
        gradients: say which elements get none, and which rungs are taken.
        late_gradients: of much longer sequences. An element that gets one there, before any is moved, is no gate and
            stays: the late taps of a filter act on no short sequence. Not asked where every element gets one anyway.
    """
    with torch.no_grad():
        parameters = [real_view(parameter) for parameter in trainable(module)]
        initial = [parameter.clone() for parameter in parameters]
        for parameter, whole in zip(parameters, trainable(module), strict=True):
            parameter.copy_(direction * usual_size(whole) * _noise(parameter, generator))
        found = gradients()
        if found is None:
            return
        gates = _flat(parameters, found)
        if _any(gates):
            gates = _both(gates, _flat(parameters, late_gradients() or [None] * len(parameters)))
        for size in LADDER:
            flat = None if found is None else _both(gates, _flat(parameters, found))
            if flat is None or not _any(flat):
                return
            before = [parameter.clone() for parameter in parameters]
            for parameter, mask, start in zip(parameters, flat, initial, strict=True):
                noise = _noise(parameter, generator)
                away = torch.where(start == 0, noise, -start.sign() * noise.abs())
                parameter.copy_(torch.where(mask, direction * size * away, parameter))
            found = gradients()
            if found is None:
                for parameter, value in zip(parameters, before, strict=True):
                    parameter.copy_(value)


def trainable(module: nn.Module) -> list[nn.Parameter]:
    """What training may move: a frozen parameter may hold a mask."""
    return [p for p in module.parameters() if p.requires_grad]


def usual_size(parameter: Tensor) -> float:
    """1 for what acts on every token alike (a scalar or a vector, however many axes of size 1 it has), 1 / sqrt(fan-in)
    for what multiplies features."""
    wide = [size for size in parameter.shape if size > 1]
    return 1.0 if len(wide) < 2 else 1 / math.sqrt(parameter[0].numel() if parameter.shape[0] > 1 else wide[-1])


def _flat(parameters: list[Tensor], gradients: list[Tensor | None]) -> list[Tensor]:
    """Which elements get no gradient; of a complex one each part for itself."""
    return [
        torch.ones_like(parameter, dtype=torch.bool) if gradient is None else real_gradient(gradient) == 0
        for parameter, gradient in zip(parameters, gradients, strict=True)
    ]


def _both(first: list[Tensor], second: list[Tensor]) -> list[Tensor]:
    return [a & b for a, b in zip(first, second, strict=True)]


def _any(masks: list[Tensor]) -> bool:
    return any(bool(mask.any()) for mask in masks)


def _noise(parameter: Tensor, generator: torch.Generator) -> Tensor:
    """N(0,1) of the CPU's generator."""
    return torch.randn(parameter.shape, generator=generator, device="cpu").to(parameter)
