"""Output t does not change when the inputs after t change."""

from __future__ import annotations

from collections.abc import Iterable

from torch import Tensor

from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.relative import largest_by_position
from trainer.certificate.shrink import shortest_length
from trainer.certificate.subject import Subject

TEST = "causality by values"
LIMIT = 1e-5
STARTS = (1, 17, 32, 33, 48, 64, 65, 80, 96)


def check_causality_by_values(subject: Subject) -> list[Finding]:
    """Replaces x[:, t0:] by 3 N(0,1), by zeros and by its negative; also in longer sequences, where another chunk or
    path may be in use."""
    length, long = subject.length, subject.long_length
    plans = [
        (length, STARTS, False),
        (length, STARTS, True),
        (long, (128, 192, 255), False),
        (long, (128, 255), True),
        (long * 2, (long, 512), False),
        (long * 4 + 7, (1024,), False),
    ]
    largest = 0.0
    for size, starts, training in plans:
        leak, start, position = leak_of(subject, size, starts, training=training)
        if leak > subject.limit(LIMIT, training=training):
            return [_failure(subject, size, start, position, leak, training)]
        largest = max(largest, leak)
    return [passed(TEST, "hard", largest, LIMIT, "the past ignores the future")]


def _failure(subject: Subject, length: int, start: int, position: int, leak: float, training: bool) -> Finding:
    limit = subject.limit(LIMIT, training=training)
    smallest = shortest_length(
        lambda t: t > 1 and leak_of(subject, t, range(1, t, max(1, t // 8)), training=training)[0] > limit, length
    )
    message = (
        f"replacing the inputs from position {start} on changes the output at position {position} by {leak:.3g} of "
        f"the mean size (limit {LIMIT:g}, T={length}, {'training' if training else 'eval'} mode): the program sees the "
        "future. Output t may use x[:, :t+1] only: mask scores before softmax or exp, pad convolutions on the left, "
        "and take no mean, norm, maximum, FFT or sort over the whole sequence."
    )
    return failed(TEST, "hard", leak, LIMIT, f"B=2 T={smallest}", message)


def leak_of(subject: Subject, length: int, starts: Iterable[int], *, training: bool) -> tuple[float, int, int]:
    """Largest relative change before t0, its t0 and its position."""
    x = subject.input(2, length)
    y = subject.values(x, training=training)
    worst = (0.0, 0, 0)
    if not bool(y.isfinite().all()):
        return worst  # the test of lengths reports it
    for number, start in enumerate(starts):
        if not 0 < start < length:
            continue
        for future in _futures(subject, x, start, all_kinds=number % 4 == 0):
            changed = x.clone()
            changed[:, start:] = future
            after = subject.values(changed, training=training)
            leak, position = largest_by_position(after[:, :start], y[:, :start], y)
            worst = max(worst, (leak, start, position))
    return worst


def _futures(subject: Subject, x: Tensor, start: int, *, all_kinds: bool) -> list[Tensor]:
    """Random ones are large enough to win every maximum; zeros and negatives lose it."""
    random = 3 * subject.input(2, x.shape[1] - start, seed=start)
    return [random, x[:, start:] * 0, -x[:, start:]] if all_kinds else [random]
