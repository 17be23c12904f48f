"""What prompts tell models of the suites is what the suites do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from trainer.suites.cpu_full import CPU_FULL
from trainer.suites.cpu_quick import CPU_QUICK
from trainer.suites.cpu_smoke import CPU_SMOKE
from trainer.suites.suite import Suite
from trainer.tasks.associative_recall import AssociativeRecall
from trainer.tasks.needle import Needle

AGENTS = Path(__file__).parents[4] / "agents"
DESIGNING = ("researcher/prompts/design.md", "researcher/prompts/diversify.md")
SUITES = (CPU_SMOKE, CPU_QUICK, CPU_FULL)
PROGRAMMING = (*DESIGNING, "researcher/prompts/repair.md")


def _text(prompt: str) -> str:
    return (AGENTS / prompt).read_text(encoding="utf8")


def _numbers(prompt: str, pattern: str) -> tuple[int, ...]:
    found = re.search(pattern, _text(prompt))
    assert found, f"{prompt} has nothing like {pattern!r}: it may say it otherwise, and this test must follow"
    return tuple(int(number) for number in found.groups())


def _bindings(suite: Suite) -> int:
    task = suite.plan("associative-recall").task
    assert isinstance(task, AssociativeRecall)
    return task.pairs


def _longest(suite: Suite) -> int:
    return max(plan.task.length for plan in suite.plans)


def _steps(suite: Suite) -> tuple[int, int]:
    steps = [plan.steps for plan in suite.plans]
    return min(steps), max(steps)


@pytest.mark.parametrize("prompt", DESIGNING)
def test_a_designer_is_not_told_of_the_tasks_of_another_suite(prompt: str) -> None:
    bindings = _numbers(prompt, r"associative-recall: (\d+) bindings at once, in the suite cpu-full (\d+)\.")
    assert bindings == (_bindings(CPU_QUICK), _bindings(CPU_FULL))
    assert _bindings(CPU_SMOKE) == bindings[0]
    steps = _numbers(
        prompt,
        r"\((\d+) to (\d+) steps a task in cpu-quick, (\d+) to (\d+) in cpu-full; "
        r"cpu-smoke has the tasks of cpu-quick for (\d+) steps each",
    )
    assert {steps[-1]} == set(_steps(CPU_SMOKE))
    assert steps[:-1] == (*_steps(CPU_QUICK), *_steps(CPU_FULL))
    assert [plan.task for plan in CPU_SMOKE.plans] == [plan.task for plan in CPU_QUICK.plans]
    needle = CPU_FULL.plan("needle").task
    assert isinstance(needle, Needle)
    assert "needle (only in the suite cpu-full): three pairs far apart" in _text(prompt)
    assert needle.pairs == 3
    listed = re.findall(r"^- ([a-z]+(?:-recall)?)(?: \(only in the suite cpu-full\))?: ", _text(prompt), re.MULTILINE)
    assert [*listed[:-1], "language-model"] == [plan.task.name for plan in CPU_QUICK.plans]
    assert {*listed, "language-model"} == {plan.task.name for plan in CPU_FULL.plans}


@pytest.mark.parametrize("prompt", PROGRAMMING)
def test_a_programmer_is_told_the_width_that_is_trained(prompt: str) -> None:
    width = _numbers(prompt, r"d_model = (\d+) with (\d+) heads is trained and checked")
    assert {width} == {(suite.d_model, suite.n_heads) for suite in SUITES}


@pytest.mark.parametrize("prompt", [*PROGRAMMING, "engineer/prompts/mend.md"])
def test_nobody_is_told_that_training_knows_one_device_and_one_precision_only(prompt: str) -> None:
    assert "on one CPU core in float32, or on a GPU under bfloat16 autocast" in _text(prompt)


def test_an_engineer_is_told_how_long_sequences_are_in_each_suite() -> None:
    lengths = _numbers(
        "engineer/prompts/mend.md", r"up to (\d+) tokens, in the suite cpu-full up to (\d+), and the certificate"
    )
    assert lengths == (_longest(CPU_QUICK), _longest(CPU_FULL))
    assert _longest(CPU_SMOKE) == _longest(CPU_QUICK)


@pytest.mark.parametrize("prompt", [*PROGRAMMING, "engineer/prompts/mend.md"])
def test_who_is_told_of_several_suites_is_told_which_one_runs(prompt: str) -> None:
    assert "the suite {{suite}}" in _text(prompt)
