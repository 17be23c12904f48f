"""A candidate must not be recorded as too slow because the machine had other work."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from trainer.scorer.out_of_time import is_starved
from trainer.scorer.process_tree import waiting_seconds


@pytest.mark.parametrize(
    ("cpu_seconds", "waited_seconds", "starved"),
    [
        (60, 235, True),
        (290, 9, False),  # slow by itself
        (1, 2, False),  # asleep
        (590, 290, False),  # its own threads crowd each other out
        (140, 100, False),  # half asleep
    ],
)
def test_only_a_job_that_waited_for_a_processor_is_starved(
    cpu_seconds: float, waited_seconds: float, starved: bool
) -> None:
    assert is_starved(300, cpu_seconds, waited_seconds) is starved


@pytest.mark.skipif(not os.path.exists("/proc/self/schedstat"), reason="the kernel keeps no account of waiting")
def test_waiting_for_a_processor_is_seen_and_sleeping_is_none() -> None:
    one_core = {min(os.sched_getaffinity(0))}
    spin = [sys.executable, "-c", "while True: pass"]
    asleep = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    crowd = [subprocess.Popen(spin, preexec_fn=lambda: os.sched_setaffinity(0, one_core)) for _ in range(4)]
    try:
        deadline = time.monotonic() + 30
        while waiting_seconds(crowd[0].pid, exchanging=False) < 0.5:
            assert time.monotonic() < deadline, "four on one core, and none of them waits"
            time.sleep(0.05)
        assert waiting_seconds(asleep.pid, exchanging=False) == 0
    finally:
        for process in (asleep, *crowd):
            process.kill()
            process.wait()


@pytest.mark.skipif(not os.path.exists("/proc/self/schedstat"), reason="the kernel keeps no account of waiting")
def test_a_worker_that_sleeps_between_two_frames_is_not_taken_for_one_that_hangs() -> None:
    one_core = {min(os.sched_getaffinity(0))}
    spin = [sys.executable, "-c", "while True: pass"]
    # Works in short pieces, as in an evaluation: at most moments it sleeps.
    pieces = "import time\nwhile True:\n    sum(range(30_000)); time.sleep(0.02)"
    worker = subprocess.Popen([sys.executable, "-c", pieces], preexec_fn=lambda: os.sched_setaffinity(0, one_core))
    crowd = [subprocess.Popen(spin, preexec_fn=lambda: os.sched_setaffinity(0, one_core)) for _ in range(4)]
    try:
        deadline = time.monotonic() + 30
        while waiting_seconds(worker.pid, exchanging=True) < 0.5:
            assert time.monotonic() < deadline, "beside four others on one core it waits for no processor"
            time.sleep(0.05)
    finally:
        for process in (worker, *crowd):
            process.kill()
            process.wait()


@pytest.mark.skipif(not os.path.exists("/proc/self/schedstat"), reason="the kernel keeps no account of waiting")
def test_a_fork_bomb_on_a_busy_machine_waits_for_itself() -> None:
    one_core = {min(os.sched_getaffinity(0))}
    crowd = 4 * len(os.sched_getaffinity(0))
    bomb = f"import os\nfor _ in range({crowd}):\n    if os.fork() == 0:\n        break\nwhile True: pass"
    parent = subprocess.Popen([sys.executable, "-c", bomb], preexec_fn=lambda: os.sched_setaffinity(0, one_core))
    try:
        deadline = time.monotonic() + 30
        while schedstat_waited(parent.pid) < 0.5 or len(children(parent.pid)) < crowd:
            assert time.monotonic() < deadline, "it does not wait for its children"
            time.sleep(0.05)
        for exchanging in (False, True):
            assert waiting_seconds(parent.pid, exchanging) == 0
    finally:
        for pid in children(parent.pid):
            os.kill(pid, signal.SIGKILL)
        parent.kill()
        parent.wait()


def schedstat_waited(pid: int) -> float:
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
