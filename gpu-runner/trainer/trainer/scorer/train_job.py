"""A train job: train in one worker, evaluate in another, score here."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from trainer.interchange.save_checkpoint import save_checkpoint
from trainer.protocol.failure import JobFailure
from trainer.scorer.checked import Conversation
from trainer.scorer.efficiency_claims import efficiency_claims
from trainer.scorer.evaluation_phase import evaluate_tasks
from trainer.scorer.job_context import JobContext
from trainer.scorer.neighbours import Neighbours
from trainer.scorer.quality_watch import QualityWatch
from trainer.scorer.train_result import Measurements, train_result
from trainer.scorer.training import TrainedTask, follow_training


def run_train_job(context: JobContext) -> dict[str, Any]:
    """Runs the job and returns a TrainResult.

    Raises:
        JobFailure, Cancelled.
    """
    trainer = context.start("train")
    hello = trainer.next("hello")
    training_started = time.monotonic()
    neighbours = Neighbours()
    evaluators: list[Conversation] = []
    trained = follow_training(
        trainer,
        context.suite,
        context.events,
        QualityWatch(
            context.suite, context.pool, trainer.worker, context.events, report_only=context.spec.report_stops
        ),
        lambda: evaluators.append(context.start("evaluate")),
    )
    claims = efficiency_claims(trainer, trainer.next("done"), context.device, context.spec.limits.memory_bytes)
    train_usage = trainer.worker.measure()
    context.pool.stop(trainer.worker)
    _check_parameters(context, trained, int(trainer.number(hello.header.get("referenceParameters"), finite=True)))

    waited_from = time.monotonic()
    evaluator = evaluators[0]
    evaluator.next("hello")
    waited = time.monotonic() - waited_from
    evaluated = evaluate_tasks(context, evaluator, trained)
    context.events.phase("reporting")
    if context.checkpoints is not None:
        _save(context, context.checkpoints, trained)
    return train_result(
        context,
        trained,
        evaluated.raw,
        Measurements(
            start_up_seconds=training_started - context.started + waited,
            cpu_seconds=train_usage.cpu_seconds + evaluated.cpu_seconds + time.process_time(),
            inference_tokens_per_second=evaluated.inference_tokens / max(evaluated.inference_cpu_seconds, 1e-9),
            neighbour_cores=neighbours.cores(),
            peak_bytes=max(
                train_usage.peak_bytes,
                evaluated.peak_bytes,
                claims.accelerator_peak_bytes,
            ),
            flops_per_token=claims.flops_per_token,
            state_size=claims.state_size,
        ),
    )


def _save(context: JobContext, folder: Path, trained: list[TrainedTask]) -> None:
    for task in trained:
        place = folder / task.plan.task.name
        try:
            save_checkpoint(place, context.source, context.suite, task.plan, context.spec.seed, task.weights)
        except OSError as error:
            raise JobFailure("environment", f"The checkpoint cannot be written to {place}: {error}.") from error


def _check_parameters(context: JobContext, trained: list[TrainedTask], reference: int) -> None:
    budget = context.spec.parameter_budget
    if budget is None:
        return
    for task in trained:
        mixer = task.parameters(mixers_only=True) / task.plan.layers
        if mixer > budget * reference:
            raise JobFailure(
                "program-invalid",
                f"The mixer has {mixer:.0f} parameters, {mixer / reference:.2f} times DeltaNet's {reference}; the "
                f"budget is {budget:g} times.",
            )
