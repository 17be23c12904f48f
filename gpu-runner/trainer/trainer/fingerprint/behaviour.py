"""What a mixer computes under canonical parameters, in evaluation and in training, and how it starts its own: sees
through rewrites and reordering."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from trainer.accounting.double_precision import in_double
from trainer.accounting.real_numbers import real_gradient, real_view
from trainer.fingerprint.canonical_parameters import INITIALISATIONS, Part, fill_canonically, trained_parameters
from trainer.fingerprint.own_initialisation import own_initialisation, start_of
from trainer.seed_everything import seed_everything

LENGTHS = (48, 131)  # the second a multiple of no chunk, and longer than what cpu-quick trains
OUTPUT_NUMBERS, INPUT_NUMBERS, PARAMETER_NUMBERS = 16, 12, 12
START_NUMBERS = 16
IMPULSE_AT, IMPULSE_SEGMENT = 8, 32
_ASKED = 8  # last positions whose gradient is taken: what they owe to early tokens has come through the state alone
_FLOOR = 1e-3  # parts smaller than this, relative to the largest, count less: float32 rounding must not count


def behaviour(mixer_factory: Callable[[], nn.Module], d_model: int = 64) -> list[list[float]]:
    """Segments of standardised numbers: 3 initialisations x 2 inputs x 2 lengths of 40 numbers, then the response to a
    changed token (32 positions from t = 8 on), the size of the output of all 12 (see `_sizes`), 16 numbers of how the
    parameters start (`own_initialisation.py`), 40 of a call in training mode, where dropout and noise are, and 24 of
    the auxiliary loss' gradients, with the sizes of both. Two programs are twins if all segments correlate above
    .99999: the same computation written differently stays above 1 - 1e-7.

    Of the 40 numbers 16 are random projections of the output, 12 of its gradient with respect to the tokens, 12 of
    that with respect to the parameters. Every token's and every parameter's gradient is brought to the same length
    first, so that a path that adds little to the output is seen as well as the one that dominates it.

    Computed in float64, or in float32 where the program does not run in float64. Raises what the program raises.
    """
    starts = own_initialisation(mixer_factory)
    try:
        return _segments(lambda: in_double(mixer_factory()), starts, d_model, torch.float64)
    except Exception:
        return _segments(mixer_factory, starts, d_model, torch.float32)


def _segments(
    build: Callable[[], nn.Module], starts: list[Tensor], d_model: int, dtype: torch.dtype
) -> list[list[float]]:
    module = build().eval()
    segments, sizes, start = [], [], torch.zeros(START_NUMBERS, dtype=torch.float64)
    for initialisation in INITIALISATIONS:
        parts = fill_canonically(module, initialisation, d_model, dtype)
        if initialisation is INITIALISATIONS[0]:
            start = _start(module, parts, starts)
        for length in LENGTHS:
            for x in _inputs(length, d_model, dtype):
                asked, y, _ = _call(module, x)
                profile, size = _profile(module, parts, asked, y)
                segments.append(_rounded(profile))
                sizes.append(size)
    segments.append(_rounded(_impulse_response(module, d_model, dtype)))
    segments.append(_rounded(_sizes(sizes)))
    segments.append(_rounded(start))
    return [*segments, *_in_training(build(), d_model, dtype)]


def _in_training(module: nn.Module, d_model: int, dtype: torch.dtype) -> list[list[float]]:
    """A module of its own: what it counts or averages while it trains must not have been called before."""
    parts = fill_canonically(module.eval(), INITIALISATIONS[0], d_model, dtype)
    module.train()
    x, _ = _inputs(LENGTHS[0], d_model, dtype)
    x, y, auxiliary = _call(module, x)
    profile, size = _profile(module, parts, x, y)
    token, weight, steepness = _no_numbers(INPUT_NUMBERS), _no_numbers(PARAMETER_NUMBERS), 1.0
    if auxiliary is not None:
        token, weight, steepness = _gradient_numbers(auxiliary.sum(), module, parts, x)
    pulls = torch.cat([_standardised(part) for part in (token, weight)])
    return [_rounded(profile), _rounded(pulls), _rounded(_sizes([size, steepness]))]


def _start(module: nn.Module, parts: list[tuple[Part, int]], starts: list[Tensor]) -> Tensor:
    """Sizes and means of the parts at their own initialisation, projected by their shapes and roles."""
    values = dict(zip(map(id, module.parameters()), starts, strict=True))
    total = torch.zeros(START_NUMBERS, dtype=torch.float64)
    for part, rank in parts:
        numbers = torch.tensor(start_of(part.of(values[id(part.parameter)])), dtype=torch.float64)
        total += _projection(2, START_NUMBERS, 17 + _seed(part, rank)) @ numbers
    return total


def _sizes(sizes: list[float]) -> Tensor:
    """log2 of the outputs' root mean squares beside as many fixed numbers, which a factor on all outputs does not move.

    Every other segment is standardised, and so blind to such a factor: twice the gate before a linear projection is
    another function and another start of the training.
    """
    logs = torch.tensor(sizes, dtype=torch.float64).clamp(1e-30, 1e30).log2()
    return torch.cat([logs, logs.new_tensor([-4.0, 4.0]).repeat(len(sizes) // 2)])


def _call(module: nn.Module, x: Tensor) -> tuple[Tensor, Tensor, Tensor | None]:
    """Tokens to take gradients by, the output for them, and the auxiliary loss where there is one with a gradient."""
    tokens = x.clone().requires_grad_()
    seed_everything(0)
    result = module(tokens * 1.0)  # a program may write into its input
    if not isinstance(result, tuple):
        return tokens, result, None
    extras = result[1] if len(result) > 1 else None
    auxiliary = extras.get("aux") if isinstance(extras, dict) else None
    has_gradient = isinstance(auxiliary, Tensor) and auxiliary.requires_grad
    return tokens, result[0], auxiliary if has_gradient else None


def _profile(module: nn.Module, parts: list[tuple[Part, int]], x: Tensor, y: Tensor) -> tuple[Tensor, float]:
    """The 40 numbers of a call, and the root mean square of its output."""
    output = _projection(y.numel(), OUTPUT_NUMBERS, 13) @ _standardised(y.detach())
    token, weight = _no_numbers(INPUT_NUMBERS), _no_numbers(PARAMETER_NUMBERS)
    if y.requires_grad:
        asked = torch.randn(y[:, -_ASKED:].shape, generator=_generator(14)).to(y.dtype)
        token, weight, _ = _gradient_numbers((y[:, -_ASKED:] * asked).sum(), module, parts, x)
    size = float(y.detach().double().square().mean().sqrt())
    return torch.cat([_standardised(part) for part in (output, token, weight)]), size


def _gradient_numbers(
    value: Tensor, module: nn.Module, parts: list[tuple[Part, int]], x: Tensor
) -> tuple[Tensor, Tensor, float]:
    """Projections of the gradients of a scalar by the tokens and by the parameters, and the root of the sum of the
    squares of all of them, each parameter's times its own size."""
    token, weight = _no_numbers(INPUT_NUMBERS), _no_numbers(PARAMETER_NUMBERS)
    parameters = trained_parameters(module)
    # Kept: the auxiliary loss of a call shares its graph with the output.
    gradients = torch.autograd.grad(value, [x, *parameters], allow_unused=True, retain_graph=True)
    square = 0.0
    if gradients[0] is not None:
        rows = list(gradients[0][0].double())
        square += sum(float(row.square().sum()) for row in rows)
        token = _projection(x.numel(), INPUT_NUMBERS, 15) @ torch.cat(_levelled(rows))
    gradient_of = dict(zip(map(id, parameters), gradients[1:], strict=True))
    shares = [_share(part, gradient_of.get(id(part.parameter))) for part, _ in parts]
    square += sum(float(share.square().sum()) for share in shares)
    for (part, rank), share in zip(parts, _levelled(shares), strict=True):
        weight += _projection(share.numel(), PARAMETER_NUMBERS, _seed(part, rank)) @ share
    return token, weight, square**0.5


