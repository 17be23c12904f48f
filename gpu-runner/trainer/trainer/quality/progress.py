"""What quality control looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Point:
    """One reported step: loss in nats per answer as the worker claims it; CPU-seconds of the task so far, as the scorer
    measures them."""

    step: int
    loss: float
    cpu_seconds: float = 0.0


@dataclass(frozen=True)
class MemoryReading:
    """Peak bytes of the worker so far, as the scorer read them when a step was reported."""

    step: int
    peak_bytes: int


@dataclass(frozen=True)
class TaskProgress:
    """The curve of one task so far.

    Attributes:
        steps: of the whole task.
        classes: of its answers; chance is ln(classes).
        language_model: whether the task is the prediction of text, which nothing solves outright.
        reference: loss of DeltaNet by step on the same task, mean over seeds; empty where none is recorded.
        memory: readings in this task, of which there are fewer than points where steps are fast.
        seconds_left: until the job's limit on wall-clock time.
        memory_bytes: the worker's limit; 0 where none is enforced.
        starved: whether the job wanted a processor and got much less than one.
    """

    task: str
    steps: int
    classes: int
    language_model: bool
    points: tuple[Point, ...]
    reference: Mapping[int, float] = field(default_factory=dict)
    memory: tuple[MemoryReading, ...] = ()
    seconds_left: float = float("inf")
    memory_bytes: int = 0
    starved: bool = False


@dataclass(frozen=True)
class Stop:
    """Why training ends early.

    Attributes:
        rule: stable name of the rule.
        diverged: whether it is a divergence, a reason of its own; else `stopped-early`.
        message: one sentence that names what was seen and what to do.
        evidence: the numbers.
        blames_machine: whether the program is not at fault, so that the training may be tried again.
    """

    rule: str
    diverged: bool
    message: str
    evidence: Mapping[str, float]
    blames_machine: bool = False
