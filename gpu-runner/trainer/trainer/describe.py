"""`python -m trainer describe`: what this package can do, as JSON."""

from __future__ import annotations

from typing import Any

from trainer.mixers.registry import BUILTIN_NAMES
from trainer.suites.registry import SUITES
from trainer.suites.suite import Suite
from trainer.version import versions


def description() -> dict[str, Any]:
    """Suites with their tasks, built-in programs, devices and versions."""
    return {
        "versions": versions(),
        "kinds": ["train", "certify", "probe"],
        "devices": ["cpu", "cuda", "auto"],
        "builtins": list(BUILTIN_NAMES),
        "suites": [_suite(suite) for suite in SUITES.values()],
    }


def _suite(suite: Suite) -> dict[str, Any]:
    return {
        "name": suite.name,
        "dModel": suite.d_model,
        "nHeads": suite.n_heads,
        "tasks": [
            {
                "task": plan.task.name,
                "metric": plan.task.metric,
                "vocabulary": plan.task.vocabulary,
                "classes": plan.task.classes,
                "length": plan.task.length,
                "layers": plan.layers,
                "steps": plan.steps,
                "batchSize": plan.batch_size,
                "learningRate": plan.learning_rate,
                "heldOutSequences": plan.held_out_sequences,
            }
            for plan in suite.plans
        ],
    }
