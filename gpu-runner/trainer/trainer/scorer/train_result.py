"""The record of a finished train job."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from trainer.scorer.job_context import JobContext
from trainer.scorer.raw_record import raw_record
from trainer.scorer.score import RawScore, summarise, summarise_suite, suspicion
from trainer.scorer.training import TrainedTask
from trainer.version import trainer_version


@dataclass(frozen=True)
class Measurements:
    """What was measured beside the scores: seconds by the scorer's clock, bytes, and the worker's analytic figures.

    `inference_tokens_per_second`: per CPU-second of the evaluation workers, forward only, batches of 64.
    `neighbour_cores`: how many cores other processes kept busy meanwhile; figures of speed are clean near 0.
    """

    start_up_seconds: float
    cpu_seconds: float
    inference_tokens_per_second: float
    neighbour_cores: float | None
    peak_bytes: int
    flops_per_token: float
    state_size: int | None


def train_result(
    context: JobContext, trained: list[TrainedTask], raw: dict[str, RawScore], measured: Measurements
) -> dict[str, Any]:
    """Assembles a TrainResult; every score in it is a function of its `raw` arrays."""
    tasks = [_task(task, raw[task.plan.task.name]) for task in trained]
    suite = summarise_suite([(task["metric"], task["value"]) for task in tasks])
    tokens = sum(task.plan.steps * task.plan.tokens_per_step for task in trained)
    train_seconds = sum(task.cpu_seconds for task in trained)
    return {
        "tasks": tasks,
        "raw": {name: raw_record(score) for name, score in raw.items()},
        "curves": {task.plan.task.name: [list(point) for point in task.curve] for task in trained},
        "battery": suite.battery,
        "languageModelLoss": suite.language_model_loss,
        "suspectLeak": suspicion(raw),
        "parameters": {
            "mixer": trained[0].parameters(mixers_only=True),
            "total": trained[0].parameters(mixers_only=False),
        },
        "stateSize": measured.state_size,
        "flopsPerToken": measured.flops_per_token,
        "trainTokensPerSecond": tokens / max(train_seconds, 1e-9),
        "inferenceTokensPerSecond": measured.inference_tokens_per_second,
        "neighbourCores": measured.neighbour_cores,
        "peakMemoryBytes": measured.peak_bytes,
        "cpuSeconds": measured.cpu_seconds,
        "startUpSeconds": measured.start_up_seconds,
        "workSeconds": time.monotonic() - context.started - measured.start_up_seconds,
        "suite": context.suite.name,
        "seed": context.spec.seed,
        "trainerVersion": trainer_version(),
    }


def _task(trained: TrainedTask, raw: RawScore) -> dict[str, Any]:
    plan = trained.plan
    summary = summarise(raw, plan.task.metric)
    return {
        "task": plan.task.name,
        "metric": plan.task.metric,
        "value": summary.value,
        "loss": summary.loss,
        "standardError": summary.standard_error,
        "sequences": len(raw.accuracy),
        "steps": plan.steps,
        "learningRate": plan.learning_rate,
        "trainCpuSeconds": trained.cpu_seconds,
        "claimedFinalTrainLoss": trained.claimed_final_loss,
        "rawSha256": raw.sha256(),
    }
