"""Whether a row is the same in a batch of every size, whatever the others hold: then what holds for two rows holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import torch
from torch import Tensor

from trainer.certificate.relative import relative_difference
from trainer.suites.batch_shapes import BatchShape, batch_shapes, batch_sizes
from trainer.suites.registry import SUITES
from trainer.worker.program import describe, raise_if_not_the_programs

PAIR = 2  # rows of the probe, and of the batches in which the tests of content are made
SHORT = 33  # one more than a usual chunk

# Alone and in threes, and as many rows as any suite trains with (in training mode) and scores at once (in eval mode).
SHORT_SHAPES = tuple(
    dict.fromkeys(
        [BatchShape(rows, SHORT, training) for rows in (1, 3) for training in (False, True)]
        + [replace(shape, length=SHORT) for suite in SUITES.values() for shape in batch_shapes(suite)]
    )
)
MOST_ROWS = batch_sizes(SUITES.values())[-2:]
FUTURES = ("opposite", "random", "zero", "opposite")
LIMIT = 1e-5
# An accelerator takes another kernel for another number of rows: up to 1.4e-5 in legal programs on an H200.
ACCELERATOR_LIMIT = 1e-4


@dataclass(frozen=True)
class BatchOutcome:
    """What becomes of the two rows of the probe in a batch of `shape`.

    The other rows of the batch are copies of either, drawn by chance, with another future. `leak` is the largest change
    before such a future, `start` where it begins, `row` that which shows it. `difference` is how much the probe, and
    that row if there is a leak, differ from the same in a batch of two. `problem` says why there is none of all this.
    """

    shape: BatchShape
    difference: float = 0.0
    leak: float = 0.0
    start: int = 0
    row: int = -1
    problem: str | None = None

    @property
    def starts(self) -> tuple[int, ...]:
        """Where a test of content looks in such a batch."""
        middle = self.shape.length // 2
        return (middle, self.start) if self.leak else (middle,)


class Program(Protocol):
    """What a comparison needs of a program."""

    @property
    def remembers(self) -> bool: ...

    def input(self, batch: int, length: int, seed: int = 0, *, repeated: bool = False) -> Tensor: ...

    def values(self, x: Tensor, *, training: bool = False) -> Tensor: ...


def batch_outcome(program: Program, shape: BatchShape) -> BatchOutcome:
    """Puts the probe into a batch, or takes its first row out."""
    x = program.input(PAIR, shape.length)
    starts = latest_starts(shape)
    futures = [FUTURES[number % len(FUTURES)] for number in range(len(starts))]
    copied = copied_rows(len(starts))
    batch = torch.cat((x[: shape.rows], with_futures(program, x[copied], starts, futures)))
    try:
        pair, many = (program.values(a, training=shape.training) for a in (x, batch))
    except Exception as error:
        raise_if_not_the_programs(error)
        return BatchOutcome(shape, problem=f"forward raised {describe(error)}")
    if many.shape != batch.shape:
        return BatchOutcome(shape, problem=f"the output has shape {tuple(many.shape)}")
    both = min(shape.rows, PAIR)
    # What becomes of the futures themselves is no matter of the shape: they are no ordinary tokens.
    bad = int((~many[:both].isfinite()).sum()) + int((~many[both:].isfinite() & before(starts, shape.length)).sum())
    if bad:
        return BatchOutcome(shape, problem=f"{bad} of {many.numel()} outputs are not finite")
    difference = float(relative_difference(many[:both], pair[:both], pair).max())
    leak, start, _, number = largest_leak(many[:both][copied], many[both:], starts, many[:both])
    row = both + number
    if leak > LIMIT and not program.remembers:  # of one that does, a further call differs by what it kept
        # Either the row's own future shows there, or another row does: then it is not what it is in a pair.
        alone = program.values(torch.cat((batch[row : row + 1], x[1:])), training=shape.training)
        past = relative_difference(many[row : row + 1, :start], alone[:1, :start], alone)
        difference = max(difference, float(past.max()))
    return BatchOutcome(shape, difference, leak, start, row)


def copied_rows(count: int) -> Tensor:
    """Which row of the probe each other row is a copy of. By chance, so that no order in which a program mixes rows
    meets equal ones only."""
    return torch.randint(0, PAIR, (count,), generator=torch.Generator().manual_seed(3), device="cpu")


def latest_starts(shape: BatchShape) -> list[int]:
    """A future for every row beside the probe, the latest ones first: short sequences have shown the early ones."""
    possible = list(range(shape.length - 1, 0, -1)) or [0]
    return [possible[row % len(possible)] for row in range(shape.rows - PAIR)]


def with_futures(program: Program, x: Tensor, starts: list[int], futures: list[str]) -> Tensor:
    """[n,T,d]: copies of the rows x (one of them, or n), each with another future from its start on. "repeated" is one
    of tokens that may have occurred before."""
    rows = x.expand(len(starts), -1, -1).clone()
    random = 3 * program.input(len(starts), x.shape[1], seed=5) if starts else rows
    for row, (start, future) in enumerate(zip(starts, futures, strict=True)):
        if future == "random":  # large enough to win every maximum; the others lose it
            rows[row, start:] = random[row, start:]
        elif future == "repeated":
            rows[row, start:] = program.input(1, x.shape[1], seed=5, repeated=True)[0, start:]
        elif future == "opposite":  # as large, and across every threshold near zero
            rows[row, start:] = -rows[row, start:].sign() * random[row, start:].abs()
        else:
            rows[row, start:] *= {"zero": 0.0, "negative": -1.0}[future]
    return rows


def before(starts: list[int], length: int) -> Tensor:
    """bool [n,T,1]: what lies before the start of each row."""
    return (torch.arange(length)[None, :] < torch.tensor(starts).view(-1, 1))[..., None]


def largest_leak(unchanged: Tensor, rows: Tensor, starts: list[int], scale: Tensor) -> tuple[float, int, int, int]:
    """Largest relative change of rows [n,T,d] before their starts, against [n or 1,T,d]; its start, its position and
    its row."""
    if not starts:
        return 0.0, 0, 0, 0
    change = (relative_difference(rows, unchanged, scale) * before(starts, rows.shape[1])).amax(-1)
    row, position = divmod(int(change.argmax()), rows.shape[1])
    return float(change[row, position]), starts[row], position, row


def row_limit() -> float:
    """By how much a row may differ that should be the same."""
    return LIMIT if torch.get_default_device().type == "cpu" else ACCELERATOR_LIMIT
