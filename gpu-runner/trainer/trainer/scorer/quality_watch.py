"""The trusted side of quality control: turns a worker's reports into curves, and a verdict on them into a failed job.

The losses are the worker's claims. A program that lies about them can avoid a stop, which costs it nothing but time; it
cannot gain by it, because claims are never scored. CPU time and memory are the scorer's own readings.
"""

from __future__ import annotations

import time

from trainer.protocol.failure import JobFailure
from trainer.quality.memory_growth import KEEPS, growth
from trainer.quality.progress import MemoryReading, Point, Stop, TaskProgress
from trainer.quality.reference_curves import reference_curve
from trainer.quality.suite_rules import recalls_nothing
from trainer.quality.task_rules import judge_task
from trainer.scorer.events import EventWriter
from trainer.scorer.worker_death import log_evidence
from trainer.scorer.worker_pool import WorkerPool
from trainer.scorer.worker_process import WorkerProcess
from trainer.suites.suite import Suite, TaskPlan

# Reading /proc costs milliseconds. Reports of ordinary trainings are 0.1 to 0.25 s apart: nearly all of them are read.
MEASURE_SECONDS = 0.05
STARVED_SECONDS = 1.0


class QualityWatch:
    """Follows the tasks of one job in order. With `report_only` it logs each stop once and raises nothing."""

    def __init__(
        self, suite: Suite, pool: WorkerPool, worker: WorkerProcess, events: EventWriter, *, report_only: bool
    ) -> None:
        self._suite = suite
        self._pool = pool
        self._worker = worker
        self._events = events
        self._report_only = report_only
        self._reported: set[tuple[int, str]] = set()
        self._finished: list[TaskProgress] = []
        self._points: list[Point] = []
        self._memory: list[MemoryReading] = []
        self._cpu_before = 0.0
        self._measured_at = 0.0
        self._starved_at = 0.0
        self._starved = False

    def begin(self, cpu_seconds: float) -> None:
        """A task begins, `cpu_seconds` into the worker's life."""
        self._points = []
        self._memory = []
        self._cpu_before = cpu_seconds

    def report(self, plan: TaskPlan, step: int, loss: float) -> None:
        """A reported step.

        Raises:
            JobFailure: `diverged`, `stopped-early` or `environment`, with the rule and its numbers as evidence.
        """
        now = time.monotonic()
        if now - self._measured_at >= MEASURE_SECONDS:
            self._memory.append(MemoryReading(step, self._worker.measure().peak_bytes))
            self._measured_at = now
        if now - self._starved_at >= STARVED_SECONDS:
            self._starved = self._pool.is_starved(self._worker)
            self._starved_at = now
        self._points.append(Point(step, loss, max(0.0, self._worker.last_usage.cpu_seconds - self._cpu_before)))
        self._end(judge_task(self._progress(plan)))

    def explained(self, plan: TaskPlan, failure: JobFailure) -> JobFailure:
        """The failure of a task under way. Memory that ran out after it grew from step to step is no matter of the
        batch size, of which alone the worker can speak."""
        grown = growth(self._memory)
        if failure.reason != "out-of-memory" or grown is None or not grown.is_kept:
            return failure
        return JobFailure(
            failure.reason,
            f"Out of memory on {plan.task.name} after step {self._points[-1].step}: it grew by "
            f"{grown.rate / 2**20:.1f} MiB a step; {KEEPS}.",
            {**failure.evidence, "bytesPerStep": grown.rate},
        )

    def finish(self, plan: TaskPlan) -> None:
        """All steps of a task are reported. Raises as `report`."""
        self._finished.append(self._progress(plan))
        self._end(recalls_nothing(self._finished))

    def _progress(self, plan: TaskPlan) -> TaskProgress:
        return TaskProgress(
            task=plan.task.name,
            steps=plan.steps,
            classes=plan.task.classes,
            language_model=plan.task.metric == "loss",
            points=tuple(self._points),
            reference=reference_curve(self._suite.name, plan.task.name),
            memory=tuple(self._memory),
            seconds_left=self._pool.seconds_left(),
            memory_bytes=self._pool.enforced_memory_bytes(),
            starved=self._starved,
        )

    def _end(self, stop: Stop | None) -> None:
        if stop is None:
            return
        if self._report_only:
            place = (len(self._finished), stop.rule)
            if place not in self._reported:
                self._events.log("warn", f"quality control would have stopped here, rule {stop.rule}: {stop.message}")
            self._reported.add(place)
            return
        self._events.log("warn", f"quality control, rule {stop.rule}: {stop.message}")
        raise JobFailure(
            "environment" if stop.blames_machine else "diverged" if stop.diverged else "stopped-early",
            stop.message,
            {**log_evidence(self._worker), "rule": stop.rule, **stop.evidence},
        )
