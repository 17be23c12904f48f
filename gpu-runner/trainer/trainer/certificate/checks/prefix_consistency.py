"""A prefix gives the same outputs alone as inside a longer sequence."""

from __future__ import annotations

from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.relative import largest_by_position
from trainer.certificate.shrink import shortest_length
from trainer.certificate.subject import Subject

TEST = "prefix consistency"
LIMIT = 1e-4
PREFIXES = (1, 2, 5, 31, 32, 33, 64, 96)


def check_prefix_consistency(subject: Subject) -> list[Finding]:
    """Finds a dependence on the total length, which leaks no content and yet cannot be decoded token by token."""
    length, long = subject.length, subject.long_length
    plans = [
        (length, PREFIXES, False),
        (long, (65, 128, 129, 256), False),
        (long * 4 + 7, (long * 2 + 1, 1024), False),
    ]
    if not subject.noisy_in_training:  # noise is drawn in the shape of the input, which differs here
        plans += [(length, PREFIXES, True), (long, (129,), True)]
    largest = 0.0
    for size, prefixes, training in plans:
        difference, prefix, position = prefix_difference(subject, size, prefixes, training=training)
        if difference > subject.limit(LIMIT, training=training):
            return [_failure(subject, size, prefix, position, difference, training)]
        largest = max(largest, difference)
    return [passed(TEST, "hard", largest, LIMIT, "a prefix stands alone")]


def _failure(subject: Subject, length: int, prefix: int, position: int, difference: float, training: bool) -> Finding:
    limit = subject.limit(LIMIT, training=training)
    smallest = shortest_length(
        lambda t: t > 1 and prefix_difference(subject, t, (1, t // 2, t - 1), training=training)[0] > limit, length
    )
    message = (
        f"the first {prefix} positions alone give another output than inside T={length}: at position {position} by "
        f"{difference:.3g} of the mean size (limit {LIMIT:g}, {'training' if training else 'eval'} mode). Output t "
        "must not depend on the total length: no t/(T-1) features, no statistics over time, no number of scales, "
        "chunks or windows that follows from T and changes results."
    )
    return failed(TEST, "hard", difference, LIMIT, f"B=2 T={smallest}", message)


def prefix_difference(
    subject: Subject, length: int, prefixes: tuple[int, ...], *, training: bool
) -> tuple[float, int, int]:
    """Largest relative difference, its prefix and its position."""
    x = subject.input(2, length)
    y = subject.values(x, training=training)
    worst = (0.0, 0, 0)
    if not bool(y.isfinite().all()):
        return worst  # the test of lengths reports it
    for prefix in prefixes:
        if not 0 < prefix < length:
            continue
        try:
            alone = subject.values(x[:, :prefix], training=training)
        except MemoryError:
            raise
        except Exception:
            continue  # the test of lengths reports it
        difference, position = largest_by_position(alone, y[:, :prefix], y)
        worst = max(worst, (difference, prefix, position))
    return worst
