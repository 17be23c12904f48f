"""Tells a long filter, whose taps belong to distances, from a table whose rows belong to positions."""

from __future__ import annotations

import torch
from torch import Tensor

from trainer.certificate.first_output import first_output
from trainer.certificate.program_globals import restored_globals
from trainer.certificate.subject import Subject
from trainer.seed_everything import seed_everything
from trainer.worker.program import raise_if_not_the_programs

LONGEST = 8192  # tokens in a call that is to be longer than a filter
_DRAWS = 4  # of tokens and mixtures: the gradient of a tap that all channels share is one number
_LARGER = 3.0
_LEAST = 0.1


def is_lag_filter(subject: Subject, name: str, dimension: int, *, from_end: bool) -> bool:
    """Whether the slices of a parameter belong to distances, and sequences longer than it work.

    The slice that a sequence reaches first with its last token multiplies, in a filter, the first token: its gradient
    for that output follows the first token, and hardly one in the middle, which reaches it through the state at most.
    The row of a position follows neither, or both alike.
    """
    length = subject.length
    x = subject.input(1, length)
    followed = [0.0, 0.0]  # by the gradient: the first token, one in the middle
    largest = 0.0
    for draw in range(_DRAWS):
        other = 3 * subject.input(1, 1, seed=11 + draw)
        gradient = _of_latest_slice(subject, name, dimension, from_end, x, draw)
        largest += float(gradient.square().sum())
        for which, place in enumerate((0, length // 2)):
            changed = torch.cat((x[:, :place], other, x[:, place + 1 :]), 1)
            after = _of_latest_slice(subject, name, dimension, from_end, changed, draw)
            followed[which] += float((after - gradient).square().sum())
    if followed[0] <= max(_LARGER**2 * followed[1], _LEAST**2 * largest):
        return False
    size = dict(subject.fresh().named_parameters())[name].shape[dimension]
    return size < LONGEST and _works(subject, size + 1)


def _of_latest_slice(subject: Subject, name: str, dimension: int, from_end: bool, x: Tensor, draw: int) -> Tensor:
    """Gradient of a mixture of the last output with respect to the slice that no shorter sequence reaches."""
    module = subject.fresh().train()
    parameter = dict(module.named_parameters())[name]
    with restored_globals():
        seed_everything(1)
        y = first_output(module(x))
        mixture = (y[:, -1] * subject.input(1, 1, seed=31 + draw)[:, 0]).sum()
        (found,) = torch.autograd.grad(mixture, parameter, allow_unused=True)
    gradient = torch.zeros_like(parameter) if found is None else found
    length = x.shape[1]
    return gradient.select(dimension, parameter.shape[dimension] - length if from_end else length - 1)


def _works(subject: Subject, length: int) -> bool:
    try:
        return bool(subject.values(subject.input(1, length)).isfinite().all())
    except Exception as error:
        raise_if_not_the_programs(error)
        return False
