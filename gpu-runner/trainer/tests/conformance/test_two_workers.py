"""Two workers that could speak would agree in which of them to look ahead, and the audit would see half of it."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conformance.sandbox import sandbox
from trainer.scorer.worker_pool import WorkerPool
from trainer.scorer.worker_settings import WorkerSettings

WORKER = (Path(__file__).parent / "programs/two_workers.py").read_text()
LOCKS = ("flock", "lock of a part", "lock of a descriptor", "lease")
NOTICES = ("notice of a folder", "watch")
TIER_2 = pytest.mark.skipif(sandbox().tier < 2, reason=f"tier 2 is not proven here: {sandbox().note}")


def spoken(argv: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    """What a worker that holds locks on a file both can read was answered, and what another one finds meanwhile."""

    def start(number: int, part: str) -> subprocess.Popen[str]:
        command = [*argv, sys.executable, "-c", WORKER, part]
        environment = {**os.environ, "ASI_WORKER": str(number)}
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)

    holder, finder = start(1, "hold"), start(2, "find")
    try:
        assert holder.stdout is not None
        held = json.loads(holder.stdout.readline())
        found = json.loads(finder.communicate("the other one holds its locks\n", timeout=60)[0])
        holder.communicate("done\n", timeout=60)
    finally:
        for worker in (holder, finder):
            worker.kill()
            worker.wait()
    return held, found


def test_without_a_sandbox_one_worker_sees_what_the_other_locks() -> None:
    held, found = spoken([])
    assert held["flock"] == "worked"
    assert found["flock"] == "EAGAIN"
    assert found["watch"] == "worked"


@TIER_2
def test_neither_can_lock_nor_watch_a_file_that_both_can_read() -> None:
    held, found = spoken(sandbox().argv)
    for answers in (held, found):
        assert {name: answers[name] for name in (*LOCKS, *NOTICES)} == dict.fromkeys((*LOCKS, *NOTICES), "EPERM")
        assert answers["flags"] == "worked"


@TIER_2
@pytest.mark.skipif(os.geteuid() != 0, reason="only root has users to give")
def test_they_have_users_of_their_own_whose_limits_tell_nothing() -> None:
    held, found = spoken(sandbox().argv)
    assert held["user"] != found["user"]


def numbers_of_a_job(workers: int) -> list[int]:
    """What each of the workers of one job, which live at the same time, reads of its number."""
    tell = (sys.executable, "-c", "import os; print(os.environ['ASI_WORKER'])")
    pool = WorkerPool(WorkerSettings(tell, 1 << 30, "cpu"), time.monotonic(), 60)
    try:
        started = [pool.start("evaluate") for _ in range(workers)]
        told = []
        for worker in started:
            worker.process.wait(timeout=60)
            assert worker.process.stdout is not None
            told.append(int(worker.process.stdout.read()))
        return told
    finally:
        pool.close()


def test_every_worker_of_a_job_has_a_number_of_its_own() -> None:
    assert sorted(numbers_of_a_job(8)) == list(range(8))


def test_no_worker_can_count_from_the_number_that_the_program_was_trained_under() -> None:
    steps = {(second - first) % 8 for first, second in (numbers_of_a_job(2) for _ in range(40))}
    assert len(steps) > 2, "the second worker always comes so many numbers after the first"
