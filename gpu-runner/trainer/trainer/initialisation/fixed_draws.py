"""Numbers that a constructor draws, but the same whatever seed the trainer has set."""

from __future__ import annotations

from collections.abc import Callable

from trainer.initialisation.values import Values

# A draw of one of two values, each as likely, is the same with all seeds, and another one with all other draws, once in
# 1,024 times.
_SEEDS, _OTHERS = 8, 3

Build = Callable[[int], dict[str, Values]]  # `held_values` of what it builds


def fixed_draws(build: Build, build_otherwise: Build) -> dict[str, int]:
    """Names and sizes of what a module and its program hold, which no seed changes though other draws would.

    What a formula makes (zeros, a range of decays, an identity) no other draws change either.

    Args:
        build: imports and constructs, the trainer's generators being seeded with a number.
        build_otherwise: the same within `other_draws` of a number.
    """
    fixed = build(0)
    # The cheap ones of all programs first: an honest one has little left after them.
    trials: list[tuple[Build, int, bool]] = [(build, 1, True), (build_otherwise, 0, False)]
    trials += [(build, seed, True) for seed in range(2, _SEEDS)]
    trials += [(build_otherwise, number, False) for number in range(1, _OTHERS)]
    for make, number, alike in trials:
        held = make(number)
        fixed = {name: one for name, one in fixed.items() if name in held and one.same(held[name]) is alike}
        if not fixed:
            return {}
    return {name: values.size for name, values in fixed.items()}
