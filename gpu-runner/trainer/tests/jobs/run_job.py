"""Runs real jobs as the runner does: one process, a specification on standard input, events on standard output."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
MEMORY = 6 << 30


@dataclass(frozen=True)
class JobRun:
    """What a job left behind."""

    exit_code: int
    events: list[dict]
    stdout: str
    stderr: str

    @property
    def outcome(self) -> dict:
        assert self.events, self.stderr
        assert self.events[-1]["type"] == "finished", self.stdout[-2000:] + self.stderr[-2000:]
        return self.events[-1]["outcome"]

    def of_type(self, name: str) -> list[dict]:
        return [event for event in self.events if event["type"] == name]


def spec(program: dict, **changes) -> dict:
    return {
        "jobId": "job-1",
        "kind": "train",
        "program": program,
        "suite": "cpu-smoke",
        "seed": 1,
        "evaluationSeed": "held-out-7f3a",
        "device": "cpu",
        "launcher": [],
        "limits": {"wallSeconds": 180, "memoryBytes": MEMORY},
        "parameterBudget": None,
        **changes,
    }


def start_waiting(*options: str) -> subprocess.Popen:
    """A job process that waits for its specification."""
    return subprocess.Popen(
        [sys.executable, "-m", "trainer", "job", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    )


def start_job(text: str) -> subprocess.Popen:
    return tell(start_waiting(), text)


def tell(process: subprocess.Popen, text: str) -> subprocess.Popen:
    """Gives a waiting job process its specification."""
    process.stdin.write(text)
    process.stdin.close()
    process.stdin = None
    return process


def finish(process: subprocess.Popen) -> JobRun:
    stdout, stderr = process.communicate(timeout=240)
    return JobRun(process.returncode, [json.loads(line) for line in stdout.splitlines()], stdout, stderr)


def run_job(program: dict, **changes) -> JobRun:
    return finish(start_job(json.dumps(spec(program, **changes))))