def _no_numbers(count: int) -> Tensor:
    return torch.zeros(count, dtype=torch.float64)


def _share(part: Part, gradient: Tensor | None) -> Tensor:
    """The gradient times the size of the part: its share in the output, whatever its scale."""
    own = real_view(part.of(part.parameter.detach()))
    if gradient is None:
        return _no_numbers(own.numel())
    return (real_gradient(part.of(gradient)).double() * own.square().mean().sqrt()).flatten()


def _seed(part: Part, rank: int) -> int:
    seed = 16
    for number in (*part.shape, rank):
        seed = (seed * 1_000_003 + number + 1) % 2**31
    return seed


def _levelled(parts: list[Tensor]) -> list[Tensor]:
    """Every part divided by its norm, or by a thousandth of the largest norm where that is more."""
    norms = [float(part.norm()) for part in parts]
    least = max(norms, default=0.0) * _FLOOR + 1e-300
    return [part / (norm + least) for part, norm in zip(parts, norms, strict=True)]


def _generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _inputs(length: int, d_model: int, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """Random tokens, and a pattern of five tokens that repeats."""
    random = torch.randn(1, length, d_model, generator=_generator(11)).to(dtype)
    return random, random[:, torch.arange(length) % 5]


def _output(module: nn.Module, x: Tensor) -> Tensor:
    seed_everything(0)
    with torch.no_grad():
        result = module(x.clone())
    return result[0] if isinstance(result, tuple) else result


def _impulse_response(module: nn.Module, d_model: int, dtype: torch.dtype) -> Tensor:
    """log size of the change at t = 8 .. 39 when token 8 changes: length and shape of the memory."""
    x, _ = _inputs(LENGTHS[0], d_model, dtype)
    changed = x.clone()
    changed[:, IMPULSE_AT] += torch.randn(d_model, generator=_generator(12)).to(dtype)
    change = (_output(module, changed) - _output(module, x))[0, IMPULSE_AT : IMPULSE_AT + IMPULSE_SEGMENT]
    size = change.double().norm(dim=-1)
    return (size + size.max() * _FLOOR).clamp_min(1e-6).log()


def _projection(size: int, count: int, seed: int) -> Tensor:
    return torch.randn(count, size, generator=_generator(seed)).double()


def _standardised(y: Tensor) -> Tensor:
    flat = y.flatten().double()
    return (flat - flat.mean()) / flat.std().clamp_min(1e-12)


def _rounded(segment: Tensor) -> list[float]:
    """Mean 0, standard deviation 1, five significant digits; zeros if it is constant or not finite."""
    if not bool(segment.isfinite().all()) or float(segment.std()) < 1e-9:
        return [0.0] * segment.numel()
    return [float(f"{value:.5g}") for value in _standardised(segment).tolist()]
