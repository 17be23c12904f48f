"""Writes a trained model: weights, program, and the code that builds it again. Imports no torch: the scorer writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from trainer.interchange.layout import CONFIG, FORMAT, PACKAGE, PROGRAM, README, WEIGHTS
from trainer.interchange.safetensors_file import safetensors_bytes
from trainer.interchange.standalone import readme, standalone_files
from trainer.protocol.weight_names import BUFFER, PARAMETER
from trainer.suites.suite import Suite, TaskPlan
from trainer.version import versions


def save_checkpoint(
    folder: Path, source: str, suite: Suite, plan: TaskPlan, seed: int, weights: Mapping[str, np.ndarray]
) -> None:
    """Fills the folder, which is made. `weights` as a worker sends them: prefixed names.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    config = {
        "format": FORMAT,
        "suite": suite.name,
        "task": plan.task.name,
        "vocabulary": plan.task.vocabulary,
        "classes": plan.task.classes,
        "dModel": suite.d_model,
        "nHeads": suite.n_heads,
        "layers": plan.layers,
        "seed": seed,
        "program": PROGRAM,
        "weights": WEIGHTS,
        "versions": versions(),
    }
    arrays = {name.removeprefix(PARAMETER).removeprefix(BUFFER): array for name, array in weights.items()}
    (folder / PROGRAM).write_text(source, encoding="utf-8", errors="surrogatepass", newline="")
    (folder / WEIGHTS).write_bytes(safetensors_bytes(arrays, {"format": "pt", "task": plan.task.name}))
    (folder / CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    (folder / README).write_text(readme(plan.task.name), encoding="utf-8")
    for name, text in standalone_files().items():
        file = folder / PACKAGE / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
