"""Numbers that a constructor draws, but the same whatever seed the trainer has set."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn

from trainer.accounting.memory import same_numbers
from trainer.initialisation.held_tensors import held_tensors

# A draw of one of two values, each as likely, is the same with all seeds, and another one with all other draws, once in
# 1,024 times.
_SEEDS, _OTHERS = 8, 3

Build = Callable[[int], nn.Module]


def fixed_draws(build: Build, build_otherwise: Build) -> dict[str, int]:
    """Names and sizes of the tensors that a module holds, which no seed changes though other draws would.

    What a formula makes (zeros, a range of decays, an identity) no other draws change either.

    Args:
        build: a module, the trainer's generators being seeded with a number.
        build_otherwise: the same program's import and construction within `other_draws` of a number.
    """
    fixed = held_tensors(build(0))
    # The cheap ones of all programs first: an honest one has little left after them.
    trials: list[tuple[Build, int, bool]] = [(build, 1, True), (build_otherwise, 0, False)]
    trials += [(build, seed, True) for seed in range(2, _SEEDS)]
    trials += [(build_otherwise, number, False) for number in range(1, _OTHERS)]
    for make, number, alike in trials:
        held = held_tensors(make(number))
        fixed = {name: t for name, t in fixed.items() if name in held and _equal(t, held[name]) is alike}
        if not fixed:
            return {}
    return {name: tensor.numel() for name, tensor in fixed.items()}


def _equal(a: Tensor, b: Tensor) -> bool:
    return a.dtype == b.dtype and same_numbers(a, b)
