"""Output t does not change when the inputs after t change."""

from __future__ import annotations

import torch
from torch import Tensor

from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.shrink import shortest_length
from trainer.certificate.subject import Subject, relative_difference

TEST = "causality by values"
LIMIT = 1e-5
STARTS = (1, 17, 32, 33, 48, 64, 65, 80, 96)


def check_causality_by_values(subject: Subject) -> list[Finding]:
    """Replaces x[:, t0:] by 3 N(0,1); also at longer sequences, where another chunk or path may be in use."""
    length = subject.length
    long = length * 2 + (length & 1) * 66  # 260 for 97: past the chunk sizes 64, 128 and 256
    plans = [
        (length, STARTS, False),
        (length, STARTS, True),
        (long, (128, 192, 255), False),
        (long * 2, (long, 512), False),
    ]
    worst, detail = 0.0, ""
    for size, starts, training in plans:
        leak, start, position = _leak(subject, size, starts, training=training, batch=2 if size == length else 1)
        if leak > worst:
            worst = leak
            if leak > LIMIT:
                detail = (
                    f"replacing the inputs from position {start} on changes the output at position {position} by {leak:.3g} "
                    f"of its mean size (limit {LIMIT:g}; T={size}, {'training' if training else 'eval'} mode)"
                )
                failing = (size, training)
    if not detail:
        return [passed(TEST, "hard", worst, LIMIT, "the past ignores the future")]
    size, training = failing
    smallest = shortest_length(
        lambda t: t > 1 and _leak(subject, t, range(1, t, max(1, t // 8)), training=training, batch=1)[0] > LIMIT, size
    )
    message = (
        f"{detail}. The program sees the future: output t may use x[:, :t+1] only; mask scores before softmax or exp, "
        "pad convolutions on the left, and take no mean, norm, maximum, FFT or sort over the whole sequence."
    )
    return [failed(TEST, "hard", worst, LIMIT, f"T={smallest}", message)]


def _leak(
    subject: Subject, length: int, starts: range | tuple[int, ...], *, training: bool, batch: int
) -> tuple[float, int, int]:
    """Largest relative change before t0, its t0 and its position."""
    x = subject.input(batch, length)
    y = subject.values(x, training=training)
    worst = (0.0, 0, 0)
    for start in starts:
        if not 0 < start < length:
            continue
        changed = x.clone()
        changed[:, start:] = 3 * subject.input(batch, length - start, seed=start)
        after = subject.values(changed, training=training)
        per_position = _per_position(after[:, :start], y[:, :start], y)
        position = int(per_position.argmax())
        worst = max(worst, (float(per_position[position]), start, position))
    return worst


def _per_position(a: Tensor, b: Tensor, scale: Tensor) -> Tensor:
    return torch.nan_to_num(relative_difference(a, b, scale), nan=float("inf")).amax((0, 2))
