"""The fingerprint of a program that may be another one in other layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import nn

from trainer.fingerprint.behaviour import behaviour

TWIN = 0.99999  # the archive's threshold, services/archive/src/novelty/novelty.ts
Segments = list[list[float]]


def behaviour_in_every_layer(
    alone: Callable[[], nn.Module], others: Sequence[Callable[[], nn.Module]], d_model: int = 64
) -> Segments:
    """`behaviour` of the module as the only layer, followed by that in all `others` if it is another one in any.

    A program that does not depend on its place has the segments of the only layer, whatever its constructor keeps of
    its arguments. All or none, so that the segments of two programs stand for the same places where there are equally
    many: the archive compares no others.
    """
    only, *further = (behaviour(build, d_model) for build in (alone, *others))
    if all(_alike(only, one) for one in further):
        return only
    return [*only, *(segment for one in further for segment in one)]


def _alike(a: Segments, b: Segments) -> bool:
    return all(_correlation(torch.tensor(p), torch.tensor(q)) > TWIN for p, q in zip(a, b, strict=True))


def _correlation(a: torch.Tensor, b: torch.Tensor) -> float:
    """Of segments with mean 0; a constant one is all zeros, like another one, and like nothing else."""
    sizes = float(a.norm() * b.norm())
    return float(a @ b) / sizes if sizes > 0 else float(torch.equal(a, b))
