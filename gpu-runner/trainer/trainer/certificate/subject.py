"""The module under test, called so that no call can influence the next one."""

from __future__ import annotations

import copy
import dataclasses
import functools
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from trainer.accounting.operations import OperationCount, count_operations
from trainer.accounting.state_size import state_size
from trainer.certificate.cpu_limit import OverTimeError, cpu_limit
from trainer.certificate.program_globals import restored_globals, seed_everything
from trainer.certificate.relative import relative_difference
from trainer.worker.device import new_tensors_on

# perturbed by 0.05 N(0,1); as the program initialises them; perturbed, with N(0,1) in all scalars and vectors, which
# opens the gates that a large bias keeps shut
Parameters = Literal["perturbed", "initial", "opened"]

PERTURBATION = 0.05
STATE_SIZE_SECONDS = 2.0
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
    S2: every call runs on a copy of a module that has never been called, and what it changes outside is undone.
    S3: everything is on torch's default device; random numbers are the CPU's on every device.
    """

    mixer: type[nn.Module]
    d_model: int
    n_heads: int
    parameter_budget: float | None
    reference_parameters: int
    placement: tuple[int, int] = (0, 1)  # layer_idx, n_layers
    parameters: Parameters = "perturbed"
    bfloat16: bool = False  # autocast, as on an accelerator
    seed: int = 0  # of initialisation, perturbation and inputs
    last_input: str = ""  # for the message about a program that does not end

    def construct(self) -> nn.Module:
        """A module as the trainer would build it."""
        seed_everything(self.seed)
        layer_idx, n_layers = self.placement
        return self.mixer(self.d_model, self.n_heads, layer_idx=layer_idx, n_layers=n_layers)

    def perturbed(self) -> nn.Module:
        """A module with the parameters that this subject is about."""
        module = self.construct()
        generator = torch.Generator().manual_seed(1 + self.seed)
        with torch.no_grad():
            for parameter in module.parameters():
                noise = torch.randn(parameter.shape, generator=generator, device="cpu").to(parameter)
                if self.parameters == "opened" and parameter.dim() < 2:
                    parameter.copy_(noise)
                elif self.parameters != "initial" and parameter.is_floating_point():
                    parameter.add_(noise, alpha=PERTURBATION)
        return module

    def with_parameters(self, parameters: Parameters) -> Subject:
        """The same program in the same place with other parameters."""
        return dataclasses.replace(self, parameters=parameters)

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
        self.last_input = f"B={x.shape[0]} T={x.shape[1]}"
        module = self.fresh().train(training)
        device = torch.get_default_device()
        with restored_globals(), torch.autocast(device.type, torch.bfloat16, enabled=self.bfloat16):
            seed_everything(seed)
            return first_output(module(x))

    def values(self, x: Tensor, *, training: bool = False, seed: int = 1) -> Tensor:
        """Like `run`, without a graph."""
        with torch.no_grad():
            return self.run(x.clone(), training=training, seed=seed)  # a program may write into its input

    def input(self, batch: int, length: int, seed: int = 0) -> Tensor:
        """N(0,1) of shape [batch,length,d_model], the scale of a normalised residual stream."""
        generator = torch.Generator().manual_seed(1000 + seed + 100_000 * self.seed)
        x = torch.randn(batch, length, self.d_model, generator=generator, device="cpu")
        return x.to(torch.get_default_device())

    @functools.cached_property
    def length(self) -> int:
        """The first usual test length that the program accepts: 97 is no multiple of any chunk."""
        for length in BASE_LENGTHS:
            try:
                if bool(self.values(self.input(2, length)).isfinite().all()):
                    return length
            except MemoryError:
                raise
            except Exception:
                continue
        raise CannotRunError(f"no finite output at any of the lengths {BASE_LENGTHS}")

    def limit(self, limit: float, *, training: bool) -> float:
        """The limit of a test, above what two equal calls differ by: that is randomness, not a leak."""
        return max(limit, 10 * self._uncontrolled[training])

    @functools.cached_property
    def _uncontrolled(self) -> dict[bool, float]:
        """Largest relative difference of equal calls (seeded alike), in eval and in training mode."""
        x = self.input(2, self.length)
        found = {}
        for training in (False, True):
            first = self.values(x, training=training)
            again = [self.values(x, training=training) for _ in range(2)]
            found[training] = max(float(relative_difference(y, first, first).max()) for y in again)
        return found

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

    @functools.cached_property
    def state_size(self) -> int | None:
        """Numbers of state, or None where it grows, cannot be measured on the CPU or takes more than 2 CPU-seconds."""
        self.last_input = "B=1 T=48"
        try:
            with cpu_limit(STATE_SIZE_SECONDS), restored_globals(), new_tensors_on("cpu"):
                return state_size(self.mixer, self.d_model, self.n_heads)
        except (OverTimeError, ArithmeticError, AssertionError, LookupError, RuntimeError, TypeError, ValueError):
            return None

    def _count(self, length: int) -> OperationCount:
        x, module = self.input(1, length), self.fresh()
        self.last_input = f"B=1 T={length}"
        with restored_globals():
            seed_everything(1)
            return count_operations(lambda: module(x))


def first_output(result: object) -> Tensor:
    """y of either `y` or `(y, {"aux": loss})`."""
    y = result[0] if isinstance(result, tuple) else result
    if not isinstance(y, Tensor):
        raise TypeError(f"forward returned {type(y).__name__} instead of a tensor")
    return y


@contextmanager
def without_dropout() -> Iterator[None]:
    """Dropout becomes the identity, also where a program calls the function: its mask depends on the shape."""
    names = ("dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout")
    places = [(F, name) for name in names] + [(torch, "dropout"), (torch, "alpha_dropout")]
    saved = [(place, name, getattr(place, name)) for place, name in places]
    try:
        for place, name in places:
            setattr(place, name, lambda input, *_args, **_kwargs: input)
        yield
    finally:
        for place, name, function in saved:
            setattr(place, name, function)
