"""`python -m trainer rescore`: every score of a stored result, computed again from its raw values."""

from __future__ import annotations

import json
from typing import Any, BinaryIO

from trainer.scorer.raw_record import raw_from_record
from trainer.scorer.score import summarise, summarise_suite, suspicion
from trainer.version import trainer_version

MAX_BYTES = 64 << 20


def rescore(text: bytes) -> dict[str, Any]:
    """The scores of `{"metrics": {task: "accuracy" | "loss"}, "raw": {task: raw record}}`, in the order of `metrics`.

    Raises:
        ValueError: the text is not that, or a record's parts do not fit each other.
    """
    value = json.loads(text)
    if not isinstance(value, dict) or not all(isinstance(value.get(name), dict) for name in ("metrics", "raw")):
        raise ValueError("rescore reads an object with metrics and raw")
    metrics: dict[str, Any] = value["metrics"]
    if set(metrics) != set(value["raw"]) or not set(metrics.values()) <= {"accuracy", "loss"}:
        raise ValueError("metrics and raw are not about the same tasks")
    raw = {name: raw_from_record(value["raw"][name]) for name in metrics}
    tasks = []
    for name, score in raw.items():
        summary = summarise(score, metrics[name])
        tasks.append(
            {
                "task": name,
                "value": summary.value,
                "standardError": summary.standard_error,
                "loss": summary.loss,
                "sequences": len(score.answers),
                "rawSha256": score.sha256(),
            }
        )
    suite = summarise_suite([(metrics[task["task"]], task["value"]) for task in tasks])
    return {
        "tasks": tasks,
        "battery": suite.battery,
        "languageModelLoss": suite.language_model_loss,
        "suspectLeak": suspicion(raw),
        "trainerVersion": trainer_version(),
    }


def read_rescore(stream: BinaryIO) -> dict[str, Any]:
    """`rescore` of a stream. Raises ValueError."""
    return rescore(stream.read(MAX_BYTES + 1)[:MAX_BYTES])
