"""Output t does not change when the inputs after t change."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Literal

import torch
from torch import Tensor

from trainer.certificate.batches import PAIR, BatchOutcome, largest_leak, with_futures
from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.inputs import KINDS
from trainer.certificate.relative import largest_by_position
from trainer.certificate.rounding import ANY, LARGEST, SINGLE_PRECISION_ALONE, is_rounding, is_steady
from trainer.certificate.shrink import smallest_batch
from trainer.certificate.subject import Subject
from trainer.certificate.unseeded import SEEDED_NOISE

Leak = tuple[float, int, int]
Cause = Literal["rounding", "leak", "leak in single precision"]

TEST = "causality by values"
LIMIT = 1e-5
_HIDES_ANYTHING = 1.0
STARTS = (1, 17, 32, 33, 48, 64, 65, 80, 96)
FEW = 3
ALIGNED = 128  # a multiple of every usual chunk up to that size, as 97 is of none


def check_causality_by_values(subject: Subject) -> list[Finding]:
    """Replaces x[:, t0:] by 3 N(0,1), by zeros and by its negative; also in longer sequences, where another chunk or
    path may be in use, in sequences whose tokens repeat, where one may find its equals in the future, and in every
    batch in which a row is not what it is in a pair."""
    length, long = subject.length, subject.long_length
    plans = [
        (PAIR, length, STARTS, False, False),
        (PAIR, length, STARTS, True, False),
        (PAIR, ALIGNED, (33, 64), True, True),
        (PAIR, long, (128, 192, 255), False, True),
        (PAIR, long, (128, 255), True, False),
        (PAIR, 4 * ALIGNED, (200, 384), False, False),
        (PAIR, subject.longest_length, (1024,), False, False),
        *((o.shape.rows, o.shape.length, _starts_in(o), o.shape.training, False) for o in subject.suspect_batches),
        *(
            (o.shape.rows, o.shape.length, (o.start,), o.shape.training, False)
            for o in subject.batches
            if o.leak > LIMIT
        ),
    ]
    for training in (False, True):
        noise = subject.limit(0.0, training=training)
        if noise > _HIDES_ANYTHING:
            return [_hidden(subject, noise, training=training)]
    largest = 0.0
    for rows, size, starts, training, repeated in plans:
        leak, start, position = leak_of(subject, size, starts, training=training, rows=rows, repeated=repeated)
        if leak > subject.limit(LIMIT, training=training):
            cause = _cause(subject, leak, size, start, training=training, rows=rows, repeated=repeated)
            if cause != "rounding":
                return [_failure(subject, rows, size, start, position, leak, training, repeated, cause)]
        largest = max(largest, leak)
    note = " up to rounding, which is gone in double precision" if largest > LIMIT else ""
    return [passed(TEST, "hard", largest, LIMIT, f"the past ignores the future{note}")]


def _hidden(subject: Subject, noise: float, *, training: bool) -> Finding:
    mode = "training" if training else "eval"
    message = (
        f"equal calls, seeded alike, differ so much in {mode} mode that a look at the future could hide in it (up to "
        f"{noise:.3g} of the mean size), so that nobody can tell: {SEEDED_NOISE}"
    )
    return failed(TEST, "hard", noise, _HIDES_ANYTHING, f"B={PAIR} T={subject.length}, {mode} mode", message)


def _cause(
    subject: Subject, leak: float, length: int, start: int, *, training: bool, rows: int, repeated: bool
) -> Cause:
    if not is_rounding(
        subject,
        leak,
        lambda wide: leak_of(wide, length, (start,), training=training, rows=rows, repeated=repeated)[0],
        largest=ANY,
    ):
        return "leak"
    if leak > LARGEST:
        return "leak in single precision"
    x, limit = subject.input(rows, length, repeated=repeated), subject.limit(LIMIT, training=training)
    y = subject.values(x, training=training)
    for future in _futures(0, repeated):
        after = _with_future(subject, x, start, future, training=training)
        if largest_by_position(after[:, :start], y[:, :start], y)[0] > limit:
            change = functools.partial(_change_of_past, subject, start=start, future=future, training=training)
            if is_steady(change, x):
                return "leak in single precision"
    return "rounding"


def _change_of_past(subject: Subject, x: Tensor, *, start: int, future: str, training: bool) -> Tensor:
    y, after = subject.values(x, training=training), _with_future(subject, x, start, future, training=training)
    return (after - y)[:, :start]


def _failure(
    subject: Subject,
    rows: int,
    length: int,
    start: int,
    position: int,
    leak: float,
    training: bool,
    repeated: bool,
    cause: Cause,
) -> Finding:
    limit = subject.limit(LIMIT, training=training)

    def fails(b: int, t: int) -> bool:
        starts = range(1, t, max(1, t // 8)) if t < length else (start,)
        return leak_of(subject, t, starts, training=training, rows=b, repeated=repeated)[0] > limit

    fewest, shortest = smallest_batch(fails, rows, length)
    tokens = f", tokens of {KINDS} kinds that repeat" if repeated else ""
    message = (
        f"replacing the inputs from position {start} on changes the output at position {position} by {leak:.3g} of "
        f"the mean size (limit {LIMIT:g}, B={rows} T={length}, {'training' if training else 'eval'} mode{tokens}): "
    )
    if cause == "leak in single precision":
        message += (
            "in single precision, in which it is trained, the past depends on the future." + SINGLE_PRECISION_ALONE
        )
    else:
        message += (
            "the program sees the future. Output t may use x[:, :t+1] only: mask scores before softmax or exp, pad "
            "convolutions on the left, and take no mean, norm, maximum, FFT or sort over the whole sequence."
        )
    return failed(TEST, "hard", leak, LIMIT, f"B={fewest} T={shortest}", message)


def _starts_in(outcome: BatchOutcome) -> Iterable[int]:
    """All in few rows; in many the futures that the batch itself holds say where to look."""
    return range(1, outcome.shape.length) if outcome.shape.rows <= FEW else outcome.starts


def leak_of(
    subject: Subject,
    length: int,
    starts: Iterable[int],
    *,
    training: bool,
    rows: int = PAIR,
    repeated: bool = False,
) -> Leak:
    """Largest relative change before t0, its t0 and its position; `repeated` asks for tokens that repeat.

    Where rows are independent, one batch holds all futures, and what changes there is looked at in calls of its own.
    """
    starts = [start for start in starts if 0 < start < length]
    if rows == PAIR and starts and subject.compares_rows(training=training):
        leak = _leak_in_one_batch(subject, length, starts, training=training, repeated=repeated)
        if leak[0] <= subject.limit(LIMIT, training=training):
            return leak
    return _leak_between_calls(subject, rows, length, starts, training=training, repeated=repeated)


def _leak_in_one_batch(subject: Subject, length: int, starts: list[int], *, training: bool, repeated: bool) -> Leak:
    tried = [(start, future) for number, start in enumerate(starts) for future in _futures(number, repeated)]
    begins, futures = [start for start, _ in tried], [future for _, future in tried]
    x = subject.input(1, length, repeated=repeated)
    y = subject.values(torch.cat((x, with_futures(subject, x, begins, futures))), training=training)
    if not bool(y[:1].isfinite().all()):
        return 0.0, 0, 0  # the test of lengths reports it
    return largest_leak(y[:1], y[1:], begins, y[:1])[:3]


def _leak_between_calls(
    subject: Subject, rows: int, length: int, starts: list[int], *, training: bool, repeated: bool
) -> Leak:
    x = subject.input(rows, length, repeated=repeated)
    y = subject.values(x, training=training)
    worst = (0.0, 0, 0)
    if not bool(y.isfinite().all()):
        return worst  # the test of lengths reports it
    for number, start in enumerate(starts):
        for future in _futures(number, repeated):
            if subject.remembers:
                y = subject.values(x, training=training)  # what it counts has gone on
            after = _with_future(subject, x, start, future, training=training)
            leak, position = largest_by_position(after[:, :start], y[:, :start], y)
            worst = max(worst, (leak, start, position))
    return worst


def _with_future(subject: Subject, x: Tensor, start: int, future: str, *, training: bool) -> Tensor:
    changed = torch.cat([with_futures(subject, row[None], [start], [future]) for row in x])
    return subject.values(changed, training=training)


def _futures(number: int, repeated: bool) -> list[str]:
    """All kinds for every fourth start: a selection may need the future to be small."""
    futures = ["random", "zero", "negative"] if number % 4 == 0 else ["random"]
    return ["repeated", *futures] if repeated else futures
