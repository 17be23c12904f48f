"""Every batch size and every length works and gives finite numbers."""

from __future__ import annotations

from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.subject import Subject
from trainer.worker.program import describe, raise_if_not_the_programs

TEST = "lengths"
LENGTHS = (1, 2, 3, 7, 31, 33, 63, 65, 97, 127, 200)
BATCHES = (1, 3)
LONG = (260, 520, 1047)  # the longest that the tests of content use; past every usual chunk and window


def check_lengths(subject: Subject) -> list[Finding]:
    problems: list[tuple[str, str]] = []
    inputs = [(batch, length) for length in LENGTHS for batch in BATCHES] + [(1, length) for length in LONG]
    for batch, length in inputs:
        problem = _problem(subject, batch, length)
        if problem:
            problems.append((f"B={batch} T={length}", problem))
    # A program that fails alone need not be tried in batches: there may be no length at which it can be compared.
    batches = [] if problems else subject.batches
    for outcome in sorted(batches, key=lambda outcome: (outcome.shape.rows, outcome.shape.length)):
        if outcome.problem:
            problems.append((f"B={outcome.shape.rows} T={outcome.shape.length}", outcome.problem))
    if not problems:
        sizes = sorted({*BATCHES, *(outcome.shape.rows for outcome in batches)})
        return [passed(TEST, "hard", 0.0, 0.0, f"finite for T in {LENGTHS + LONG} and B in {tuple(sizes)}")]
    where, what = problems[0]
    message = (
        f"{len(problems)} of {len(inputs) + len(batches)} inputs fail, "
        f"the smallest at {where}: {what}. Any B >= 1 "
        "and T >= 1 must work: pad to a multiple of the chunk and cut the output, and take sizes from x.shape."
    )
    return [failed(TEST, "hard", float(len(problems)), 0.0, where, message)]


def _problem(subject: Subject, batch: int, length: int) -> str | None:
    x = subject.input(batch, length)
    try:
        y = subject.values(x)
    except Exception as error:
        raise_if_not_the_programs(error)
        return f"forward raised {describe(error)}"
    if y.shape != x.shape:
        return f"the output has shape {tuple(y.shape)}"
    bad = int((~y.isfinite()).sum())
    return f"{bad} of {y.numel()} outputs are not finite" if bad else None
