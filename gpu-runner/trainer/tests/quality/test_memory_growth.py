"""Memory that a training keeps: seen at every speed of the machine, and never in memory that settles."""

import numpy as np
import pytest

from tests.quality.curves import SUITE
from tests.quality.memory_curves import LIMIT, full_at, kept, settling
from tests.quality.watched import watched
from trainer.protocol.metric_steps import metric_steps
from trainer.quality.memory_growth import memory_growth
from trainer.quality.progress import MemoryReading, TaskProgress

PLAN = SUITE.plan("overwrite-recall")
SPEEDS = (0.05, 0.1, 0.2, 0.25, 0.5, 1.1, 10.0)  # seconds a report


@pytest.mark.parametrize("seconds", SPEEDS)
@pytest.mark.parametrize(("mib_a_step", "start_mib"), [(12.5, 800.0), (25.0, 800.0), (8.0, 2600.0)])
def test_a_training_that_keeps_tensors_is_stopped_before_its_memory_is_full_however_fast_the_machine(
    mib_a_step, start_mib, seconds
):
    stopped = watched(SUITE, PLAN, kept(mib_a_step, start_mib), seconds)
    assert stopped is not None
    step, failure = stopped
    assert failure.reason == "stopped-early"
    assert failure.evidence["rule"] == "memory-growth"
    assert failure.evidence["bytesPerStep"] == pytest.approx(mib_a_step * 2**20, rel=0.01)
    assert step <= 0.45 * PLAN.steps < full_at(kept(mib_a_step, start_mib), PLAN.steps)


def test_memory_that_one_task_filled_and_gave_back_does_not_hide_what_the_next_one_keeps():
    stopped = watched(SUITE, PLAN, lambda step: max(kept(14.0)(step), 2600 << 20), 0.2)
    assert stopped is not None
    assert stopped[1].evidence["rule"] == "memory-growth"
    assert stopped[0] < full_at(kept(14.0), PLAN.steps)


@pytest.mark.parametrize("seconds", [0.02, 0.2, 5.0])
@pytest.mark.parametrize(
    "memory",
    [
        kept(0.0),
        kept(0.05),
        kept(11.0),  # full only after the task
        lambda step: min(kept(25.0)(step), 2 << 30),
        lambda step: kept(0.1, 800 if step < 150 else 3500)(step),
        lambda step: int((800 + 3000 * (1 - np.exp(-step / 40))) * 2**20),
    ],
    ids=["constant", "creeping", "slow", "up to a bound", "one jump", "settling"],
)
def test_memory_that_settles_or_will_not_be_full_stops_nothing(memory, seconds):
    assert watched(SUITE, PLAN, memory, seconds) is None


def test_of_honest_programs_that_come_near_the_limit_hardly_one_is_stopped():
    generator = np.random.default_rng(1)
    plans = [SUITE.plans[number % len(SUITE.plans)] for number in range(200)]
    assert [watched(SUITE, plan, settling(plan.steps, generator), 0.2) for plan in plans].count(None) == len(plans)


@pytest.mark.parametrize("seconds", SPEEDS)
def test_memory_that_ran_out_step_by_step_is_explained_as_a_leak_before_there_is_enough_to_stop_it(seconds):
    fails_at = full_at(kept(55.0), PLAN.steps)
    step, failure = watched(SUITE, PLAN, kept(55.0), seconds, fails_at)
    assert step < fails_at
    assert failure.reason == "out-of-memory"
    assert f"after step {step}: it grew by 55.0 MiB a step; the mixer keeps tensors between calls" in failure.message


def test_reports_that_come_faster_than_memory_is_read_do_not_hide_what_is_kept():
    _, failure = watched(SUITE, PLAN, kept(20.0), 0.02, full_at(kept(20.0), PLAN.steps))
    assert "it grew by 20.0 MiB a step" in failure.message


def test_a_program_that_always_needs_too_much_is_not_said_to_keep_tensors():
    for memory in (kept(0.0, 3900), kept(0.05)):
        _, failure = watched(SUITE, PLAN, memory, 0.2, 100)
        assert failure.message == "The program needs more memory than the job allows."


def test_on_an_accelerator_where_no_limit_is_enforced_nothing_is_judged():
    readings = tuple(MemoryReading(step, kept(25.0)(step)) for step in sorted(metric_steps(PLAN.steps)))
    known = TaskProgress(PLAN.task.name, PLAN.steps, 24, False, (), memory=readings, memory_bytes=LIMIT)
    assert memory_growth(known) is not None
    assert memory_growth(TaskProgress(PLAN.task.name, PLAN.steps, 24, False, (), memory=readings)) is None
