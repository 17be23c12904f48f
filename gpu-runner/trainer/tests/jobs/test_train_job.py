"""A whole train job with a real DeltaNet: what it reports, that it repeats, and what it tells the untrusted side."""

import json
import math

import pytest

from tests.certificate.corpus.program import program
from tests.jobs.run_job import run_job
from trainer.protocol.frames import FrameDecoder
from trainer.scorer.raw_record import raw_from_record
from trainer.scorer.rescore import rescore
from trainer.scorer.score import summarise
from trainer.suites.registry import SUITES
from trainer.suites.streams import held_out_stream

SUITE = SUITES["cpu-smoke"]
EVALUATION_SEED = "held-out-7f3a"

pytestmark = pytest.mark.xdist_group("train job")  # they share a job


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A job whose launcher copies everything that each worker is told into a file."""
    folder = tmp_path_factory.mktemp("told")
    launcher = ["sh", "-c", f'tee {folder}/$$ | "$@"', "tee-launcher"]
    run = run_job({"builtin": "delta-net"}, launcher=launcher)
    return run, [path.read_bytes() for path in sorted(folder.iterdir())]


def test_a_job_ends_with_every_number_of_the_contract(recorded):
    run, _ = recorded
    assert run.exit_code == 0
    assert run.outcome["status"] == "ok", run.outcome
    result = run.outcome["result"]
    assert [task["task"] for task in result["tasks"]] == [plan.task.name for plan in SUITE.plans]
    assert result["parameters"]["mixer"] == 17312
    assert result["flopsPerToken"] > 0
    assert result["stateSize"] in (None, 64 * 32 + 3 * 64)  # None where a second of CPU time is not enough
    assert result["trainTokensPerSecond"] > 0
    assert result["inferenceTokensPerSecond"] > result["trainTokensPerSecond"]
    assert result["neighbourCores"] >= 0
    assert result["suspectLeak"] == ""
    assert result["peakMemoryBytes"] > 50 << 20
    assert result["startUpSeconds"] > 0
    assert result["workSeconds"] > 0
    assert result["seed"] == 1
    assert result["suite"] == "cpu-smoke"


def test_every_score_is_a_function_of_the_raw_arrays(recorded):
    result = recorded[0].outcome["result"]
    for task in result["tasks"]:
        raw = result["raw"][task["task"]]
        score = raw_from_record(raw)
        again = summarise(score, task["metric"])
        assert (again.value, again.loss, again.standard_error) == (task["value"], task["loss"], task["standardError"])
        assert score.sha256() == task["rawSha256"]
        assert score.negative_log_likelihood.tolist() == raw["negativeLogLikelihood"]
        assert len(raw["accuracy"]) == task["sequences"] == SUITE.plan(task["task"]).held_out_sequences
        assert len(score.losses) == score.answers.sum()
    metrics = {task["task"]: task["metric"] for task in result["tasks"]}
    stored = rescore(json.dumps({"metrics": metrics, "raw": result["raw"]}).encode())
    for name in ("battery", "languageModelLoss", "suspectLeak"):
        assert stored[name] == result[name]
    for again, task in zip(stored["tasks"], result["tasks"], strict=True):
        assert {name: task[name] for name in again} == again
    accuracies = [task["value"] for task in result["tasks"] if task["metric"] == "accuracy"]
    assert result["battery"] == pytest.approx(sum(accuracies) / len(accuracies))
    assert result["languageModelLoss"] == result["tasks"][-1]["value"]


def test_events_tell_phases_in_order_and_metrics_up_to_the_last_step(recorded):
    run, _ = recorded
    assert run.events[0]["type"] == "started"
    names = [plan.task.name for plan in SUITE.plans]
    phases = [(event["phase"], event["task"]) for event in run.of_type("phase")]
    audited = {plan.task.name for plan in SUITE.plans if plan.task.inputs_reveal_answers}
    evaluated = sorted(names, key=lambda name: name in audited)  # while the second worker starts up
    expected = [*(("training", name) for name in names), *(("evaluating", name) for name in evaluated)]
    assert phases == [("starting", None), *expected, ("reporting", None)]
    for plan in SUITE.plans:
        steps = [event["step"] for event in run.of_type("metric") if event["task"] == plan.task.name]
        assert steps == sorted(set(steps))
        assert steps[-1] == plan.steps
        assert run.outcome["result"]["curves"][plan.task.name][-1][0] == plan.steps
    shares = [event["share"] for event in run.of_type("metric")]
    assert shares == sorted(shares)
    assert 0 < shares[0] < 0.2
    assert shares[-1] == 1


def test_neither_labels_nor_the_evaluation_seed_reach_a_worker(recorded):
    _, told = recorded
    assert len(told) == 3  # one trains, two evaluate
    kinds = set()
    for stream in told:
        assert EVALUATION_SEED.encode() not in stream
        for frame in FrameDecoder().feed(stream):
            kinds.add(frame.type)
            if frame.type == "batch":
                assert set(frame.arrays()) == {"inputs", "positions"}
            elif frame.type == "job":
                assert set(frame.header) == {
                    "type",
                    "role",
                    "suite",
                    "seed",
                    "device",
                    "source",
                    "parameterBudget",
                    "full",
                    "probe",
                }
    assert kinds == {"job", "weights", "batch"}
    for plan in SUITE.plans:
        if not plan.task.inputs_reveal_answers and plan.task.name != "parity":
            batch = held_out_stream(plan.task, EVALUATION_SEED)(plan.held_out_sequences)
            assert batch.inputs.tobytes() in b"".join(told)
            assert batch.targets.tobytes() not in b"".join(told)


def test_the_same_specification_gives_bitwise_the_same_scores(recorded):
    first = recorded[0].outcome["result"]
    second = run_job({"builtin": "delta-net"}).outcome["result"]
    assert first["raw"] == second["raw"]
    assert first["curves"] == second["curves"]
    assert all(math.isfinite(loss) for curve in first["curves"].values() for _, loss in curve)


def test_a_line_that_sets_torchs_default_dtype_changes_no_score_and_a_lucky_draw_is_told():
    lucky = program(constructor="torch.manual_seed(7)\nnn.init.xavier_uniform_(self.q.weight)")
    plain, wide = (run_job({"source": lucky + end}) for end in ("", "\n\ntorch.set_default_dtype(torch.float64)\n"))
    tasks = [[task["rawSha256"] for task in run.outcome["result"]["tasks"]] for run in (plain, wide)]
    assert tasks[0] == tasks[1]
    assert any("do not seed it" in event["text"] for event in plain.of_type("log"))
