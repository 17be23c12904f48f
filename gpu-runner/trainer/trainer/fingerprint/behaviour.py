"""What a mixer computes under canonical parameters: sees through rewrites, renaming and reordering."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from trainer.fingerprint.canonical_parameters import INITIALISATIONS, fill_canonically

LENGTHS = (48, 97)
SEGMENT = 40
IMPULSE_AT, IMPULSE_SEGMENT = 8, 32


def behaviour(mixer_factory: Callable[[], nn.Module], d_model: int = 64) -> list[list[float]]:
    """Segments of standardised outputs: 3 initialisations x 2 inputs x 2 lengths of 40 numbers, then the response
    to a changed token (32 positions from t = 8 on). Two programs are twins if the segments correlate above .999, all
    of them.

    Each output [1,T,d_model] is standardised and projected on 40 fixed random directions, so every position and
    channel has its part. Raises what the program raises.
    """
    segments = []
    module = mixer_factory().eval()
    for initialisation in INITIALISATIONS:
        fill_canonically(module, initialisation, d_model)
        for length in LENGTHS:
            for x in _inputs(length, d_model):
                segments.append(_rounded(_projection(length * d_model, SEGMENT) @ _standardised(_output(module, x))))
    segments.append(_rounded(_impulse_response(module, d_model)))
    return segments


def _generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _inputs(length: int, d_model: int) -> tuple[Tensor, Tensor]:
    """Random tokens, and a pattern of five tokens that repeats."""
    random = torch.randn(1, length, d_model, generator=_generator(11))
    return random, random[:, torch.arange(length) % 5]


def _output(module: nn.Module, x: Tensor) -> Tensor:
    torch.manual_seed(0)
    with torch.no_grad():
        result = module(x.clone())
    return result[0] if isinstance(result, tuple) else result


def _impulse_response(module: nn.Module, d_model: int) -> Tensor:
    """log size of the change at t = 8 .. 39 when token 8 changes: length and shape of the memory."""
    x, _ = _inputs(LENGTHS[0], d_model)
    changed = x.clone()
    changed[:, IMPULSE_AT] += torch.randn(d_model, generator=_generator(12))
    change = (_output(module, changed) - _output(module, x))[0, IMPULSE_AT : IMPULSE_AT + IMPULSE_SEGMENT]
    return change.norm(dim=-1).double().clamp_min(1e-6).log()


def _projection(size: int, count: int) -> Tensor:
    return torch.randn(count, size, generator=_generator(13))


def _standardised(y: Tensor) -> Tensor:
    flat = y.flatten().float()
    return (flat - flat.mean()) / flat.std().clamp_min(1e-12)


def _rounded(segment: Tensor) -> list[float]:
    """Mean 0, standard deviation 1, five significant digits; zeros if it is constant or not finite."""
    if not bool(segment.isfinite().all()) or float(segment.std()) < 1e-9:
        return [0.0] * segment.numel()
    return [float(f"{value:.5g}") for value in _standardised(segment).tolist()]
