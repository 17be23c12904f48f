"""Conformance programs 2-9, 19-35, 50, 51, 56 and 57: the right reason, never a score, nothing left."""

import os
import time
from pathlib import Path

import pytest

from tests.conformance.catalogue import ENDS, FRAMES, Conformance
from tests.conformance.sandbox import sandbox
from tests.jobs.run_job import run_job

CASES = [
    pytest.param(case, id=f"{case.number} {case.name}", marks=[] if case.default else [pytest.mark.slow])
    for case in (*ENDS, *FRAMES)
]


MARK = f"ASI_CONFORMANCE={os.getpid()}"  # tests that run at the same time have workers of their own


def workers() -> set[int]:
    """Living processes that run a worker of these tests."""
    found = set()
    for name in os.listdir("/proc"):
        try:
            command = Path(f"/proc/{name}/cmdline").read_bytes() if name.isdigit() else b""
            environment = Path(f"/proc/{name}/environ").read_bytes() if b"trainer.worker" in command else b""
        except OSError:
            continue
        if MARK.encode() in environment.split(b"\0") or MARK.encode() in command.split(b"\0"):
            found.add(int(name))
    return found


def marked_launcher() -> list[str]:
    """The real launcher, marked so that what it leaves behind is told from the workers of others."""
    return ["/usr/bin/env", MARK, *sandbox().argv]


@pytest.mark.parametrize("case", CASES)
def test_the_job_ends_with_the_reason_and_leaves_nothing(case: Conformance):
    if case.number in (19,) and sandbox().tier < 1:
        pytest.skip("without isolation nothing bounds a fork bomb")
    changes = {} if case.limits is None else {"limits": case.limits}
    outcome = run_job(case.program, launcher=marked_launcher(), **changes).outcome
    assert outcome["status"] == "failed", outcome
    assert outcome["reason"] in case.reasons, outcome
    assert case.says in outcome["message"] + outcome["evidence"]["logTail"]
    give_up = time.monotonic() + 10
    while workers() and time.monotonic() < give_up:
        time.sleep(0.1)
    assert not workers()
    assert not Path("/tmp/asi-conformance-pickle").exists()
