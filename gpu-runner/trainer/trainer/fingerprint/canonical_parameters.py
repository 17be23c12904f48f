"""Fills the parameters of a module with numbers that depend on their role, not on their name or place."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import torch
from torch import Tensor, nn

from trainer.accounting.real_numbers import real_gradient, real_view
from trainer.seed_everything import seed_everything


@dataclass(frozen=True)
class Initialisation:
    """A seed and a factor on the scale: large scales make scores sharp, small ones open saturated gates."""

    seed: int
    scale: float


INITIALISATIONS = (Initialisation(1, 1.0), Initialisation(2, 2.0), Initialisation(3, 0.3))


@dataclass(frozen=True)
class Part:
    """A parameter, or one square block of a linear map that makes several vectors of the width of its input.

    One matrix for queries, keys and values is the same program as three: what has a role is the block.
    """

    parameter: nn.Parameter
    rows: slice

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the part."""
        return tuple(self.parameter[self.rows].shape) if self.parameter.dim() > 0 else ()

    def of(self, values: Tensor) -> Tensor:
        """The part of something of the parameter's shape: itself, its gradient."""
        return values[self.rows] if values.dim() > 0 else values


def trained_parameters(module: nn.Module) -> list[nn.Parameter]:
    """Those that training changes: the others are constants of the program."""
    return [parameter for parameter in module.parameters() if parameter.requires_grad]


def fill_canonically(
    module: nn.Module, initialisation: Initialisation, d_model: int, dtype: torch.dtype
) -> list[tuple[Part, int]]:
    """Fills all parameters and returns the parts of those that are used, in canonical order, each with its rank among
    those of its shape. A parameter that no output depends on is none of the program; one that is not trained is a
    constant, and stays what it is. `dtype` is that of the tokens, whatever those of the parameters are.

    A part gets numbers from a generator seeded by (its shape, its rank among equal shapes).

    Matrices have about the scale 1/sqrt(fan in), vectors 0.2. The rank comes from the role: with equal numbers in all
    parts of a shape, the gradient of a fixed functional tells them apart, whatever order they are defined in.
    """
    scales = {id(p): _scale(owner, p) for owner in module.modules() for p in owner.parameters(recurse=False)}
    blocks = {id(p): n for owner in module.modules() for p, n in _blocks(owner)}
    trained = trained_parameters(module)
    parts = sorted((part for p in trained for part in _parts(p, blocks.get(id(p), 1))), key=lambda part: part.shape)

    def fill(part: Part, rank: int) -> None:
        _fill(part, initialisation.seed, rank, scales[id(part.parameter)] * initialisation.scale)

    for part in parts:
        fill(part, 0)
    roles = {
        id(part): role
        for part, role in zip(parts, _roles(module, parts, d_model, dtype), strict=True)
        if role is not None
    }
    used = [part for part in parts if id(part) in roles]
    ranked = []
    for _, group in groupby(used, key=lambda part: part.shape):
        for rank, part in enumerate(sorted(group, key=lambda one: roles[id(one)])):
            fill(part, rank)
            ranked.append((part, rank))
    return ranked


def _blocks(owner: nn.Module) -> list[tuple[nn.Parameter, int]]:
    """Weight and bias of a linear map from d to n d numbers, n > 1, with n."""
    if not isinstance(owner, nn.Linear):
        return []
    count, rest = divmod(*owner.weight.shape)
    return [] if rest or count < 2 else [(p, count) for p in owner.parameters(recurse=False)]


def _parts(parameter: nn.Parameter, count: int) -> list[Part]:
    if parameter.dim() == 0:
        return [Part(parameter, slice(None))]
    size = len(parameter) // count
    return [Part(parameter, slice(n * size, (n + 1) * size)) for n in range(count)]


def _scale(owner: nn.Module, parameter: nn.Parameter) -> float:
    """1/sqrt(fan in) of linear maps; the fan in of a raw parameter, whose layout is unknown, is its smaller side."""
    if parameter.dim() < 2:
        return 0.2
    if isinstance(owner, nn.Linear):
        return parameter.shape[1] ** -0.5
    if isinstance(owner, (nn.Conv1d, nn.Conv2d)):
        return parameter[0].numel() ** -0.5
    return min(parameter.shape[-2:]) ** -0.5


def _fill(part: Part, seed: int, rank: int, scale: float) -> None:
    for number in (*part.shape, rank):
        seed = (seed * 1_000_003 + number + 1) % 2**31
    with torch.no_grad():
        own = real_view(part.of(part.parameter))
        own.copy_(torch.randn(own.shape, generator=torch.Generator().manual_seed(seed)) * scale)


def _roles(module: nn.Module, parts: list[Part], d_model: int, dtype: torch.dtype) -> list[float | None]:
    """One number per part: its gradient, projected on a direction fixed for its shape; None where there is none, or
    nothing but zeros."""
    generator = torch.Generator().manual_seed(21)
    x = torch.randn(1, 24, d_model, generator=generator).to(dtype)
    seed_everything(0)
    result = module(x)
    y: Tensor = result[0] if isinstance(result, tuple) else result
    weights = torch.randn(y.shape, generator=generator).to(y.dtype)
    # Divided by its size, so that parameters which only scale the output differ from each other, too.
    value = (y * weights).sum() / y.detach().square().mean().sqrt().clamp_min(1e-12)
    if not value.requires_grad:
        return [0.0] * len(parts)
    parameters = trained_parameters(module)
    gradients = torch.autograd.grad(value, parameters, allow_unused=True) if parameters else ()
    gradient_of = dict(zip(map(id, parameters), gradients, strict=True))
    roles: list[float | None] = []
    for part in parts:
        gradient = gradient_of.get(id(part.parameter))
        if gradient is None or not bool(part.of(gradient).any()):
            roles.append(None)
            continue
        own = real_gradient(part.of(gradient))
        direction = torch.randn(own.shape, generator=torch.Generator().manual_seed(22))
        roles.append(float((own * direction).nan_to_num().sum()))
    return roles
