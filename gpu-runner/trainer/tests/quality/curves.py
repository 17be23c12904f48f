"""Simulated curves: what honest programs do, drawn widely, and faults that must be stopped."""

import math
from dataclasses import replace

import numpy as np

from tests.quality.memory_curves import LIMIT, kept
from trainer.protocol.metric_steps import metric_steps
from trainer.quality.progress import MemoryReading, Point, TaskProgress
from trainer.quality.reference_curves import reference_curve
from trainer.scorer.out_of_time import is_starved
from trainer.suites.registry import SUITES
from trainer.suites.suite import TaskPlan

SUITE = SUITES["cpu-quick"]
LANGUAGE = SUITE.plan("language-model")


def progress(plan: TaskPlan, losses, **changes) -> TaskProgress:
    """A task whose reported losses are given; memory and CPU time as an ordinary program uses them."""
    steps = sorted(metric_steps(plan.steps))
    points = tuple(Point(step, float(loss), 0.02 * step) for step, loss in zip(steps, losses, strict=False))
    memory = kept(0.001)
    return replace(
        TaskProgress(
            plan.task.name,
            plan.steps,
            plan.task.classes,
            plan.task.metric == "loss",
            points,
            reference_curve(SUITE.name, plan.task.name),
            memory=tuple(MemoryReading(point.step, memory(point.step)) for point in points),
            seconds_left=200.0,
            memory_bytes=LIMIT,
        ),
        **changes,
    )


def honest_losses(plan: TaskPlan, generator: np.random.Generator) -> np.ndarray:
    """One honest run: an early, late or no transition on recall tasks, a power law on text, noise, small spikes."""
    count = len(metric_steps(plan.steps))
    at = np.arange(1, count + 1) / count
    chance = math.log(plan.task.classes)
    # Every honest program learns the easiest recall task in time; whether it learns the others is open.
    latest = 0.9 if plan.task.name == "overwrite-recall" else 1.6
    if plan.task.metric == "loss":
        floor = generator.uniform(1.0, 1.8)
        losses = floor + (chance - floor) * (1 + at / generator.uniform(0.03, 0.08)) ** -generator.uniform(0.8, 1.2)
    else:
        middle, width = generator.uniform(0.1, latest), generator.uniform(0.03, 0.2)
        floor = chance * generator.uniform(0, 0.7)
        losses = floor + (chance - floor) / (1 + np.exp((at - middle) / width))
    losses = losses + generator.normal(0, generator.uniform(0.01, 0.12), count)
    if generator.random() < 0.2:  # an instability that heals as soon as it came
        start = int(generator.integers(1, count))
        losses[start : start + 3] += generator.uniform(0.1, 1.5) * np.array([1, 0.5, 0.2])[: count - start]
    elif generator.random() < 0.25:  # one that lasts, and at most undoes the training
        start, reports = int(generator.integers(1, count)), int(generator.integers(2, 5))
        risen = losses[start : start + reports] + generator.uniform(0.5, 3)
        losses[start : start + reports] = np.minimum(risen, losses[0] + 0.5)
    return np.maximum(losses, 1e-4)


def curve(plan: TaskPlan, *, scale: float = 1.0, floor: float = 0.0) -> np.ndarray:
    """The reference's losses, scaled and lifted."""
    return np.array(list(reference_curve(SUITE.name, plan.task.name).values())) * scale + floor


def starved_job(share: float, limit: float = 300.0) -> list[TaskProgress]:
    """A program of 0.15 CPU-seconds a step that gets this share of a core: its tasks, report by report."""
    tasks, wall = [], 0.0
    for plan in SUITE.plans:
        seconds = [0.15 * step for step in sorted(metric_steps(plan.steps))]
        for reports in range(1, len(seconds) + 1):
            now = wall + seconds[reports - 1] / share
            if now >= limit:
                return tasks
            whole = progress(
                plan,
                curve(plan)[:reports],
                seconds_left=limit - now,
                starved=is_starved(now, share * now, (1 - share) * now),
            )
            points = zip(whole.points, seconds, strict=False)
            tasks.append(replace(whole, points=tuple(replace(point, cpu_seconds=used) for point, used in points)))
        wall += seconds[-1] / share
    return tasks


def faults() -> dict[str, TaskProgress]:
    """One run per fault in losses or speed, named by the rule that must see it."""
    losses = curve(LANGUAGE)
    count = len(losses)
    nan = losses.copy()
    nan[8:] = math.nan
    exploded = losses.copy()
    exploded[6:] = np.linspace(5, 9, count - 6)
    risen = losses.copy()
    risen[9:] += 1.3
    flat = np.full(count, 3.1)
    slow = progress(LANGUAGE, losses[:4])
    return {
        "not-finite": progress(LANGUAGE, nan),
        "explosion": progress(LANGUAGE, exploded),
        "spike": progress(
            SUITE.plan("overwrite-recall"), np.where(np.arange(20) < 9, curve(SUITE.plan("overwrite-recall")), 3.0)
        ),
        "plateau": progress(LANGUAGE, flat),
        "impossible-loss": progress(LANGUAGE, curve(LANGUAGE, scale=0.3)),
        "too-slow": replace(slow, points=tuple(replace(point, cpu_seconds=5.0 * point.step) for point in slow.points)),
    }
