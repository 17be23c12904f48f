"""The gradient of the outputs before t0 with respect to the inputs from t0 on is zero."""

from __future__ import annotations

import torch
from torch import Tensor

from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.subject import Subject

TEST = "causality by gradient"
LARGE = 1e-5
STARTS = (1, 33, 64, 80)


def check_causality_by_gradient(subject: Subject) -> list[Finding]:
    """Sees leaks that are attenuated below the rounding of the outputs.

    Exactly zero passes. A causal convolution by zero-padded FFT leaves rounding residue there; it is told from a
    small leak by a second, slightly different cotangent: the gradient of a leak hardly changes, rounding residue
    is a new draw.
    """
    worst, smallest, detail, residue = 0.0, "", "", 0.0
    for training in (False, True):
        for start in STARTS:
            if start >= subject.length:
                continue
            first, past = _gradients(subject, start, 0.0, training=training)
            size = float(first.abs().max()) / max(float(past.abs().mean()), 1e-30)
            if size == 0:
                continue
            if size <= LARGE:
                second, _ = _gradients(subject, start, 1e-2, training=training)
                if float(torch.cosine_similarity(first.flatten(), second.flatten(), 0)) < 0.9:
                    residue = max(residue, size)
                    continue
            if size > worst:
                position = start + int(first.abs().amax((0, 2)).argmax())
                worst = size
                smallest = f"B=2 T={subject.length} t0={start}"
                detail = (
                    f"the outputs before position {start} have a gradient of {size:.3g} (relative to that of the past) "
                    f"with respect to the input at position {position} ({'training' if training else 'eval'} mode)"
                )
    if not smallest:
        note = f"zero up to rounding ({residue:.2g})" if residue else "exactly zero"
        return [passed(TEST, "hard", residue, 0.0, note)]
    message = (
        f"{detail}; it must be zero. Some path reads the future, perhaps behind a small gate: check masks, "
        "normalisations and pooling over time, and convolution padding."
    )
    return [failed(TEST, "hard", worst, 0.0, smallest, message)]


def _gradients(subject: Subject, start: int, change: float, *, training: bool) -> tuple[Tensor, Tensor]:
    """Gradient with respect to the inputs from `start` on, and before it."""
    x = subject.input(2, subject.length).requires_grad_()
    y = subject.run(x * 1.0, training=training)  # times 1: a program may write into its input
    if not y.requires_grad:
        return x.detach()[:, start:] * 0, x.detach()[:, :start] * 0
    cotangent = torch.zeros_like(y)
    cotangent[:, :start] = subject.input(2, start, seed=7) + change * subject.input(2, start, seed=8)
    (gradient,) = torch.autograd.grad(y, x, cotangent, allow_unused=True)
    gradient = torch.zeros_like(x) if gradient is None else torch.nan_to_num(gradient, nan=0.0)
    return gradient[:, start:], gradient[:, :start]
