"""Follows the train worker through the suite."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from trainer.protocol.failure import JobFailure
from trainer.protocol.frames import Frame
from trainer.protocol.metric_steps import metric_steps
from trainer.protocol.weight_names import PARAMETER, is_mixer_weight
from trainer.scorer.checked import Conversation
from trainer.scorer.events import EventWriter
from trainer.scorer.quality_watch import QualityWatch
from trainer.suites.suite import Suite, TaskPlan

LARGE_BUFFER_ELEMENTS = 100_000


@dataclass(frozen=True)
class TrainedTask:
    """What came out of one task: weights to evaluate, and the worker's claims about its training."""

    plan: TaskPlan
    weights: dict[str, np.ndarray]
    claimed_final_loss: float
    curve: list[tuple[int, float]]
    cpu_seconds: float

    def parameters(self, mixers_only: bool) -> int:
        """Numbers in the weights; a buffer counts when it is so large that it could hide a table."""
        return sum(
            array.size
            for name, array in self.weights.items()
            if (name.startswith(PARAMETER) or array.size > LARGE_BUFFER_ELEMENTS)
            and (is_mixer_weight(name) or not mixers_only)
        )


def follow_training(
    conversation: Conversation,
    suite: Suite,
    events: EventWriter,
    watch: QualityWatch,
    last_task_started: Callable[[], None],
) -> list[TrainedTask]:
    """Reads every task's metrics and weights.

    `last_task_started` is called when the last task begins, so that the evaluation worker can start up meanwhile.

    Raises:
        JobFailure: see `Conversation.next`; `bad-frame` for tasks or metrics out of order; see
            `QualityWatch.report`.
    """
    trained = []
    for plan in suite.plans:
        # The first `task` frame also carries what the program itself cost to load.
        frame = conversation.next("task")
        if frame.header.get("task") != plan.task.name:
            raise conversation.broken("it trains the tasks in another order than the suite's")
        events.phase("training", plan.task.name)
        if plan is suite.plans[-1]:
            last_task_started()
        trained.append(_follow_task(conversation, plan, events, watch))
    return trained


def _follow_task(conversation: Conversation, plan: TaskPlan, events: EventWriter, watch: QualityWatch) -> TrainedTask:
    before = conversation.worker.measure().cpu_seconds
    watch.begin(before)
    due = sorted(metric_steps(plan.steps))
    curve: list[tuple[int, float]] = []
    while (frame := conversation.next("metric", "weights")).type == "metric":
        step = frame.header.get("step")
        if len(curve) == len(due) or step != due[len(curve)] or frame.header.get("task") != plan.task.name:
            raise conversation.broken("it reports a step that was not due")
        values = _values(conversation, frame)
        curve.append((step, values["loss"]))
        events.metric(plan.task.name, step, plan.steps, values)
        watch.report(plan, step, values["loss"])
    if frame.header.get("task") != plan.task.name or len(curve) != len(due):
        raise conversation.broken("it hands over weights before the task's steps are reported")
    watch.finish(plan)
    weights = conversation.arrays(frame)
    for name, array in weights.items():
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise JobFailure("diverged", f"After training on {plan.task.name}, the weights in {name} are not finite.")
    return TrainedTask(
        plan=plan,
        weights=weights,
        claimed_final_loss=conversation.number(frame.header.get("claimedFinalTrainLoss")),
        curve=curve,
        cpu_seconds=conversation.worker.measure().cpu_seconds - before,
    )


def _values(conversation: Conversation, frame: Frame) -> dict[str, float]:
    values = frame.header.get("values")
    if not isinstance(values, dict):
        raise conversation.broken("a metric has no values")
    return {name: conversation.number(values.get(name)) for name in ("loss", "gradientNorm", "learningRate")}
