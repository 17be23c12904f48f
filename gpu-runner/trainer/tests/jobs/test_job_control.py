"""Specifications, launchers, cancellation and sudden death of a job."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.jobs.misbehaving_programs import program
from tests.jobs.run_job import finish, run_job, spec, start_job, start_waiting


def children(pid: int) -> list[int]:
    output = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout
    return [int(line) for line in output.split()]


def wait_until(condition, seconds: float = 60.0):
    """Polls; the bound only keeps a broken program from hanging the test."""
    give_up = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < give_up, "the condition never became true"
        time.sleep(0.02)
    return value


def status(pid: int) -> dict[str, str]:
    with open(f"/proc/{pid}/status") as lines:
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("text", ["", "[" * 100_000, '{"jobId": 7}'])
def test_text_that_is_no_specification_is_refused_in_one_event(text):
    run = finish(start_job(text))
    assert run.exit_code == 0
    assert run.outcome["reason"] == "spec-invalid"


@pytest.mark.parametrize("launcher", [["/nonexistent/launcher"], ["sh", "-c", "echo no namespaces >&2; exit 1"]])
def test_a_launcher_that_does_not_work_is_the_environments_fault(launcher):
    outcome = run_job({"builtin": "delta-net"}, launcher=launcher).outcome
    assert outcome["status"] == "failed"
    assert outcome["reason"] == "environment"


def test_sigterm_cancels_the_job_and_leaves_no_process():
    process = start_job(json.dumps(spec(program(forward="time.sleep(3600)"))))
    workers = wait_until(lambda: children(process.pid))
    process.send_signal(signal.SIGTERM)
    run = finish(process)
    assert run.exit_code == 0
    assert run.outcome == {"status": "cancelled"}
    assert not any(alive(pid) for pid in workers)


def test_sigterm_before_the_specification_is_complete_is_a_cancellation_too():
    process = start_waiting()
    handled = 1 << (signal.SIGTERM - 1)
    wait_until(lambda: int(status(process.pid)["SigCgt"], 16) & handled)
    process.send_signal(signal.SIGTERM)
    assert finish(process).outcome == {"status": "cancelled"}


def test_a_worker_that_somebody_killed_is_no_verdict_on_its_program(tmp_path):
    reached = tmp_path / "in forward"
    forward = f"open({str(reached)!r}, 'w').close(); time.sleep(3600)"
    process = start_job(json.dumps(spec(program(forward=forward))))
    wait_until(reached.exists)
    for pid in children(process.pid):
        os.kill(pid, signal.SIGKILL)
    outcome = finish(process).outcome
    assert outcome["reason"] == "worker-killed"
    assert "killed from outside" in outcome["message"]


def test_workers_die_with_a_killed_job():
    process = start_job(json.dumps(spec(program(forward="time.sleep(3600)"))))
    workers = wait_until(lambda: children(process.pid))
    process.kill()
    process.communicate()
    wait_until(lambda: not any(alive(pid) for pid in workers))


def test_the_trusted_side_never_imports_torch_or_a_mixer():
    code = (
        "import sys, trainer.scorer.job, trainer.describe; "
        "print(sorted(name for name in sys.modules if name.split('.')[0] == 'torch' or 'mixers.d' in name))"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ})
    assert output.stdout.strip() == "[]", output.stderr
