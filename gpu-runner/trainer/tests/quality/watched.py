"""The real QualityWatch over a simulated worker: what it says of a training at a machine's speed."""

from types import SimpleNamespace
from unittest import mock

from tests.quality.memory_curves import LIMIT, Memory
from trainer.protocol.failure import JobFailure
from trainer.protocol.metric_steps import metric_steps
from trainer.scorer import quality_watch
from trainer.scorer.process_tree import Usage
from trainer.suites.suite import Suite, TaskPlan


def watched(
    suite: Suite, plan: TaskPlan, memory: Memory, seconds_a_report: float, fails_at: int | None = None
) -> tuple[int, JobFailure] | None:
    """The last step and the failure of a task whose losses say nothing; None where it is trained to its end.

    `fails_at` is the step in which the worker itself runs out of memory.
    """
    clock = [1e6]
    worker = SimpleNamespace(
        role="train",
        knows_held_out_data=False,
        log=SimpleNamespace(text=lambda _: ""),
        last_usage=Usage(0.0, 0),
        step=0,
    )

    def measure() -> Usage:
        worker.last_usage = Usage(0.0, memory(worker.step))
        return worker.last_usage

    worker.measure = measure
    pool = SimpleNamespace(is_starved=lambda _: False, seconds_left=lambda: 200.0, enforced_memory_bytes=lambda: LIMIT)
    events = SimpleNamespace(log=lambda *_: None)
    with mock.patch.object(quality_watch, "time", SimpleNamespace(monotonic=lambda: clock[0])):
        watch = quality_watch.QualityWatch(suite, pool, worker, events, report_only=False)
        watch.begin(0.0)
        for step in sorted(metric_steps(plan.steps)):
            if fails_at is not None and step >= fails_at:
                failure = JobFailure("out-of-memory", "The program needs more memory than the job allows.")
                return worker.step, watch.explained(plan, failure)
            clock[0] += seconds_a_report
            worker.step = step
            try:
                watch.report(plan, step, 2.0)
            except JobFailure as failure:
                return step, failure
    return None
