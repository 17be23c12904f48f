"""Output t does not change when the inputs after t change."""

from __future__ import annotations

import torch

from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.shrink import shortest_length
from trainer.certificate.subject import Subject, relative_difference

TEST = "causality by values"
LIMIT = 1e-5
STARTS = (1, 17, 32, 33, 48, 64, 65, 80, 96)


def check_causality_by_values(subject: Subject) -> list[Finding]:
    """Replaces x[:, t0:] by 3 N(0,1); also in longer sequences, where another chunk or path may be in use."""
    length, long = subject.length, subject.long_length
    plans = [
        (length, STARTS, False),
        (length, STARTS, True),
        (long, (128, 192, 255), False),
        (long * 2, (long, 512), False),
    ]
    largest = 0.0
    for size, starts, training in plans:
        leak, start, position = _leak(subject, size, starts, training=training)
        if leak > LIMIT:
            return [_failure(subject, size, start, position, leak, training)]
        largest = max(largest, leak)
    return [passed(TEST, "hard", largest, LIMIT, "the past ignores the future")]


def _failure(subject: Subject, length: int, start: int, position: int, leak: float, training: bool) -> Finding:
    smallest = shortest_length(
        lambda t: t > 1 and _leak(subject, t, range(1, t, max(1, t // 8)), training=training)[0] > LIMIT, length
    )
    message = (
        f"replacing the inputs from position {start} on changes the output at position {position} by {leak:.3g} of "
        f"the mean size (limit {LIMIT:g}, T={length}, {'training' if training else 'eval'} mode): the program sees the "
        "future. Output t may use x[:, :t+1] only: mask scores before softmax or exp, pad convolutions on the left, "
        "and take no mean, norm, maximum, FFT or sort over the whole sequence."
    )
    return failed(TEST, "hard", leak, LIMIT, f"B=2 T={smallest}", message)


def _leak(subject: Subject, length: int, starts: range | tuple[int, ...], *, training: bool) -> tuple[float, int, int]:
    """Largest relative change before t0, its t0 and its position."""
    x = subject.input(2, length)
    y = subject.values(x, training=training)
    worst = (0.0, 0, 0)
    for start in starts:
        if not 0 < start < length:
            continue
        changed = x.clone()
        changed[:, start:] = 3 * subject.input(2, length - start, seed=start)
        after = subject.values(changed, training=training)
        differences = relative_difference(after[:, :start], y[:, :start], y)
        per_position = torch.nan_to_num(differences, nan=float("inf")).amax((0, 2))
        position = int(per_position.argmax())
        worst = max(worst, (float(per_position[position]), start, position))
    return worst
