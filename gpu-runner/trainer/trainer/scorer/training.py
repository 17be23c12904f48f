"""Follows the train worker through the suite."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from trainer.protocol.failure import JobFailure
from trainer.protocol.frames import BadFrame, Frame, encode_frame
from trainer.protocol.metric_steps import metric_steps
from trainer.protocol.weight_names import PARAMETER, is_mixer_weight
from trainer.scorer.checked import Conversation
from trainer.scorer.events import EventWriter
from trainer.scorer.quality_watch import QualityWatch
from trainer.scorer.trunk import check_trunk
from trainer.suites.suite import Suite, TaskPlan

# As in the certificate (hidden_numbers.py): masks, positions and scales are below it, all of a mixer's together.
LARGE_BUFFER_ELEMENTS = 100_000
MAX_NAME_CHARACTERS = 300
LEAST_LOSS = -1e-4  # no cross-entropy is below zero but by the rounding of its exponentials


@dataclass(frozen=True)
class TrainedTask:
    """What came out of one task: weights to evaluate, and the worker's claims about its training."""

    plan: TaskPlan
    weights: dict[str, np.ndarray]
    claimed_final_loss: float
    curve: list[tuple[int, float]]
    cpu_seconds: float

    def parameters(self, mixers_only: bool) -> int:
        """Numbers in the weights; buffers count when they are together so large that they could hide a table."""
        counted = {name: array.size for name, array in self.weights.items() if is_mixer_weight(name) or not mixers_only}
        parameters = sum(size for name, size in counted.items() if name.startswith(PARAMETER))
        buffers = sum(counted.values()) - parameters
        return parameters + (buffers if buffers > LARGE_BUFFER_ELEMENTS * self.plan.layers else 0)


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
        JobFailure: see `Conversation.next`; `bad-frame` for tasks or metrics out of order, numbers outside of what is
            possible and weights that cannot be passed on; `program-invalid` for weights outside the mixers (see
            `check_trunk`); see `QualityWatch.report` and `explained`.
    """
    trained: list[TrainedTask] = []
    for plan in suite.plans:
        # The first `task` frame also carries what the program itself cost to load.
        frame = conversation.next("task")
        if frame.header.get("task") != plan.task.name:
            raise conversation.broken("it trains the tasks in another order than the suite's")
        events.phase("training", plan.task.name)
        if plan is suite.plans[-1]:
            last_task_started()
        try:
            task = _follow_task(conversation, suite, plan, events, watch)
        except JobFailure as failure:
            raise watch.explained(plan, failure) from failure
        check_trunk(suite, plan, task.weights)
        trained.append(task)
    return trained


def _follow_task(
    conversation: Conversation, suite: Suite, plan: TaskPlan, events: EventWriter, watch: QualityWatch
) -> TrainedTask:
    before = conversation.worker.measure().cpu_seconds
    watch.begin(before)
    due = sorted(metric_steps(plan.steps))
    curve: list[tuple[int, float]] = []
    while (frame := conversation.next("metric", "weights")).type == "metric":
        step = frame.header.get("step")
        was_due = type(step) is int and len(curve) < len(due) and step == due[len(curve)]
        if not was_due or frame.header.get("task") != plan.task.name:
            raise conversation.broken("it reports a step that was not due")
        values = _values(conversation, frame)
        curve.append((step, values["loss"]))
        events.metric(plan.task.name, step, plan.steps, suite.share_trained(plan, step), values)
        watch.report(plan, step, values["loss"])
    if frame.header.get("task") != plan.task.name or len(curve) != len(due):
        raise conversation.broken("it hands over weights before the task's steps are reported")
    watch.finish(plan)
    weights = _passable(conversation, plan, conversation.arrays(frame))
    for name, array in weights.items():
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise JobFailure("diverged", f"After training on {plan.task.name}, the weights in {name} are not finite.")
    return TrainedTask(
        plan=plan,
        weights=weights,
        claimed_final_loss=conversation.amount(
            frame.header.get("claimedFinalTrainLoss"), "the final loss", least=LEAST_LOSS
        ),
        curve=curve,
        cpu_seconds=conversation.worker.measure().cpu_seconds - before,
    )


def _passable(conversation: Conversation, plan: TaskPlan, weights: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The weights, if they fit the frame in which the evaluation workers get them: its header spells what is not ASCII
    in up to twice as many bytes as the trusted side was sent, and that would pass for the trainer's own failure."""
    if any(len(name) > MAX_NAME_CHARACTERS for name in weights):
        raise conversation.broken(f"it names a weight with more than {MAX_NAME_CHARACTERS} characters")
    try:
        weights_frame(plan, weights)
    except BadFrame as error:
        raise conversation.broken(str(error)) from error
    return weights


def weights_frame(plan: TaskPlan, weights: dict[str, np.ndarray]) -> bytes:
    """What hands the weights of a task to an evaluation worker. Raises BadFrame."""
    return encode_frame({"type": "weights", "task": plan.task.name}, weights)


def _values(conversation: Conversation, frame: Frame) -> dict[str, float]:
    values = frame.header.get("values")
    if not isinstance(values, dict):
        raise conversation.broken("a metric has no values")
    return {
        "loss": conversation.amount(values.get("loss"), "the loss", least=LEAST_LOSS),
        "gradientNorm": conversation.amount(values.get("gradientNorm"), "the norm of the gradient"),
        "learningRate": conversation.amount(values.get("learningRate"), "the learning rate"),
    }
