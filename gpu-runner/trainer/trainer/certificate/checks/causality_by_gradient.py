"""The gradient of the outputs before t0 with respect to the inputs from t0 on is zero."""

from __future__ import annotations

import torch
from torch import Tensor

from trainer.certificate.batches import PAIR, SHORT_SHAPES
from trainer.certificate.checks.causality_by_values import leak_of
from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.pulled_back import pulled_back
from trainer.certificate.rounding import ANY, is_rounding
from trainer.certificate.shrink import smallest_batch
from trainer.certificate.subject import Subject

TEST = "causality by gradient"
LARGE = 1e-5
STARTS = (1, 33, 64, 80)
LONG, LATER_STARTS = 256, (128, 200)  # a multiple of every usual chunk, as 97 is of none


def check_causality_by_gradient(subject: Subject) -> list[Finding]:
    """Sees leaks that are attenuated below the rounding of the outputs; also in longer sequences.

    Exactly zero passes. A causal convolution by zero-padded FFT leaves rounding residue there; it is told from a
    small leak by a second, slightly different cotangent: the gradient of a leak hardly changes, rounding residue
    is a new draw.
    """
    residue = 0.0
    many = [] if subject.suspect_batches else _LARGEST
    plans = [
        (PAIR, subject.length, STARTS, False),
        (PAIR, subject.length, STARTS, True),
        (PAIR, LONG, LATER_STARTS, False),
        *((shape.rows, shape.length, tuple(range(1, shape.length)), shape.training) for shape in many),
        *((o.shape.rows, o.shape.length, o.starts, o.shape.training) for o in subject.suspect_batches),
    ]
    for rows, length, starts, training in plans:
        if not subject.suspect_batches:
            starts = _seen_in_one_batch(subject, rows, length, starts, training=training)
        worst, start, position, rounding = _leak(subject, rows, length, starts, training=training)
        residue = max(residue, rounding)
        if worst > 0:
            return [_failure(subject, rows, length, starts, worst, start, position, training)]
    note = f"zero up to rounding ({residue:.2g})" if residue else "exactly zero"
    return [passed(TEST, "hard", residue, 0.0, note)]


# As many rows as a suite trains with, and as many as are scored at once.
_LARGEST = [
    max((shape for shape in SHORT_SHAPES if shape.training is training), key=lambda shape: shape.rows)
    for training in (False, True)
]
_JUDGED = 4


def _seen_in_one_batch(
    subject: Subject, rows: int, length: int, starts: tuple[int, ...], *, training: bool
) -> tuple[int, ...]:
    """Starts at which a gradient is not zero, the few largest: every row of one batch asks for another one. Rows are
    independent here, so what one asks for reaches no other."""
    starts = tuple(start for start in starts if 0 < start < length)
    if not starts:
        return ()
    count = max(rows, len(starts)) if rows > PAIR else len(starts)
    asked = torch.tensor([starts[row % len(starts)] for row in range(count)])
    x = subject.input(count, length).requires_grad_()
    y = subject.run(x * 1.0, training=training)
    if not y.requires_grad:
        return ()
    before = (torch.arange(length)[None, :] < asked[:, None])[..., None].to(y.device)
    gradient = pulled_back(y, x, subject.input(count, length, seed=7) * before)
    future = (gradient.abs() * ~before).amax((1, 2))
    largest = future.argsort(descending=True)[:_JUDGED].tolist()
    return tuple(sorted({int(asked[row]) for row in largest if float(future[row]) > 0}))


def _failure(
    subject: Subject,
    rows: int,
    length: int,
    starts: tuple[int, ...],
    worst: float,
    start: int,
    position: int,
    training: bool,
) -> Finding:
    fewest, shortest = smallest_batch(
        lambda b, t: t > 1 and _leak(subject, b, t, (1, t // 2, *starts), training=training)[0] > 0, rows, length
    )
    message = (
        f"the outputs before position {start} have a gradient of {worst:.3g} (relative to that of the past) with "
        f"respect to the input at position {position} (B={rows} T={length}, "
        f"{'training' if training else 'eval'} mode); "
        "it must be zero. Some path reads the future, "
        "perhaps behind a small gate: check masks, normalisations and pooling "
        "over time, and convolution padding."
    )
    moved, _, _ = leak_of(subject, length, (start,), training=training, rows=rows)
    if moved == 0:
        message += (
            " The values there do not move with the future, in single precision: if forward reads no future, its "
            "backward does (a custom autograd.Function or a hook on a gradient that mixes positions)."
        )
    return failed(TEST, "hard", worst, 0.0, f"B={fewest} T={shortest}", message)


def _leak(
    subject: Subject, rows: int, length: int, starts: tuple[int, ...], *, training: bool
) -> tuple[float, int, int, float]:
    """Largest relative gradient, its t0 and its position; and the largest that is rounding residue."""
    worst, residue = (0.0, 0, 0), 0.0
    for start in starts:
        if not 0 < start < length:
            continue
        first, past = _gradients(subject, rows, length, start, 0.0, training=training)
        size = _size(first, past)
        if size == 0:
            continue
        second, _ = _gradients(subject, rows, length, start, 1e-2, training=training)
        # In double precision: the squares of 1e-30 underflow in single.
        alike = torch.cosine_similarity(first.double().flatten(), second.double().flatten(), 0, 1e-300)
        if float(alike) < 0.9 and (
            size <= LARGE or _is_rounding(subject, size, rows, length, start, training=training)
        ):
            residue = max(residue, size)
            continue
        worst = max(worst, (size, start, start + int(first.abs().amax((0, 2)).argmax())))
    return (*worst, residue)


def _is_rounding(subject: Subject, size: float, rows: int, length: int, start: int, *, training: bool) -> bool:
    def size_of(wide: Subject) -> float:
        future, past = _gradients(wide, rows, length, start, 0.0, training=training)
        return _size(future, past)

    # With gates open a filter may have taps a million times as large as its first: so may be their rounding.
    return is_rounding(subject, size, size_of, largest=ANY)


def _size(future: Tensor, past: Tensor) -> float:
    """Of the largest gradient, relative to the mean one of the past."""
    return float(future.abs().max()) / max(float(past.abs().mean()), 1e-30)


def _gradients(
    subject: Subject, rows: int, length: int, start: int, change: float, *, training: bool
) -> tuple[Tensor, Tensor]:
    """Gradient with respect to the inputs from `start` on, and before it."""
    x = subject.input(rows, length).requires_grad_()
    y = subject.run(x * 1.0, training=training)  # times 1: a program may write into its input
    if not y.requires_grad:
        return x.detach()[:, start:] * 0, x.detach()[:, :start] * 0
    cotangent = torch.zeros_like(y)
    cotangent[:, :start] = subject.input(rows, start, seed=7) + change * subject.input(rows, start, seed=8)
    with subject.precision():
        gradient = pulled_back(y, x, cotangent)
    return gradient[:, start:], gradient[:, :start]
