"""A prefix gives the same outputs alone as inside a longer sequence."""

from __future__ import annotations

import torch

from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.shrink import shortest_length
from trainer.certificate.subject import Subject, relative_difference

TEST = "prefix consistency"
LIMIT = 1e-4
PREFIXES = (1, 2, 5, 31, 32, 33, 64, 96)


def check_prefix_consistency(subject: Subject) -> list[Finding]:
    """Finds a dependence on the total length, which leaks no content and yet cannot be decoded token by token."""
    length = subject.length
    long = length * 2 + (length & 1) * 66
    plans = [(length, PREFIXES, False), (long, (65, 128, 129, 256), False)]
    if not subject.noisy_in_training:  # noise is drawn in the shape of the input, which differs here
        plans.append((length, PREFIXES, True))
    worst = max((_difference(subject, size, prefixes, training=mode) + (size, mode) for size, prefixes, mode in plans))
    difference, prefix, position, size, training = worst
    if difference <= LIMIT:
        return [passed(TEST, "hard", difference, LIMIT, "a prefix stands alone")]
    smallest = shortest_length(
        lambda t: t > 1 and _difference(subject, t, (1, t // 2, t - 1), training=training)[0] > LIMIT, size
    )
    message = (
        f"the first {prefix} positions alone give another output than inside T={size}: at position {position} by "
        f"{difference:.3g} of the mean size (limit {LIMIT:g}, {'training' if training else 'eval'} mode). Output t must not "
        "depend on the total length: no t/(T-1) features, no statistics over time, no number of scales or chunks that "
        "changes results."
    )
    return [failed(TEST, "hard", difference, LIMIT, f"T={smallest}", message)]


def _difference(subject: Subject, length: int, prefixes: tuple[int, ...], *, training: bool) -> tuple[float, int, int]:
    x = subject.input(2, length)
    y = subject.values(x, training=training)
    worst = (0.0, 0, 0)
    for prefix in prefixes:
        if not 0 < prefix < length:
            continue
        try:
            alone = subject.values(x[:, :prefix], training=training)
        except MemoryError:
            raise
        except Exception:
            continue  # the test of lengths reports it
        differences = relative_difference(alone, y[:, :prefix], y)
        per_position = torch.nan_to_num(differences, nan=float("inf")).amax((0, 2))
        position = int(per_position.argmax())
        worst = max(worst, (float(per_position[position]), prefix, position))
    return worst
