"""Probes show an engineer what its candidate does, and never more than that."""

import re

import pytest

from tests.jobs.misbehaving_programs import program
from tests.jobs.run_job import run_job


def probe(candidate: dict, asked: dict, **changes) -> dict:
    return run_job(candidate, kind="probe", probe=asked, **changes).outcome


def result(candidate: dict, asked: dict) -> dict:
    outcome = probe(candidate, asked)
    assert outcome["status"] == "ok", outcome
    assert outcome["kind"] == "probe"
    return outcome["result"]


def test_a_snippet_sees_the_candidate_at_the_sizes_of_the_suite():
    found = result(
        {"builtin": "delta-net"},
        {
            "snippet": "print(isinstance(mixer, Mixer), d_model, n_heads)\n"
            "print(mixer(torch.zeros(2, 5, d_model)).shape)"
        },
    )
    assert found["stdout"] == "True 64 2\ntorch.Size([2, 5, 64])\n"
    assert found["exit"] == 0
    assert 0 < found["seconds"] < 60


def test_what_a_snippet_raises_is_its_answer_with_the_lines_of_both_files():
    found = result(
        program(forward="y = y @ torch.zeros(3, 3)"),
        {"snippet": "print('before')\nmixer(torch.zeros(1, 4, d_model))"},
    )
    assert (found["exit"], found["stdout"]) == (1, "before\n")
    assert "mixer(torch.zeros(1, 4, d_model))" in found["stderr"]
    assert "y = y @ torch.zeros(3, 3)" in found["stderr"]


def test_a_flood_of_output_is_cut_and_says_so():
    found = result(
        {"builtin": "delta-net"}, {"snippet": "while n_heads < 200_000:\n    n_heads += 1\n    print('x' * 50)"}
    )
    assert len(found["stdout"]) <= 16 << 10
    assert "cut" in found["stdout"].splitlines()[-1]


@pytest.mark.slow
def test_a_probe_that_hangs_ends_at_its_limit_and_keeps_what_it_printed():
    outcome = probe(
        {"builtin": "delta-net"},
        {"snippet": "print('so far')\nwhile True: pass"},
        limits={"wallSeconds": 40, "memoryBytes": 3 << 30},
    )
    assert outcome["reason"] == "timeout"
    assert outcome["evidence"]["stdout"] == "so far\n"


def test_a_probe_that_leaves_is_a_failure_and_no_result():
    assert probe({"builtin": "delta-net"}, {"snippet": "import os\nos._exit(0)"})["reason"] == "worker-died"


def test_a_candidate_that_cannot_be_built_is_told_as_such():
    outcome = probe(program(construct="raise ValueError('no such gate')"), {"name": "shapes"})
    assert outcome["reason"] == "program-invalid"
    assert "no such gate" in outcome["message"]


def test_shapes_finds_the_length_at_which_a_candidate_breaks():
    found = result(program(forward="assert x.shape[1] % 64 == 0, 'length'"), {"name": "shapes"})
    lines = found["stdout"].splitlines()
    assert "[3, 64, 64] -> [3, 64, 64] float32, finite" in lines[3]
    assert [line for line in lines if "AssertionError: length" in line and line.startswith("[1, 65")]
    assert found["exit"] == 0


def test_steps_shows_losses_and_goes_on_behind_a_task_that_fails():
    fragile = program(forward="assert x.shape[1] != 32, 'thirty-two'")
    lines = result(fragile, {"name": "steps"})["stdout"].splitlines()
    assert next(line for line in lines if line.startswith("parity")).startswith(
        "parity failed, crashed: AssertionError: thirty-two"
    )
    assert len([line for line in lines if line.startswith("language-model step")]) == 4
    # The words that the engineer reads; see trainer/worker/probes/steps.py.
    told = re.compile(r"\S+ step [1-4] of 6: loss \d+\.\d{4} nats, gradient norm \S+, \d+\.\d{3} s")
    assert all(told.fullmatch(line) for line in lines if " step " in line)


def test_profile_names_the_operator_that_costs_most():
    slow = program(forward="for _ in range(30): y = torch.cumsum(y, 1) * 0.5")
    lines = result(slow, {"name": "profile"})["stdout"].splitlines()
    assert lines[1].startswith("operator")
    assert any("cumsum" in line for line in lines[2:6]), lines


@pytest.mark.slow
def test_a_forged_number_of_frames_does_not_keep_the_scorer_busy_for_ever():
    snippet = """
import sys
write = sys.stdout._channel.send
while True:
    write({"type": "printed", "text": ""})
"""
    assert probe({"builtin": "delta-net"}, {"snippet": snippet})["reason"] == "bad-frame"
