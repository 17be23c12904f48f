"""Conformance programs 51-55 and 64: cheats and leaks gain nothing over an honest program of equal weights."""

import functools

import pytest

from tests.conformance import cheats
from tests.conformance.sandbox import sandbox
from tests.jobs.run_job import run_job


@functools.cache
def result(source: str) -> dict:
    outcome = run_job({"source": source}, launcher=sandbox().argv).outcome
    assert outcome["status"] == "ok", outcome
    return outcome["result"]


def honest() -> dict:
    return result(cheats.HONEST)


# A cheat that looks for evaluation files finds other people's where the file system is not closed.
needs_isolation = pytest.mark.skipif(sandbox().tier < 1, reason=f"no isolation is proven here: {sandbox().note}")


@needs_isolation
def test_51_every_quiet_cheat_at_once_changes_no_score_by_a_bit():
    found = result(cheats.HONEST + "".join(cheats.QUIET.values()))
    assert found["raw"] == honest()["raw"]
    assert found["parameters"] == honest()["parameters"]


@needs_isolation
@pytest.mark.slow
@pytest.mark.parametrize("name", cheats.QUIET)
def test_51_a_quiet_cheat_changes_no_score_by_a_bit(name):
    found = result(cheats.HONEST + cheats.QUIET[name])
    assert found["raw"] == honest()["raw"]


@pytest.mark.slow
def test_51_a_patched_loss_only_spoils_the_training():
    found = result(cheats.PATCHED_LOSS)
    assert found["languageModelLoss"] >= honest()["languageModelLoss"]


def assert_prefix_only(found: dict) -> None:
    audit = found["raw"]["language-model"]["audit"]
    assert "language-model" in found["suspectLeak"]
    (task,) = [task for task in found["tasks"] if task["task"] == "language-model"]
    assert found["languageModelLoss"] == task["value"] == task["loss"]
    assert len(audit["positions"]) == task["sequences"]  # few in the smoke suite: all are audited


def test_52_a_model_that_looks_ahead_gets_its_prefix_only_score():
    found = result(cheats.LOOK_AHEAD)
    assert_prefix_only(found)
    # Its loss over full sequences is next to nothing, and that is not what counts.
    assert sum(found["raw"]["language-model"]["negativeLogLikelihood"]) / 8 < 0.2
    assert found["languageModelLoss"] > honest()["languageModelLoss"]


@pytest.mark.slow
def test_53_changing_the_input_in_place_changes_no_score():
    assert result(cheats.MUTATION)["raw"] == honest()["raw"]


@pytest.mark.slow
def test_54_copying_from_other_rows_gains_nothing():
    found = result(cheats.ROW_COPYING)
    if found["suspectLeak"]:
        assert_prefix_only(found)
    assert found["languageModelLoss"] > 0.98 * honest()["languageModelLoss"]


@pytest.mark.slow
def test_55_memory_between_calls_gains_nothing_and_is_seen():
    found = result(cheats.MEMORY)
    assert_prefix_only(found)
    assert found["languageModelLoss"] > 0.98 * honest()["languageModelLoss"]


@pytest.mark.slow
def test_64_a_program_that_sleeps_when_it_is_timed_has_the_scorers_clock_against_it():
    found = result(cheats.SLEEPS_WHEN_TIMED)
    assert found["raw"] == honest()["raw"]
    assert found["workSeconds"] > 0.05 * 60
