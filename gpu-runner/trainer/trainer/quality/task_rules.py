"""Rules on the curve of one task. Every threshold is several times beyond what any recorded honest run did
(docs/evaluation/quality-control.md), because a false stop costs the search a design and a late one only seconds."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator

from trainer.quality.memory_growth import memory_growth
from trainer.quality.progress import Point, Stop, TaskProgress

GRACE = 0.1  # of the steps: nothing but divergence is judged before
EXPLOSION_NATS = 1.0
EXPLOSION_POINTS = 3
LARGEST_LOSS = 100.0
SPIKE_NATS = 1.0
SPIKE_POINTS = 5
PLATEAU_NATS = 1.3
PLATEAU_POINTS = 3
PLATEAU_FROM = 0.5
IMPOSSIBLE_RATIO = 0.6
IMPOSSIBLE_POINTS = 2
SLOW_FACTOR = 1.5
SLOW_LEAST_CPU_SECONDS = 5.0


def _finite(points: Iterable[Point]) -> Iterator[float]:
    """Losses that are numbers: one that is none compares with nothing."""
    return (point.loss for point in points if math.isfinite(point.loss))


def not_finite(progress: TaskProgress) -> Stop | None:
    """Two reported losses in a row that are no numbers."""
    last = progress.points[-2:]
    if len(last) < 2 or any(math.isfinite(point.loss) for point in last):
        return None
    return Stop(
        "not-finite",
        True,
        f"Training on {progress.task} diverged: its loss is not finite at steps {last[0].step} and {last[1].step}; "
        "guard divisions, logarithms and exponentials, and bound the state's decay and the write strength.",
        {"step": last[1].step},
    )


def explosion(progress: TaskProgress) -> Stop | None:
    """The last reported losses are all far above the first finite one, or one is absurd."""
    first, last = next(_finite(progress.points), progress.points[0].loss), progress.points[-EXPLOSION_POINTS:]
    absurd = math.isfinite(last[-1].loss) and last[-1].loss > LARGEST_LOSS
    if not absurd and (
        len(progress.points) <= EXPLOSION_POINTS or any(not point.loss > first + EXPLOSION_NATS for point in last)
    ):
        return None
    told = f"rose from {first:.3f} to {last[-1].loss:.3f}" if len(progress.points) > 1 else f"is {first:.3f}"
    return Stop(
        "explosion",
        True,
        f"Training on {progress.task} diverged: its loss {told} at step {last[-1].step}; normalise keys and outputs, "
        "or start gates and residual branches smaller.",
        {"step": last[-1].step, "first": first, "loss": last[-1].loss},
    )


def spike(progress: TaskProgress) -> Stop | None:
    """A rise above the best loss that has not come back for a quarter of the training."""
    if len(progress.points) <= SPIKE_POINTS:
        return None
    before, after = progress.points[:-SPIKE_POINTS], progress.points[-SPIKE_POINTS:]
    best = min(_finite(before), default=math.inf)
    if any(not point.loss > best + SPIKE_NATS for point in after):
        return None
    return Stop(
        "spike",
        True,
        f"Training on {progress.task} diverged: after its best loss {best:.3f} it rose to {after[0].loss:.3f} at step "
        f"{after[0].step} and did not come back; the dynamics are unstable at the peak learning rate.",
        {"step": after[0].step, "best": best, "loss": after[-1].loss},
    )


def plateau(progress: TaskProgress) -> Stop | None:
    """A language model that is far above the reference in the second half and never was better than far above it: it
    learns next to nothing. One that fell before it rose is a matter of `spike`."""
    last = progress.points[-PLATEAU_POINTS:]
    if not progress.language_model or len(last) < PLATEAU_POINTS or last[0].step < PLATEAU_FROM * progress.steps:
        return None
    above = [point.loss - progress.reference.get(point.step, math.inf) for point in last]
    best = min(_finite(progress.points), default=math.inf)
    if not min(above) > PLATEAU_NATS or not best > progress.reference[last[-1].step] + PLATEAU_NATS:
        return None
    return Stop(
        "plateau",
        False,
        f"Stopped: on {progress.task} the loss stands at {last[-1].loss:.3f} at step {last[-1].step} of "
        f"{progress.steps}, {above[-1]:.2f} nats above DeltaNet's at that step; check that inputs reach the output and "
        "gradients reach the parameters.",
        {"step": last[-1].step, "loss": last[-1].loss, "reference": progress.reference[last[-1].step]},
    )


def impossible(progress: TaskProgress) -> Stop | None:
    """A language model that is far below the reference: it reads its answers from its own input."""
    last = progress.points[-IMPOSSIBLE_POINTS:]
    if not progress.language_model or len(last) < IMPOSSIBLE_POINTS or last[0].step < GRACE * progress.steps:
        return None
    ratios = [point.loss / progress.reference.get(point.step, math.nan) for point in last]
    if not all(ratio < IMPOSSIBLE_RATIO for ratio in ratios):
        return None
    return Stop(
        "impossible-loss",
        False,
        f"Stopped: on {progress.task} the loss is {last[-1].loss:.3f} at step {last[-1].step}, {ratios[-1]:.2f} times "
        "DeltaNet's; text cannot be predicted that well after so few steps, so the mixer sees the tokens that it "
        "should predict: check every shift, convolution, normalisation and cumulative sum for causality.",
        {"step": last[-1].step, "loss": last[-1].loss, "reference": progress.reference[last[-1].step]},
    )


def too_slow(progress: TaskProgress) -> Stop | None:
    """What this task still needs in CPU time is far more than the time that the job has left: `too-slow`, or `starved`
    where other work has taken that time from it."""
    last = progress.points[-1]
    if last.step < GRACE * progress.steps or last.cpu_seconds < SLOW_LEAST_CPU_SECONDS:
        return None
    needed = last.cpu_seconds / last.step * (progress.steps - last.step)
    if not needed > SLOW_FACTOR * progress.seconds_left:
        return None
    evidence = {
        "step": last.step,
        "secondsPerStep": last.cpu_seconds / last.step,
        "secondsLeft": progress.seconds_left,
    }
    if progress.starved:
        return Stop(
            "starved",
            False,
            f"Stopped: {progress.task} needs {needed:.0f} more CPU-seconds, and the job has "
            f"{max(progress.seconds_left, 0):.0f} s left, because it waited for a processor that was busy with other "
            "work; give the runner fewer slots, or raise wallSeconds.",
            evidence,
            blames_machine=True,
        )
    return Stop(
        "too-slow",
        False,
        f"Stopped: {progress.task} needs {needed:.0f} more CPU-seconds at {last.cpu_seconds / last.step:.2f} s a step, "
        f"and the job has {max(progress.seconds_left, 0):.0f} s left; remove Python loops over time and work that "
        "grows faster than the sequence.",
        evidence,
    )


RULES: tuple[Callable[[TaskProgress], Stop | None], ...] = (
    not_finite,
    explosion,
    spike,
    plateau,
    impossible,
    too_slow,
    memory_growth,
)


def judge_task(progress: TaskProgress) -> Stop | None:
    """The first rule that ends the task, or None."""
    if not progress.points:
        return None
    return next((stop for rule in RULES if (stop := rule(progress)) is not None), None)
