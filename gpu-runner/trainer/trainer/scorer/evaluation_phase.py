"""Evaluates all tasks of a job in fresh workers, those whose inputs hold their answers in two at once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from trainer.protocol.failure import JobFailure
from trainer.scorer.audited_evaluation import evaluate_and_audit
from trainer.scorer.checked import Conversation
from trainer.scorer.evaluation import evaluate_task
from trainer.scorer.job_context import JobContext
from trainer.scorer.leak_verdict import LeakAudit
from trainer.scorer.prefix_score import prefix_score
from trainer.scorer.process_tree import Usage
from trainer.scorer.score import RawScore
from trainer.scorer.spliced_pairs import pair_count
from trainer.scorer.training import TrainedTask


@dataclass(frozen=True)
class Evaluated:
    """Raw values by task, and what they cost.

    `inference_cpu_seconds`: of `inference_tokens`, without the workers' imports and without prefix-only scoring.
    """

    raw: dict[str, RawScore]
    cpu_seconds: float
    inference_cpu_seconds: float
    inference_tokens: int
    peak_bytes: int


def evaluate_tasks(context: JobContext, evaluator: Conversation, trained: list[TrainedTask]) -> Evaluated:
    """`evaluator` has said hello; the second worker starts up while it answers.

    Raises:
        JobFailure: `leak` for a program that looks ahead; see `evaluate_task`.
    """
    audited = [task for task in trained if task.plan.task.inputs_reveal_answers]
    workers = [evaluator, *([context.start("evaluate")] if audited else [])]
    imports = [evaluator.worker.measure().cpu_seconds]
    raw: dict[str, RawScore] = {}
    for task in trained:
        if not task.plan.task.inputs_reveal_answers:
            context.events.phase("evaluating", task.plan.task.name)
            raw[task.plan.task.name] = evaluate_task(context.pool, evaluator, task, context.spec.evaluation_seed)
    for worker in workers[1:]:
        worker.next("hello")
        imports.append(worker.worker.measure().cpu_seconds)
    for task in audited:
        context.events.phase("evaluating", task.plan.task.name)
        raw[task.plan.task.name] = _audited(context, (workers[0], workers[1]), task)
    used = [worker.worker.measure() for worker in workers]
    for worker in workers:
        context.pool.stop(worker.worker)
    inference = sum(usage.cpu_seconds - before for usage, before in zip(used, imports, strict=True))
    used.append(_score_suspects(context, audited, raw))
    return Evaluated(
        {task.plan.task.name: raw[task.plan.task.name] for task in trained},
        sum(usage.cpu_seconds for usage in used),
        inference,
        sum(_tokens(task) for task in trained),
        max(usage.peak_bytes for usage in used),
    )


def _tokens(task: TrainedTask) -> int:
    plan = task.plan
    rows = 2 * pair_count(plan) if plan.task.inputs_reveal_answers else plan.held_out_sequences
    return rows * plan.task.length


def _audited(context: JobContext, workers: tuple[Conversation, Conversation], task: TrainedTask) -> RawScore:
    name = task.plan.task.name
    raw = evaluate_and_audit(context.pool, workers, task, context.spec.evaluation_seed, context.device)
    assert isinstance(raw.audit, LeakAudit)
    verdict = raw.audit.judge()
    if verdict.finding == "proven":
        raise JobFailure(
            "leak",
            f"On {name} the trained program looks ahead: {verdict.why}. It gets no score; let every position depend on "
            "its own and earlier tokens alone, whatever the batch size and the length.",
            {"task": name, **raw.audit.evidence()},
        )
    return raw


def _score_suspects(context: JobContext, audited: list[TrainedTask], raw: dict[str, RawScore]) -> Usage:
    """Gives the suspect tasks in `raw` their prefix-only answers, from one more fresh worker."""
    worker: Conversation | None = None
    for task in audited:
        name = task.plan.task.name
        audit = raw[name].audit
        assert isinstance(audit, LeakAudit)
        verdict = audit.judge()
        if verdict.finding == "none":
            continue
        context.events.log("warn", f"Suspect leak on {name}: {verdict.why}. Its score is the prefix-only one.")
        if worker is None:
            worker = context.start("evaluate")
            worker.next("hello")
        prefix = prefix_score(context.pool, worker, task, context.spec.evaluation_seed)
        raw[name] = replace(raw[name], audit=replace(audit, prefix=prefix))
    if worker is None:
        return Usage(0.0, 0)
    usage = worker.worker.measure()
    context.pool.stop(worker.worker)
    return usage
