"""cpu-quick: six tasks in about 25 CPU-seconds, enough to tell the families of linear attention apart."""

from __future__ import annotations

from trainer.suites.suite import Suite, TaskPlan
from trainer.tasks.associative_recall import AssociativeRecall
from trainer.tasks.fuzzy_recall import FuzzyRecall
from trainer.tasks.language_model import LanguageModel
from trainer.tasks.noisy_recall import NoisyRecall
from trainer.tasks.overwrite_recall import OverwriteRecall
from trainer.tasks.parity import Parity


def _plan(task: object, steps: int, learning_rate: float, layers: int = 1, held_out: int = 256) -> TaskPlan:
    return TaskPlan(task, layers, steps, 16, learning_rate, 20, held_out)  # type: ignore[arg-type]


CPU_QUICK = Suite(
    name="cpu-quick",
    d_model=64,
    n_heads=2,
    plans=(
        _plan(Parity(length=24), 150, 5e-3),
        _plan(OverwriteRecall(pairs=6, updates=6, keys=24, values=24), 300, 5e-3),
        _plan(NoisyRecall(pairs=32, noisy_pairs=8, keys=12, values=16, noise=8), 200, 5e-3),
        _plan(AssociativeRecall(pairs=8, keys=32, values=32), 300, 5e-3),
        _plan(FuzzyRecall(pairs=6, symbols=8, values=16), 300, 5e-3),
        _plan(LanguageModel(length=128, corpus_bytes=1_000_000), 150, 5e-3, held_out=64),
    ),
)
