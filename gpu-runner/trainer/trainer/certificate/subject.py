"""The module under test, called so that no call can influence the next one."""

from __future__ import annotations

import copy
import dataclasses
import functools
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Literal

import torch
from torch import Tensor, nn

from trainer.accounting.double_precision import double_precision, in_double, own_copy
from trainer.accounting.memory import memory_address
from trainer.accounting.operations import OperationCount, count_operations
from trainer.accounting.parameters import count_parameters
from trainer.accounting.real_numbers import real_view
from trainer.accounting.state_size import MeasuredState, measured_state
from trainer.certificate.batches import (
    MOST_ROWS,
    PAIR,
    SHORT,
    SHORT_SHAPES,
    BatchOutcome,
    batch_outcome,
    row_limit,
)
from trainer.certificate.cpu_limit import OverTimeError, cpu_limit
from trainer.certificate.draws import draws_of
from trainer.certificate.first_output import first_output
from trainer.certificate.hidden_numbers import HiddenNumbers, generated_at_any_size, held_beside_parameters
from trainer.certificate.inputs import different_tokens, repeated_tokens
from trainer.certificate.instrument import Reading, read
from trainer.certificate.open_gates import trainable
from trainer.certificate.opened_values import opened_values
from trainer.certificate.program_globals import (
    GlobalsThen,
    clear_caches,
    generators_around,
    globals_now,
    put_back,
    restored_globals,
)
from trainer.certificate.relative import relative_difference
from trainer.certificate.scaling import Scaling
from trainer.model.construct_mixer import construct_mixer
from trainer.seed_everything import seed_everything
from trainer.suites.batch_shapes import BatchShape
from trainer.worker.device import new_tensors_on

# perturbed by 0.05 N(0,1); as the program initialises them; all drawn anew, with every gate open, in two ways that
# differ in sign (open_gates.py)
Parameters = Literal["perturbed", "initial", "opened", "opened the other way"]

PERTURBATION = 0.05
STATE_SIZE_SECONDS = 3.0
_NOISE_ROWS, _NOISE_SEEDS = 32, 16  # noise that meets one row in fifty is missed once in ten thousand times
BASE_LENGTHS = (97, 128, 64)
_KEPT_IN_DOUBLE = (
    *("length", "remembers", "_uncontrolled", "noisy_in_training", "batches", "suspect_batches"),
    "_opened",
)


class CannotRunError(Exception):
    """A test has nothing to measure, for example because the program raises or returns NaN everywhere."""


