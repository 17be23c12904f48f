"""The gradient of the outputs before t0 with respect to the inputs from t0 on is zero."""

from __future__ import annotations

import torch
from torch import Tensor

from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.shrink import shortest_length
from trainer.certificate.subject import Subject

TEST = "causality by gradient"
LARGE = 1e-5
STARTS = (1, 33, 64, 80)
LATER_STARTS = (128, 200)


def check_causality_by_gradient(subject: Subject) -> list[Finding]:
    """Sees leaks that are attenuated below the rounding of the outputs; also in longer sequences.

    Exactly zero passes. A causal convolution by zero-padded FFT leaves rounding residue there; it is told from a
    small leak by a second, slightly different cotangent: the gradient of a leak hardly changes, rounding residue
    is a new draw.
    """
    residue = 0.0
    for length, starts, training in (
        (subject.length, STARTS, False),
        (subject.length, STARTS, True),
        (subject.long_length, LATER_STARTS, False),
    ):
        worst, start, position, rounding = _leak(subject, length, starts, training=training)
        residue = max(residue, rounding)
        if worst > 0:
            return [_failure(subject, length, starts, worst, start, position, training)]
    note = f"zero up to rounding ({residue:.2g})" if residue else "exactly zero"
    return [passed(TEST, "hard", residue, 0.0, note)]


def _failure(
    subject: Subject, length: int, starts: tuple[int, ...], worst: float, start: int, position: int, training: bool
) -> Finding:
    smallest = shortest_length(
        lambda t: t > 1 and _leak(subject, t, (1, t // 2, *starts), training=training)[0] > 0, length
    )
    message = (
        f"the outputs before position {start} have a gradient of {worst:.3g} (relative to that of the past) with "
        f"respect to the input at position {position} (T={length}, {'training' if training else 'eval'} mode); it must "
        "be zero. Some path reads the future, perhaps behind a small gate: check masks, normalisations and pooling "
        "over time, and convolution padding."
    )
    return failed(TEST, "hard", worst, 0.0, f"B=2 T={smallest}", message)


def _leak(subject: Subject, length: int, starts: tuple[int, ...], *, training: bool) -> tuple[float, int, int, float]:
    """Largest relative gradient, its t0 and its position; and the largest that is rounding residue."""
    worst, residue = (0.0, 0, 0), 0.0
    for start in starts:
        if not 0 < start < length:
            continue
        first, past = _gradients(subject, length, start, 0.0, training=training)
        size = float(first.abs().max()) / max(float(past.abs().mean()), 1e-30)
        if size == 0:
            continue
        if size <= LARGE:
            second, _ = _gradients(subject, length, start, 1e-2, training=training)
            # In double precision: the squares of 1e-30 underflow in single.
            if float(torch.cosine_similarity(first.double().flatten(), second.double().flatten(), 0, 1e-300)) < 0.9:
                residue = max(residue, size)
                continue
        worst = max(worst, (size, start, start + int(first.abs().amax((0, 2)).argmax())))
    return (*worst, residue)


def _gradients(subject: Subject, length: int, start: int, change: float, *, training: bool) -> tuple[Tensor, Tensor]:
    """Gradient with respect to the inputs from `start` on, and before it."""
    x = subject.input(2, length).requires_grad_()
    y = subject.run(x * 1.0, training=training)  # times 1: a program may write into its input
    if not y.requires_grad:
        return x.detach()[:, start:] * 0, x.detach()[:, :start] * 0
    cotangent = torch.zeros_like(y)
    cotangent[:, :start] = subject.input(2, start, seed=7) + change * subject.input(2, start, seed=8)
    (gradient,) = torch.autograd.grad(y, x, cotangent, allow_unused=True)
    gradient = torch.zeros_like(x) if gradient is None else torch.nan_to_num(gradient, nan=0.0)
    return gradient[:, start:], gradient[:, :start]
