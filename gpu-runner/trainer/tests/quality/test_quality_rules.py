"""A stop must be beyond doubt: faults are stopped by the right rule, honest curves are not stopped at all."""

import dataclasses
import math

import numpy as np
import pytest

from tests.quality.curves import LANGUAGE, SUITE, curve, faults, honest_losses, progress, starved_job
from trainer.protocol.metric_steps import metric_steps
from trainer.quality.reference_curves import REFERENCE_CURVES
from trainer.quality.suite_rules import recalls_nothing
from trainer.quality.task_rules import judge_task
from trainer.suites.registry import SUITES

RECALL = ("overwrite-recall", "noisy-recall", "associative-recall", "fuzzy-recall")


def stop_while_growing(whole):
    """The verdict as the training loop meets it: after every reported step."""
    for end in range(1, len(whole.points) + 1):
        stop = judge_task(dataclasses.replace(whole, points=whole.points[:end]))
        if stop is not None:
            return stop
    return None


@pytest.mark.parametrize("rule", faults())
def test_a_fault_is_stopped_by_its_rule_with_numbers_and_advice(rule):
    stop = stop_while_growing(faults()[rule])
    assert stop is not None
    assert stop.rule == rule or (rule == "spike" and stop.rule == "explosion")
    assert all(math.isfinite(value) for value in stop.evidence.values())
    assert ";" in stop.message or ":" in stop.message
    assert stop.message.endswith(".")


@pytest.mark.parametrize("seed", range(50))
def test_honest_curves_are_not_stopped(seed):
    generator = np.random.default_rng(seed)
    for plan in SUITE.plans:
        assert stop_while_growing(progress(plan, honest_losses(plan, generator))) is None


def test_the_reference_itself_is_not_stopped_and_covers_every_reported_step():
    for suite, tasks in REFERENCE_CURVES.items():
        assert set(tasks) == {plan.task.name for plan in SUITES[suite].plans}
        for plan in SUITES[suite].plans:
            assert set(tasks[plan.task.name]) == metric_steps(plan.steps)
            assert stop_while_growing(progress(plan, curve(plan))) is None


def test_a_program_that_learns_nothing_on_all_recall_tasks_is_stopped_and_one_that_learns_one_is_not():
    nothing = [progress(SUITE.plan(name), np.full(20, math.log(SUITE.plan(name).task.classes))) for name in RECALL]
    assert recalls_nothing(nothing[:3]) is None
    assert recalls_nothing(nothing).rule == "recalls-nothing"
    a_little = progress(SUITE.plan(RECALL[0]), np.full(20, 0.9 * math.log(SUITE.plan(RECALL[0]).task.classes)))
    assert recalls_nothing([a_little, *nothing[1:]]) is None


def test_parity_at_chance_says_nothing_because_the_reference_does_not_learn_it():
    parity = SUITE.plan("parity")
    flat = progress(parity, np.full(20, math.log(2)))
    assert recalls_nothing([flat] * 5) is None


def test_a_slow_program_with_time_enough_is_not_stopped():
    slow = faults()["too-slow"]
    assert stop_while_growing(dataclasses.replace(slow, seconds_left=1e4)) is None


def test_a_program_that_is_fast_enough_is_not_called_slow_where_the_machine_gave_it_too_little():
    tasks = [task for percent in range(5, 60, 5) for task in starved_job(percent / 100)]
    stops = [stop for task in tasks if (stop := judge_task(task)) is not None]
    assert {(stop.rule, stop.blames_machine) for stop in stops} == {("starved", True)}
    assert judge_task(dataclasses.replace(faults()["too-slow"], starved=False)).rule == "too-slow"


def test_without_a_reference_nothing_is_judged_that_needs_one():
    for rule in ("plateau", "impossible-loss"):
        assert stop_while_growing(dataclasses.replace(faults()[rule], reference={})) is None


def test_one_reported_loss_that_is_no_number_is_let_pass_whichever_it_is():
    losses = curve(LANGUAGE)
    for broken in (math.nan, math.inf):
        assert stop_while_growing(progress(LANGUAGE, np.where(np.arange(len(losses)) == 6, broken, losses))) is None


@pytest.mark.parametrize("broken", [math.nan, math.inf])
def test_a_first_loss_that_is_no_number_hides_no_divergence_from_the_rest_of_the_task(broken):
    plan = SUITE.plan("noisy-recall")
    exploded = stop_while_growing(progress(plan, [broken, 3.0, *[50.0] * 10]))
    assert exploded is not None
    assert exploded.rule == "explosion"
    assert exploded.evidence["first"] == 3.0
    spiked = stop_while_growing(progress(plan, [broken, 4.0, 2.0, *[4.2] * 10]))
    assert spiked is not None
    assert spiked.rule == "spike"
    assert spiked.evidence["best"] == 2.0
    assert judge_task(progress(plan, [broken, 4.0, 2.0, *[2.2] * 10])) is None


def test_a_loss_that_is_absurd_from_the_start_is_not_said_to_have_risen():
    stop = stop_while_growing(progress(LANGUAGE, [120.0]))
    assert stop is not None
    assert stop.rule == "explosion"
    assert "its loss is 120.000 at step" in stop.message


def test_before_a_tenth_of_the_steps_a_slow_start_or_an_easy_text_stops_nothing_and_after_it_does():
    steps = LANGUAGE.steps
    for fault in ("too-slow", "impossible-loss"):
        whole = faults()[fault]
        begun = tuple(
            dataclasses.replace(point, step=step, cpu_seconds=5.0 * step)
            for point, step in zip(whole.points, (steps // 20, steps // 10 - 1, steps // 10, steps // 5), strict=False)
        )
        known = dataclasses.replace(whole, reference={point.step: 2.8 for point in begun})
        early = dataclasses.replace(known, points=begun[:2])
        late = dataclasses.replace(known, points=begun)
        assert judge_task(early) is None
        assert judge_task(late).rule == fault


@pytest.mark.parametrize(("rise", "stopped"), [(0.9, False), (1.1, True)])
def test_a_rise_of_less_than_a_nat_that_does_not_come_back_is_no_divergence(rise, stopped):
    losses = np.array([2.5, 1.5, 1.0, *[1.0 + rise] * 6])
    stop = judge_task(progress(SUITE.plan("overwrite-recall"), losses))
    assert (stop is not None and stop.rule == "spike") is stopped


HEIGHTS = (1.31, 1.4, 1.5, 2.5)


@pytest.mark.parametrize("height", HEIGHTS)
@pytest.mark.parametrize("first", [2, 10, 13, 17])
@pytest.mark.parametrize("reports", [3, 4])
def test_a_spike_that_heals_within_four_reports_is_not_stopped_wherever_it_comes(height, first, reports):
    for plan in SUITE.plans:
        losses = curve(plan)
        losses[first : first + reports] = np.minimum(losses[first : first + reports] + height, losses[0] + 0.9)
        assert stop_while_growing(progress(plan, losses)) is None


@pytest.mark.parametrize("height", [1.31, 1.6, 2.5])
def test_a_language_model_that_fell_before_it_rose_for_good_is_a_divergence_and_no_plateau(height):
    losses = curve(LANGUAGE)
    losses[11:] += height
    stop = stop_while_growing(progress(LANGUAGE, losses))
    assert stop is not None
    assert (stop.rule, stop.diverged) == ("spike", True)
