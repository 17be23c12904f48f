"""cpu-quick: six tasks in about 25 CPU-seconds, enough to tell the families of linear attention apart."""

from __future__ import annotations

from trainer.suites.suite import Suite, TaskPlan
from trainer.tasks.associative_recall import AssociativeRecall
from trainer.tasks.fuzzy_recall import FuzzyRecall
from trainer.tasks.language_model import LanguageModel
from trainer.tasks.noisy_recall import NoisyRecall
from trainer.tasks.overwrite_recall import OverwriteRecall
from trainer.tasks.parity import Parity
from trainer.tasks.task import Task

WARM_UP_STEPS = 20


def _plan(task: Task, *, steps: int, batch_size: int, learning_rate: float, held_out_sequences: int) -> TaskPlan:
    return TaskPlan(task, 1, steps, batch_size, learning_rate, WARM_UP_STEPS, held_out_sequences)


CPU_QUICK = Suite(
    name="cpu-quick",
    d_model=64,
    n_heads=2,
    plans=(
        _plan(Parity(length=32), steps=150, batch_size=16, learning_rate=1e-2, held_out_sequences=256),
        _plan(
            OverwriteRecall(pairs=8, updates=8, keys=32, values=32),
            steps=300,
            batch_size=32,
            learning_rate=1e-2,
            held_out_sequences=256,
        ),
        _plan(
            NoisyRecall(pairs=32, noisy_pairs=8, keys=12, values=16, noise=8),
            steps=200,
            batch_size=16,
            learning_rate=5e-3,
            held_out_sequences=256,
        ),
        _plan(
            AssociativeRecall(pairs=32, keys=32, values=32),
            steps=240,
            batch_size=16,
            learning_rate=1e-2,
            held_out_sequences=256,
        ),
        _plan(
            FuzzyRecall(pairs=8, symbols=12, values=24),
            steps=180,
            batch_size=32,
            learning_rate=1e-2,
            held_out_sequences=256,
        ),
        _plan(
            LanguageModel(length=128, corpus_bytes=1_000_000),
            steps=200,
            batch_size=16,
            learning_rate=1e-2,
            held_out_sequences=64,
        ),
    ),
)
