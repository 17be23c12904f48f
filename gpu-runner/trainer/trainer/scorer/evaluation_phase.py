"""Evaluates all tasks of a job: one fresh worker answers, another fresh one is audited for leaks."""

from __future__ import annotations

from dataclasses import dataclass, replace

from trainer.scorer.checked import Conversation
from trainer.scorer.evaluation import evaluate_task
from trainer.scorer.job_context import JobContext
from trainer.scorer.leak_audit import audit_leaks
from trainer.scorer.leak_verdict import judge_leak
from trainer.scorer.process_tree import Usage
from trainer.scorer.score import RawScore
from trainer.scorer.training import TrainedTask


@dataclass(frozen=True)
class Evaluated:
    """Raw values by task, and what they cost; `inference_cpu_seconds` is without the worker's imports and the audit."""

    raw: dict[str, RawScore]
    cpu_seconds: float
    inference_cpu_seconds: float
    peak_bytes: int


def evaluate_tasks(context: JobContext, evaluator: Conversation, trained: list[TrainedTask]) -> Evaluated:
    """`evaluator` has said hello; the auditor starts up while it answers, and is a process that has seen nothing.

    Raises:
        JobFailure: see `evaluate_task`.
    """
    auditor = context.start("evaluate") if any(_is_audited(task) for task in trained) else None
    before = evaluator.worker.measure().cpu_seconds
    raw = {}
    for task in trained:
        context.events.phase("evaluating", task.plan.task.name)
        raw[task.plan.task.name] = evaluate_task(context.pool, evaluator, task, context.spec.evaluation_seed)
    used = evaluator.worker.measure()
    context.pool.stop(evaluator.worker)
    audit_used = Usage(0.0, 0)
    if auditor is not None:
        auditor.next("hello")
        for task in filter(_is_audited, trained):
            raw[task.plan.task.name] = _audited(context, auditor, task, raw[task.plan.task.name])
        audit_used = auditor.worker.measure()
        context.pool.stop(auditor.worker)
    return Evaluated(
        raw,
        used.cpu_seconds + audit_used.cpu_seconds,
        used.cpu_seconds - before,
        max(used.peak_bytes, audit_used.peak_bytes),
    )


def _is_audited(task: TrainedTask) -> bool:
    return task.plan.task.inputs_reveal_answers


def _audited(context: JobContext, auditor: Conversation, task: TrainedTask, raw: RawScore) -> RawScore:
    audit = audit_leaks(context.pool, auditor, task, raw, context.spec.evaluation_seed, context.device)
    verdict = judge_leak(audit)
    if verdict.suspect:
        name = task.plan.task.name
        context.events.log("warn", f"Suspect leak on {name}: {verdict.why}. Its score is the prefix-only one.")
    return replace(raw, audit=audit)
