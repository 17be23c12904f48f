"""Conformance programs 51-55 and 64: cheats and leaks gain nothing over an honest program of equal weights."""

import functools
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance import cheats
from tests.conformance.sandbox import sandbox
from tests.jobs.run_job import run_job, spec
from trainer.scorer.raw_record import raw_from_record

pytestmark = pytest.mark.xdist_group("cheats")  # they share the honest program's job


@functools.cache
def outcome_of(source: str) -> dict:
    return run_job({"source": source}, evaluationSeed=cheats.SEED, launcher=sandbox().argv).outcome


def result(source: str) -> dict:
    outcome = outcome_of(source)
    assert outcome["status"] == "ok", outcome
    return outcome["result"]


def honest() -> dict:
    return result(cheats.HONEST)


# A cheat that looks for evaluation files finds other people's where the file system is not closed.
needs_isolation = pytest.mark.skipif(sandbox().tier < 1, reason=f"no isolation is proven here: {sandbox().note}")


@pytest.fixture(scope="module", autouse=True)
def spec_of_a_runner() -> Iterator[Path]:
    """What a runner without isolation would leave for every program to read."""
    folder = Path(tempfile.mkdtemp(prefix="asi-conformance-ledger-", dir="/var/tmp"))
    folder.chmod(0o755)
    (folder / "spec.json").write_text(json.dumps(spec({"source": ""}, evaluationSeed=cheats.SEED)))
    (folder / "notes").write_text(f"about the seed {cheats.SEED}")
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("file", "says"), [("spec.json", "an evaluation file"), ("notes", "the evaluation seed is in")]
)
def test_the_cheat_that_looks_for_evaluation_files_would_find_those_of_a_runner(tmp_path, spec_of_a_runner, file, says):
    shutil.copy(spec_of_a_runner / file, tmp_path)
    look = cheats.QUIET["evaluation file"].replace(repr(cheats.PLACES), repr((str(tmp_path),)))
    with pytest.raises(AssertionError, match=says):
        exec(look, {})


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


def test_what_a_process_is_called_does_not_tell_a_program_whether_it_is_trained_or_evaluated():
    assert result(cheats.OTHERWISE_BY_ARGUMENTS)["raw"] == honest()["raw"]


@pytest.mark.slow
def test_51_a_patched_loss_only_spoils_the_training():
    found = result(cheats.PATCHED_LOSS)
    assert found["languageModelLoss"] >= honest()["languageModelLoss"]


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[] if name == "a layer more" else [pytest.mark.slow]) for name in cheats.PATCHED_BLOCKS],
)
def test_layers_that_a_program_adds_to_the_trainers_own_get_no_score(name):
    outcome = outcome_of(cheats.HONEST + cheats.PATCHED_BLOCKS[name])
    assert (outcome["status"], outcome["reason"]) == ("failed", "program-invalid"), outcome
    assert "outside its Mixer" in outcome["message"]


def assert_prefix_only(found: dict) -> None:
    assert "language-model: the loss of an answer differs" in found["suspectLeak"]
    raw = raw_from_record(found["raw"]["language-model"])
    (task,) = [task for task in found["tasks"] if task["task"] == "language-model"]
    losses = raw.audit.prefix.losses.reshape(task["sequences"], -1).astype(float)
    assert losses.shape[1] == 128  # every position counts
    assert found["languageModelLoss"] == task["value"] == pytest.approx(losses.mean())


@pytest.mark.parametrize(
    "how",
    [pytest.param(how, marks=[] if how == "a message" else [pytest.mark.slow]) for how in cheats.TELLING],
)
def test_no_author_can_read_what_an_evaluation_worker_says_of_its_inputs(how):
    job = run_job({"source": cheats.telling(how)}, launcher=sandbox().argv)
    assert job.outcome["status"] == "failed", job.outcome
    assert job.outcome["evidence"]["worker"] == "evaluate"
    assert cheats.HELD_OUT_MARK not in job.stdout
    assert "37" not in job.outcome["message"]
    if how == "a message":
        assert job.outcome["reason"] == "crashed"
        assert "on 64 rows of the task's length" in job.outcome["message"]


def test_52_a_model_that_looks_ahead_gets_no_score():
    outcome = outcome_of(cheats.LOOK_AHEAD)
    assert (outcome["status"], outcome["reason"]) == ("failed", "leak")
    assert outcome["evidence"]["task"] == "language-model"
    assert outcome["evidence"]["gainNats"] > 10


@pytest.mark.slow
def test_53_changing_the_input_in_place_changes_no_score():
    assert result(cheats.MUTATION)["raw"] == honest()["raw"]


@pytest.mark.slow
def test_54_copying_from_other_rows_gains_nothing():
    found = result(cheats.ROW_COPYING)
    assert_prefix_only(found)
    assert found["languageModelLoss"] > 0.98 * honest()["languageModelLoss"]


@pytest.mark.slow
def test_55_memory_between_calls_gains_nothing_and_is_seen():
    found = result(cheats.MEMORY)
    assert_prefix_only(found)
    assert found["languageModelLoss"] > 0.98 * honest()["languageModelLoss"]


@pytest.mark.slow
def test_64_a_program_that_trains_on_evaluation_inputs_is_suspect_and_scored_without_the_future():
    assert_prefix_only(result(cheats.TRAINS_ON_EVALUATION_INPUTS))


@pytest.mark.slow
def test_64_a_program_that_sleeps_when_it_is_timed_has_the_scorers_clock_against_it():
    found = result(cheats.SLEEPS_WHEN_TIMED)
    assert found["raw"] == honest()["raw"]
    # Most of 60 steps of 0.05 s: a few are not timed, and the program's own work is what it is on any machine.
    assert found["workSeconds"] > 0.035 * 60
