"""A prefix gives the same outputs alone as inside a longer sequence."""

from __future__ import annotations

from trainer.certificate.batches import PAIR
from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.inputs import KINDS
from trainer.certificate.relative import largest_by_position
from trainer.certificate.rounding import ANY, SINGLE_PRECISION_ALONE, is_rounding
from trainer.certificate.shrink import smallest_batch
from trainer.certificate.subject import Subject

TEST = "prefix consistency"
LIMIT = 1e-4
PREFIXES = (1, 2, 5, 31, 32, 33, 64, 96)


def check_prefix_consistency(subject: Subject) -> list[Finding]:
    """Finds a dependence on the total length, which leaks no content and yet cannot be decoded token by token."""
    length, long = subject.length, subject.long_length
    plans = [
        (PAIR, length, PREFIXES, False, False),
        (PAIR, long, (65, 128, 129, 256), False, True),
        (PAIR, subject.longest_length, (long * 2 + 1, 1024), False, False),
        (PAIR, length, PREFIXES, True, False),
        (PAIR, long, (129,), True, True),
        *((o.shape.rows, o.shape.length, (1, *o.starts), o.shape.training, False) for o in subject.suspect_batches),
    ]
    largest = 0.0
    for rows, size, prefixes, training, repeated in plans:
        if training and subject.noisy_in_training:
            continue  # noise is drawn in the shape of the input, which differs here
        difference, prefix, position = prefix_difference(
            subject, size, prefixes, training=training, rows=rows, repeated=repeated
        )
        if difference > subject.limit(LIMIT, training=training):
            return [_failure(subject, rows, size, prefix, position, difference, training, repeated)]
        largest = max(largest, difference)
    return [passed(TEST, "hard", largest, LIMIT, "a prefix stands alone")]


def _failure(
    subject: Subject,
    rows: int,
    length: int,
    prefix: int,
    position: int,
    difference: float,
    training: bool,
    repeated: bool,
) -> Finding:
    limit = subject.limit(LIMIT, training=training)

    def fails(b: int, t: int) -> bool:
        prefixes = (1, t // 2, t - 1) if t < length else (prefix,)
        return prefix_difference(subject, t, prefixes, training=training, rows=b, repeated=repeated)[0] > limit

    fewest, shortest = smallest_batch(fails, rows, length)
    tokens = f", tokens of {KINDS} kinds that repeat" if repeated else ""
    message = (
        f"the first {prefix} positions alone give another output than inside T={length} "
        f"(B={rows}): at position {position} by "
        f"{difference:.3g} of the mean size (limit {LIMIT:g}, {'training' if training else 'eval'} mode"
        f"{tokens})."
    )
    if is_rounding(
        subject,
        difference,
        lambda wide: prefix_difference(wide, length, (prefix,), training=training, rows=rows, repeated=repeated)[0],
        largest=ANY,
    ):
        message += SINGLE_PRECISION_ALONE
    else:
        message += (
            " Output t must not depend on the total length: no t/(T-1) features, no statistics over time, no number of "
            "scales, chunks or windows that follows from T and changes results."
        )
    return failed(TEST, "hard", difference, LIMIT, f"B={fewest} T={shortest}", message)


def prefix_difference(
    subject: Subject,
    length: int,
    prefixes: tuple[int, ...],
    *,
    training: bool,
    rows: int = PAIR,
    repeated: bool = False,
) -> tuple[float, int, int]:
    """Largest relative difference, its prefix and its position; `repeated` asks for tokens that repeat."""
    x = subject.input(rows, length, repeated=repeated)
    y = subject.values(x, training=training)
    worst = (0.0, 0, 0)
    if not bool(y.isfinite().all()):
        return worst  # the test of lengths reports it
    for prefix in prefixes:
        if not 0 < prefix < length:
            continue
        try:
            if subject.remembers:
                y = subject.values(x, training=training)  # what it counts has gone on
            alone = subject.values(x[:, :prefix], training=training)
        except MemoryError:
            raise
        except Exception:
            continue  # the test of lengths reports it
        difference, position = largest_by_position(alone, y[:, :prefix], y)
        worst = max(worst, (difference, prefix, position))
    return worst
