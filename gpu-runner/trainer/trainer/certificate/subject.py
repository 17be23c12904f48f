"""The module under test, called so that no call can influence the next one."""

from __future__ import annotations

import copy
import functools
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from trainer.accounting.operations import OperationCount, count_operations

PERTURBATION = 0.05
BASE_LENGTHS = (97, 128, 64)
_MANY_OPERATORS = 3000


class CannotRunError(Exception):
    """A test has nothing to measure, for example because the program raises or returns NaN everywhere."""


@dataclass(frozen=True)
class Scaling:
    """Operation counts at a length and at its double."""

    length: int
    short: OperationCount
    long: OperationCount

    def exponent(self, quantity: Callable[[OperationCount], float]) -> float:
        """log2 of the growth when the length doubles: 1 is linear, 2 is quadratic."""
        return math.log2(max(1.0, quantity(self.long)) / max(1.0, quantity(self.short)))


@dataclass
class Subject:
    """A program and the conditions of its test.

    Invariants:
    S1: parameters are perturbed by 0.05 N(0,1), so that a gate initialised to zero hides no path.
    S2: every call runs on a copy of a module that has never been called.
    """

    mixer: type[nn.Module]
    d_model: int
    n_heads: int
    parameter_budget: float | None
    reference_parameters: int
    placement: tuple[int, int] = (0, 1)  # layer_idx, n_layers

    def construct(self) -> nn.Module:
        """A module as the trainer would build it."""
        torch.manual_seed(0)
        layer_idx, n_layers = self.placement
        return self.mixer(self.d_model, self.n_heads, layer_idx=layer_idx, n_layers=n_layers)

    def perturbed(self) -> nn.Module:
        module = self.construct()
        generator = torch.Generator().manual_seed(1)
        with torch.no_grad():
            for parameter in module.parameters():
                noise = torch.randn(parameter.shape, generator=generator)
                parameter.add_(noise.to(parameter.dtype), alpha=PERTURBATION)
        return module

    @functools.cached_property
    def _pristine(self) -> nn.Module:
        return self.perturbed()

    def fresh(self) -> nn.Module:
        try:
            return copy.deepcopy(self._pristine)
        except (RuntimeError, TypeError):  # the constructor kept something that cannot be copied
            return self.perturbed()

    def run(self, x: Tensor, *, training: bool = False, seed: int = 1) -> Tensor:
        """Output of one call on a fresh copy; raises what the program raises."""
        module = self.fresh().train(training)
        torch.manual_seed(seed)
        return first_output(module(x))

    def values(self, x: Tensor, *, training: bool = False, seed: int = 1) -> Tensor:
        """Like `run`, without a graph."""
        with torch.no_grad():
            return self.run(x.clone(), training=training, seed=seed)  # a program may write into its input

    def input(self, batch: int, length: int, seed: int = 0) -> Tensor:
        """N(0,1) of shape [batch,length,d_model], the scale of a normalised residual stream."""
        generator = torch.Generator().manual_seed(1000 + seed)
        return torch.randn(batch, length, self.d_model, generator=generator)

    @functools.cached_property
    def length(self) -> int:
        """The first usual test length that the program accepts: 97 is no multiple of any chunk."""
        for length in BASE_LENGTHS:
            try:
                if bool(self.values(self.input(2, length)).isfinite().all()):
                    return length
            except (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError):
                continue
        raise CannotRunError(f"no finite output at any of the lengths {BASE_LENGTHS}")

    @property
    def long_length(self) -> int:
        """260 for 97: past the usual chunk sizes 64, 128 and 256."""
        return 2 * self.length + (self.length & 1) * 66

    @functools.cached_property
    def noisy_in_training(self) -> bool:
        """Whether the output in training mode depends on the random generator (dropout is off)."""
        x = self.input(2, self.length)
        return not torch.equal(self.values(x, training=True, seed=1), self.values(x, training=True, seed=2))

    @functools.cached_property
    def scaling(self) -> Scaling:
        """Forward operations at 1024 and 2048 tokens; at 256 and 512 for a loop over tokens, which is slow to count."""
        probe = self._count(256)
        if probe.operators > _MANY_OPERATORS:
            return Scaling(256, probe, self._count(512))
        return Scaling(1024, self._count(1024), self._count(2048))

    def _count(self, length: int) -> OperationCount:
        x, module = self.input(1, length), self.fresh()
        torch.manual_seed(1)
        return count_operations(lambda: module(x))


def first_output(result: object) -> Tensor:
    """y of either `y` or `(y, {"aux": loss})`."""
    y = result[0] if isinstance(result, tuple) else result
    if not isinstance(y, Tensor):
        raise TypeError(f"forward returned {type(y).__name__} instead of a tensor")
    return y


def relative_difference(a: Tensor, b: Tensor, scale: Tensor) -> Tensor:
    """|a - b| / mean |scale|, elementwise."""
    return (a - b).abs() / scale.abs().mean().clamp_min(1e-30)


@contextmanager
def without_dropout() -> Iterator[None]:
    """Dropout becomes the identity, also where a program calls the function: its mask depends on the shape."""
    names = ("dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout")
    saved = {name: getattr(F, name) for name in names}
    try:
        for name in names:
            setattr(F, name, lambda input, *_args, **_kwargs: input)
        yield
    finally:
        for name, function in saved.items():
            setattr(F, name, function)
