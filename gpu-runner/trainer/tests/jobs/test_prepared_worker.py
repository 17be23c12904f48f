"""A worker that waits for its job: it must be the job's own first worker, and no job may be lost or judged for it."""

import json
import os
import signal
import time

import pytest

from tests.jobs.misbehaving_programs import program
from tests.jobs.run_job import MEMORY, finish, spec, start_waiting, tell
from tests.jobs.test_job_control import alive, children, wait_until


def prepared(**changes) -> tuple:
    """A job process that waits with a worker, and the worker's pid."""
    settings = {"launcher": [], "memoryBytes": MEMORY, "device": "auto", **changes}
    process = start_waiting("--prepare", json.dumps(settings))
    (worker,) = wait_until(lambda: children(process.pid))
    return process, worker


def pid_of_program(run) -> int:
    (text,) = [line for line in run.outcome["evidence"]["logTail"].splitlines() if line.startswith("I am ")]
    return int(text.split()[2])


TELLS_ITS_PID = program(forward="import os; print('I am', os.getpid(), flush=True); raise ValueError('told')")


def test_the_prepared_worker_runs_the_program():
    process, worker = prepared()
    run = finish(tell(process, json.dumps(spec(TELLS_ITS_PID))))
    assert pid_of_program(run) == worker


def test_a_whole_job_has_the_result_of_one_that_was_not_prepared():
    process, _ = prepared()
    told = json.dumps(spec({"builtin": "linear-attention"}))
    (result, other) = (finish(tell(one, told)).outcome["result"] for one in (process, start_waiting()))
    assert result["raw"] == other["raw"]
    assert result["curves"] == other["curves"]


@pytest.mark.parametrize("other", [{"memoryBytes": MEMORY // 2}, {"launcher": ["/usr/bin/env"]}])
def test_a_job_that_wants_other_settings_gets_a_worker_of_its_own(other):
    process, worker = prepared(**other)
    run = finish(tell(process, json.dumps(spec(TELLS_ITS_PID))))
    assert pid_of_program(run) != worker
    assert not alive(worker)


def test_a_prepared_worker_that_died_costs_the_program_nothing():
    process, worker = prepared()
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: not alive(worker))
    run = finish(tell(process, json.dumps(spec(TELLS_ITS_PID))))
    assert run.outcome["reason"] == "crashed"
    assert pid_of_program(run) != worker


def test_a_launcher_that_cannot_prepare_leaves_the_job_to_say_so():
    process = start_waiting("--prepare", json.dumps({"launcher": ["/nowhere"], "memoryBytes": MEMORY, "device": "cpu"}))
    outcome = finish(tell(process, json.dumps(spec({"builtin": "delta-net"}, launcher=["/nowhere"])))).outcome
    assert outcome["reason"] == "environment"


def test_the_time_of_waiting_is_no_time_of_the_job():
    process, _ = prepared()
    time.sleep(3)
    sleeps = program(forward="time.sleep(3600)")
    limits = {"wallSeconds": 2.5, "memoryBytes": MEMORY}
    told = time.monotonic()
    outcome = finish(tell(process, json.dumps(spec(sleeps, limits=limits)))).outcome
    assert "used up its wall-clock limit" in outcome["message"]
    assert time.monotonic() - told >= 2.5, "the job was ended as if it had begun before it was told"


@pytest.mark.parametrize("how", ["terminated", "killed", "refused"])
def test_a_prepared_worker_outlives_no_job_process(how):
    process, worker = prepared()
    if how == "refused":
        assert finish(tell(process, "no specification")).outcome["reason"] == "spec-invalid"
    else:
        process.send_signal(signal.SIGTERM if how == "terminated" else signal.SIGKILL)
        process.communicate()
    wait_until(lambda: not alive(worker))
