"""A probe that looks for the evaluation.

It runs code of a language model, which reads what it prints: it may see no more than a training.
"""

import os
from pathlib import Path

import pytest

from tests.conformance.sandbox import sandbox
from tests.jobs.run_job import run_job

SNIPPET = (Path(__file__).parent / "programs/probing.py").read_text()
SEED = "held-out-secret-5c1f"

pytestmark = pytest.mark.skipif(sandbox().tier < 1, reason=f"no isolation is proven here: {sandbox().note}")


def test_a_probe_finds_no_evaluation_files_and_no_held_out_seed(tmp_path):
    ledger = tmp_path / "jobs/other/spec.json"
    ledger.parent.mkdir(parents=True)
    ledger.write_text(f'{{"evaluationSeed": "{SEED}"}}')
    ledger.chmod(0o644)
    for folder in (tmp_path, ledger.parent, ledger.parent.parent):
        folder.chmod(0o755)
    assert SEED in ledger.read_text()
    # The test's own process stands for the runner's: its environment is as secret.
    places = [str(ledger), f"/proc/{os.getpid()}/environ"]
    outcome = run_job(
        {"builtin": "delta-net"},
        kind="probe",
        probe={"snippet": f"PLACES = {places!r}\n{SNIPPET}"},
        evaluationSeed=SEED,
        launcher=sandbox().argv,
    ).outcome
    assert outcome["status"] == "ok", outcome
    found = outcome["result"]
    assert found["exit"] == 0, found
    lines = found["stdout"].splitlines()
    for place in places:
        answer = next(line for line in lines if line.startswith(f"{place}: "))
        assert answer.split(": ")[1] in ("FileNotFoundError", "PermissionError", "OSError"), answer
    assert SEED not in str(outcome)
    told = [line for line in lines if "TOLD" in line]
    assert told, "the snippet has to reach the frames of its worker, or this test shows nothing"
    assert not [line for line in told if "evaluation" in line.lower()]