@dataclass
class Subject:
    """A program and the conditions of its test.

    Invariants:
    S1: parameters are perturbed by 0.05 N(0,1), so that a gate initialised to zero hides no path.
    S2: every call runs on a copy of a module that has never been called, or as often as `called` says; what it changes
        outside is undone. In the program's globals it finds what the import and all constructors of its model left.
    S3: everything is on torch's default device; random numbers are the CPU's on every device.
    S4: before every call of a program that remembers nevertheless, the same two calls are made: what differs between
        two inputs then is not what was kept from other inputs.
    S5: values in training mode are computed as in training, with gradients and of an input that needs one; those in
        eval mode as in scoring, without.
    """

    mixer: type[nn.Module]
    d_model: int
    n_heads: int
    parameter_budget: float | None
    reference_parameters: int
    placement: tuple[int, int] = (0, 1)  # layer_idx, n_layers
    parameters: Parameters = "perturbed"
    bfloat16: bool = False  # autocast, as on an accelerator
    double: bool = False  # parameters, inputs and all casts in float64
    seed: int = 0  # of initialisation, perturbation and inputs
    shapes: tuple[BatchShape, ...] = SHORT_SHAPES  # in which rows are compared with rows in a batch of two
    called: tuple[int, int] = (0, PAIR)  # how often before every call, in training mode, and at what length
    last_input: str = ""  # for the message about a program that does not end
    imported: GlobalsThen = field(default_factory=globals_now, repr=False, compare=False)  # what the import left

    def stack(self) -> list[nn.Module]:
        """All mixers of its model, built as the trainer builds them: what their constructors leave in the program's
        globals, and nothing that was left there before, is there for the calls that follow."""
        put_back(self.imported)
        layers = self.placement[1]
        return [dataclasses.replace(self, placement=(layer, layers)).construct() for layer in range(layers)]

    def built(self) -> nn.Module:
        """Its own one of them."""
        return self.stack()[self.placement[0]]

    def construct(self) -> nn.Module:
        """A module, without those of the other layers, on whatever is in the program's globals."""
        seed_everything(self.seed)
        layer_idx, n_layers = self.placement
        return construct_mixer(self.mixer, self.d_model, self.n_heads, layer_idx=layer_idx, n_layers=n_layers)

    def perturbed(self) -> nn.Module:
        """A module with the parameters that this subject is about; leaves what its model's constructors leave."""
        opened = self._opened if self.gates_are_open else []
        module = own_copy(self.built())
        generator = torch.Generator().manual_seed(1 + self.seed)
        with torch.no_grad():
            if self.parameters != "initial":
                for parameter in map(real_view, module.parameters()):
                    noise = torch.randn(parameter.shape, generator=generator, device="cpu").to(parameter)
                    if parameter.is_floating_point():
                        parameter.add_(noise, alpha=PERTURBATION)
            if self.gates_are_open:
                for parameter, value in zip(trainable(module), opened, strict=True):
                    parameter.copy_(value)
        module = in_double(module) if self.double else module
        self._call_in_training(module)
        return module

    def _call_in_training(self, module: nn.Module) -> None:
        calls, length = self.called
        if calls == 0:
            return
        module, x = module.train(), self.input(PAIR, length)
        with torch.no_grad(), self.precision():
            for _ in range(calls):
                seed_everything(1)
                module(x.clone())

    @property
    def gates_are_open(self) -> bool:
        """Whether the parameters are ones that training need never reach."""
        return self.parameters.startswith("opened")

    @functools.cached_property
    def _opened(self) -> list[Tensor]:
        """Values of the trainable parameters with every gate open; found on a module that is used for nothing else."""
        for length in (SHORT, *BASE_LENGTHS):
            try:
                return opened_values(self, length)
            except MemoryError:
                raise
            except Exception:
                continue
        raise CannotRunError("no gradient at any of the usual lengths")

    def with_parameters(self, parameters: Parameters) -> Subject:
        """The same program in the same place with other parameters."""
        return dataclasses.replace(self, parameters=parameters)

    @functools.cached_property
    def _pristine(self) -> tuple[nn.Module, GlobalsThen]:
        """The module, and what the constructors of its model left."""
        with restored_globals():
            return self.perturbed(), globals_now(self.imported)

    @functools.cached_property
    def in_double(self) -> Subject:
        """The same, computing in double precision. What is known of it already is not measured again."""
        known = {name: self.__dict__[name] for name in _KEPT_IN_DOUBLE if name in self.__dict__}
        wide = dataclasses.replace(self, double=True)
        vars(wide).update(known)
        return wide

    @property
    def built_parameters(self) -> int:
        """Parameters, as far as a module has been built already; 0 before."""
        built = self.__dict__.get("_pristine")
        return 0 if built is None else count_parameters(built[0])

    def fresh(self) -> nn.Module:
        """A module as if it had just been built, and the program's globals as that left them."""
        module, left = self._pristine
        try:
            module = copy.deepcopy(module)
        except (RuntimeError, TypeError):  # the constructor kept something that cannot be copied
            return self.perturbed()
        put_back(left)
        return module

    def run(self, x: Tensor, *, training: bool = False, seed: int = 1) -> Tensor:
        """Output of one call on a fresh copy; raises what the program raises."""
        if self.remembers:
            other = self.input(PAIR, self.length, seed=77)
            for _ in range(2):
                self._value(other, training=training, seed=seed)
        return self._call(x, training=training, seed=seed)

    def _call(self, x: Tensor, *, training: bool, seed: int = 1) -> Tensor:
        self.last_input = f"B={x.shape[0]} T={x.shape[1]}"
        device = torch.get_default_device()
        with restored_globals():
            module = self.fresh().train(training)
            with self.precision(), torch.autocast(device.type, torch.bfloat16, enabled=self.bfloat16):
                seed_everything(seed)
                return first_output(module(x))

    def precision(self) -> AbstractContextManager[None]:
        """What its calls run in, and the backward pass of them."""
        return double_precision(casts=True) if self.double else nullcontext()

    def values(self, x: Tensor, *, training: bool = False, seed: int = 1) -> Tensor:
        """Like `run`, with gradients in training mode only and none in what is returned."""
        with torch.set_grad_enabled(training):
            return self.run(_as_given(x, training), training=training, seed=seed).detach()

    def _value(self, x: Tensor, *, training: bool, seed: int = 1) -> Tensor:
        """The same of a single call, whatever was called before."""
        with torch.set_grad_enabled(training):
            return self._call(_as_given(x, training), training=training, seed=seed).detach()

    def input(self, batch: int, length: int, seed: int = 0, *, repeated: bool = False) -> Tensor:
        """Tokens [batch,length,d_model], all different or, if `repeated`, of one small vocabulary."""
        drawn = 1000 + seed + 100_000 * self.seed
        if repeated:
            x = repeated_tokens(batch, length, self.d_model, drawn, vocabulary=500 + 100_000 * self.seed)
        else:
            x = different_tokens(batch, length, self.d_model, drawn)
        return x.double() if self.double else x

    @functools.cached_property
    def length(self) -> int:
        """The first usual test length that the program accepts: 97 is no multiple of any chunk."""
        for length in BASE_LENGTHS:
            try:
                with torch.no_grad():
                    if bool(self._call(self.input(PAIR, length), training=False).isfinite().all()):
                        return length
            except MemoryError:
                raise
            except Exception:
                continue
        raise CannotRunError(f"no finite output at any of the lengths {BASE_LENGTHS}")

    @functools.cached_property
    def remembers(self) -> bool:
        """Whether a call changes what a later one gives for the same input, although S2: through a closure, a cache, an
        attribute of torch, a file, or the clock."""
        try:
            length = self.length
        except CannotRunError:
            return False  # there is nothing to compare
        x, other = self.input(PAIR, length), 3 * self.input(PAIR, length, seed=3)
        for training in (False, True):
            first, _, again = (self._value(a, training=training) for a in (x, other, x))
            if not torch.equal(first.nan_to_num(), again.nan_to_num()):
                return True
        return False

    def limit(self, limit: float, *, training: bool) -> float:
        """The limit of a test, above what two equal calls differ by: that is randomness, not a leak."""
        return max(limit, 10 * self._uncontrolled[training]) if self.remembers else limit

    @functools.cached_property
    def _uncontrolled(self) -> dict[bool, float]:
        """Largest relative difference of equal calls (seeded alike), others between them, in eval mode and training."""
        x, other = self.input(PAIR, self.length), 3 * self.input(PAIR, self.length, seed=3)
        found = {}
        for training in (False, True):
            y = self.values(x, training=training)
            found[training] = 0.0
            for between in 3 * (x, other, 0 * x):  # often enough for a clock, which may stand still between two calls
                self.values(between, training=training)
                again = self.values(x, training=training)
                found[training] = max(found[training], float(relative_difference(again, y, y).max()))
                y = again  # what it counts has gone on
        return found

    @functools.cached_property
    def batches(self) -> tuple[BatchOutcome, ...]:
        """What becomes of the probe in a batch of every shape. Noise is drawn in the shape of the batch: with it there
        is nothing to compare."""
        return tuple(
            batch_outcome(self, shape) for shape in self.shapes if not (shape.training and self.noisy_in_training)
        )

    @functools.cached_property
    def suspect_batches(self) -> tuple[BatchOutcome, ...]:
        """Where a row is not what it is in a batch of two, or may not be: what holds in pairs need not hold there."""
        unequal = [
            outcome
            for outcome in self.batches
            if outcome.difference > self.limit(row_limit(), training=outcome.shape.training)
        ]
        noisy = [
            BatchOutcome(shape)
            for shape in self.shapes
            if shape.training and self.noisy_in_training and shape.rows > PAIR
        ]
        return (*unequal, *noisy)

    def compares_rows(self, *, training: bool) -> bool:
        """Whether rows of one batch can stand for calls of their own: they are independent, and get the same noise. In
        bfloat16 they would differ by rounding."""
        return not (self.bfloat16 or (training and self.noisy_in_training) or self.suspect_batches)

    @property
    def long_length(self) -> int:
        """260 for 97: past the usual chunk sizes 64, 128 and 256."""
        return 2 * self.length + (self.length & 1) * 66

    @property
    def longest_length(self) -> int:
        """1047 for 97: the longest one whose content is tested."""
        return 4 * self.long_length + 7

    @functools.cached_property
    def noisy_in_training(self) -> bool:
        """Whether the output in training mode depends on chance (dropout is off). What a program draws it may use
        rarely, a path left out of one row in ten: then many rows are looked at, with many seeds where it is known to
        draw. A generator of its own heeds no seed: what it draws counts as noise without a look."""
        if any(self._differs_by_seed(rows, seeds=1) for rows in (PAIR, _NOISE_ROWS)):
            return True
        with restored_globals():
            module, x = self.fresh().train(), self.input(PAIR, self.length)
            seed_everything(1)
            draws = draws_of(lambda: module(_as_given(x, training=True)), generators_around(module))
        return draws == "own" or (draws == "shared" and self._differs_by_seed(_NOISE_ROWS, seeds=_NOISE_SEEDS))

    def _differs_by_seed(self, rows: int, seeds: int) -> bool:
        x = self.input(rows, self.length)
        first = self.values(x, training=True, seed=1)
        return any(not torch.equal(first, self.values(x, training=True, seed=2 + n)) for n in range(seeds))

    @functools.cached_property
    def scaling(self) -> Scaling:
        """Forward operations at lengths that double, in both modes; in scoring of two rows, for a program may do
        something else with one."""
        return Scaling(self.count, lambda length: self.count(length, PAIR, training=False), PAIR)

    @functools.cached_property
    def state(self) -> MeasuredState:
        """Numbers of state, measured on the CPU in at most STATE_SIZE_SECONDS."""
        self.last_input = "B=1 T=48"
        layer_idx, n_layers = self.placement

        def make(d_model: int, n_heads: int) -> nn.Module:
            put_back(self.imported)
            return construct_mixer(self.mixer, d_model, n_heads, layer_idx=layer_idx, n_layers=n_layers)

        try:
            with cpu_limit(STATE_SIZE_SECONDS), restored_globals(), new_tensors_on("cpu"):
                return measured_state(make, self.d_model, self.n_heads)
        except OverTimeError:
            return MeasuredState(None, f"it could not be measured within {STATE_SIZE_SECONDS:g} CPU-seconds")

    @functools.cached_property
    def hidden(self) -> HiddenNumbers:
        """Numbers that are no parameters, after a call: a program may make its tables when it is first called."""
        x = self.input(1, self.length)
        clear_caches()  # of what the other tests' lengths have left there
        with torch.no_grad(), restored_globals():
            stack = self.stack()
            module = stack[self.placement[0]].eval()
            seed_everything(1)
            module(x)
            held = held_beside_parameters(module, *stack)
        return HiddenNumbers(held, generated_at_any_size(self.count, self.scaling, MOST_ROWS))

    def count(self, length: int, rows: int = 1, *, training: bool = True) -> OperationCount:
        """What one forward pass costs, with gradients in training mode only."""
        self.last_input = f"B={rows} T={length}"

        def forward(count: Callable[[nn.Module, Tensor], Reading]) -> Reading:
            x = self.input(rows, length)
            with restored_globals(), torch.set_grad_enabled(training):
                module = self.fresh().train(training)
                seed_everything(1)
                return count(module, x)

        return read(lambda: forward(_counted), lambda: forward(lambda module, x: module(x)))


def _counted(module: nn.Module, x: Tensor) -> OperationCount:
    held = [holding.address for holding in held_beside_parameters(module)]
    given = [memory_address(tensor) for tensor in (x, *module.parameters())]
    return count_operations(lambda: module(x), [*given, *(address for address in held if address is not None)])


def _as_given(x: Tensor, training: bool) -> Tensor:
    """A copy, because a program may write into its input; in training no leaf, which would refuse that."""
    return x.detach().clone().requires_grad_(training) * 1.0
