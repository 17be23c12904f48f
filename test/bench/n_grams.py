"""What does the language-model task of the battery ask beyond short contexts? Its loss by n-grams.

Run: `PYTHONPATH=gpu-runner/trainer python test/bench/n_grams.py [--seeds 3] [--json]`.
Counts n-grams over the windows that a model of `cpu-quick` trains on (the same seeds, the same data) and scores them on
the held-out windows that test/bench/orderings.py scores its models on: nats per byte, as in its column. Probabilities
are interpolated with those of the next shorter context (Witten and Bell 1991); an n-gram sees the n - 1 bytes before,
and never those before its window. It measures text, not models: it has no goal and exits with 0.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
from collections import Counter
from collections.abc import Iterable

import numpy as np
from trainer.suites.registry import SUITES
from trainer.suites.streams import held_out_stream, training_stream
from trainer.tasks.task import Batch

from orderings import half_width

PLAN = SUITES["cpu-quick"].plan("language-model")
TASK = PLAN.task
LONGEST = 6

Windows = Iterable[list[int]]


class WittenBell:
    """Counts of all contexts of up to `longest` - 1 bytes."""

    def __init__(self, longest: int, classes: int) -> None:
        self._longest = longest
        self._classes = classes
        self._followed: dict[tuple[int, ...], Counter[int]] = {}

    def learn(self, windows: Windows) -> None:
        """Counts what follows each context of each window."""
        for window in windows:
            for end in range(1, len(window)):
                for length in range(min(self._longest - 1, end) + 1):
                    context = tuple(window[end - length : end])
                    self._followed.setdefault(context, Counter())[window[end]] += 1

    def losses(self, windows: Windows) -> list[float]:
        """Mean -ln p of the bytes after the first of each window, by n = 1 to `longest`."""
        sums, bytes_asked = [0.0] * self._longest, 0
        for window in windows:
            for end in range(1, len(window)):
                bytes_asked += 1
                probability = 1 / self._classes
                for length in range(self._longest):
                    if length <= end:
                        probability = self._refined(tuple(window[end - length : end]), window[end], probability)
                    sums[length] -= math.log(probability)
        return [total / bytes_asked for total in sums]

    def _refined(self, context: tuple[int, ...], byte: int, shorter: float) -> float:
        """The probability of a byte, given that after the context without its first byte."""
        followed = self._followed.get(context)
        if followed is None:
            return shorter
        kinds = len(followed)
        return (followed[byte] + kinds * shorter) / (followed.total() + kinds)


def windows(batch: Batch) -> Windows:
    """All bytes of each window: what is asked for at a position is the next one."""
    return np.concatenate((batch.inputs, batch.targets[:, -1:]), axis=1).tolist()


def measure(seed: int) -> list[float]:
    """Losses by n on the held-out windows of one seed."""
    counts = WittenBell(LONGEST, TASK.classes)
    draw = training_stream(TASK, seed)
    for _ in range(PLAN.steps):
        counts.learn(windows(draw(PLAN.batch_size)))
    return counts.losses(windows(held_out_stream(TASK, f"orderings {seed}")(PLAN.held_out_sequences)))


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3, help="2 to 12")
    parser.add_argument("--json", action="store_true", help="the loss of every seed")
    chosen = parser.parse_args()
    if not 2 <= chosen.seeds <= 12:
        parser.error("--seeds must be 2 to 12")
    by_seed = [measure(seed) for seed in range(1, chosen.seeds + 1)]
    by_length = list(zip(*by_seed, strict=True))
    if chosen.json:
        print(json.dumps([{"n": n, "losses": losses} for n, losses in enumerate(by_length, start=1)]))
        return
    print(f"Mean over {chosen.seeds} seeds, ± half of its 95 % interval (Student); nats per byte.\n")
    print("| n | bytes before | language-model |\n|---:|---:|---:|")
    for n, losses in enumerate(by_length, start=1):
        print(f"| {n} | {n - 1} | {statistics.fmean(losses):.3f} ±{half_width(list(losses)):.3f} |")


if __name__ == "__main__":
    main()
