"""Fills the parameters of a module with numbers that depend on their role, not on their name or place."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Initialisation:
    """A seed and a factor on the scale: large scales make scores sharp, small ones open saturated gates."""

    seed: int
    scale: float


INITIALISATIONS = (Initialisation(1, 1.0), Initialisation(2, 2.0), Initialisation(3, 0.3))


def fill_canonically(module: nn.Module, initialisation: Initialisation, d_model: int) -> list[tuple[nn.Parameter, int]]:
    """Fills all parameters and returns them in canonical order, each with its rank among those of its shape.

    Parameter i gets numbers from a generator seeded by (its shape, its rank among equal shapes).

    Matrices have about the scale 1/sqrt(fan in), vectors 0.2. The rank comes from the role: with equal numbers in all
    parameters of a shape, the gradient of a fixed functional tells them apart, whatever order they are defined in.
    """
    parameters = sorted(module.parameters(), key=lambda p: tuple(p.shape))
    scales = {id(p): _scale(part, p) for part in module.modules() for p in part.parameters(recurse=False)}

    def fill(parameter: nn.Parameter, rank: int) -> None:
        _fill(parameter, initialisation.seed, rank, scales[id(parameter)] * initialisation.scale)

    for parameter in parameters:
        fill(parameter, 0)
    roles = dict(zip(map(id, parameters), _roles(module, parameters, d_model), strict=True))
    ranked = []
    for _, group in groupby(parameters, key=lambda p: tuple(p.shape)):
        for rank, parameter in enumerate(sorted(group, key=lambda p: roles[id(p)])):
            fill(parameter, rank)
            ranked.append((parameter, rank))
    return ranked


def _scale(part: nn.Module, parameter: nn.Parameter) -> float:
    """1/sqrt(fan in) of linear maps; the fan in of a raw parameter, whose layout is unknown, is its smaller side."""
    if parameter.dim() < 2:
        return 0.2
    if isinstance(part, nn.Linear):
        return parameter.shape[1] ** -0.5
    if isinstance(part, (nn.Conv1d, nn.Conv2d)):
        return parameter[0].numel() ** -0.5
    return min(parameter.shape[-2:]) ** -0.5


def _fill(parameter: nn.Parameter, seed: int, rank: int, scale: float) -> None:
    for number in (*parameter.shape, rank):
        seed = (seed * 1_000_003 + number + 1) % 2**31
    values = torch.randn(parameter.shape, generator=torch.Generator().manual_seed(seed))
    with torch.no_grad():
        parameter.copy_(values * scale)


def _roles(module: nn.Module, parameters: list[nn.Parameter], d_model: int) -> list[float]:
    """One number per parameter: its gradient, projected on a direction fixed for its shape."""
    generator = torch.Generator().manual_seed(21)
    dtype = parameters[0].dtype if parameters else torch.float32
    x = torch.randn(1, 24, d_model, generator=generator).to(dtype)
    torch.manual_seed(0)
    result = module(x)
    y: Tensor = result[0] if isinstance(result, tuple) else result
    weights = torch.randn(y.shape, generator=generator).to(y.dtype)
    # Divided by its size, so that parameters which only scale the output differ from each other, too.
    value = (y * weights).sum() / y.detach().square().mean().sqrt().clamp_min(1e-12)
    if not value.requires_grad:
        return [0.0] * len(parameters)
    gradients = torch.autograd.grad(value, parameters, allow_unused=True)
    roles = []
    for parameter, gradient in zip(parameters, gradients, strict=True):
        direction = torch.randn(parameter.shape, generator=torch.Generator().manual_seed(22))
        roles.append(0.0 if gradient is None else float((gradient * direction).nan_to_num().sum()))
    return roles
