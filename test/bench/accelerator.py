"""Trains every built-in mixer on a CUDA device, each in processes of its own, and prints a table.

Run: `PYTHONPATH=gpu-runner/trainer python test/bench/accelerator.py [--launcher 'ARGV --'] [--at-once 12]`.
With a launcher (`node gpu-runner/src/doctor/print-launcher.ts` prints its arguments) the workers are isolated; `{slot}`
in it becomes the number of the job, so that every job has a user of its own.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from trainer.mixers.registry import BUILTIN_NAMES

GIBIBYTE = 1 << 30


def train(name: str, slot: int, launcher: list[str], suite: str) -> dict[str, object]:
    """Outcome of one job and its wall-clock seconds."""
    spec = {
        "jobId": f"job-{slot}",
        "kind": "train",
        "program": {"builtin": name},
        "suite": suite,
        "seed": 1,
        "evaluationSeed": "bench",
        "device": "cuda",
        "launcher": [part.replace("{slot}", str(slot)) for part in launcher],
        "limits": {"wallSeconds": 600, "memoryBytes": 8 * GIBIBYTE},
        "parameterBudget": None,
    }
    started = time.monotonic()
    command = [sys.executable, "-m", "trainer", "job"]
    run = subprocess.run(command, input=json.dumps(spec), capture_output=True, text=True, check=False)
    lines = run.stdout.splitlines()
    outcome = json.loads(lines[-1])["outcome"] if lines else {"status": "failed", "message": run.stderr[-300:]}
    return {"name": name, "seconds": time.monotonic() - started, "outcome": outcome}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--launcher", default="", help="argv in front of every worker")
    parser.add_argument("--at-once", type=int, default=len(BUILTIN_NAMES), help="trainings at the same time")
    parser.add_argument("--suite", default="cpu-quick", help="cpu-smoke is over in seconds")
    chosen = parser.parse_args()
    launcher = shlex.split(chosen.launcher)
    with ThreadPoolExecutor(chosen.at_once) as pool:
        slots = range(1, len(BUILTIN_NAMES) + 1)
        rows = list(pool.map(lambda job: train(*job, launcher, chosen.suite), zip(BUILTIN_NAMES, slots, strict=True)))
    failed = [row for row in rows if row["outcome"]["status"] != "ok"]
    good = [row for row in rows if row["outcome"]["status"] == "ok"]
    if good:
        names = [task["task"] for task in good[0]["outcome"]["result"]["tasks"]]
        print(f"| model | {' | '.join(names)} | seconds |\n|---|{'---:|' * (len(names) + 1)}")
        for row in good:
            values = " | ".join(f"{task['value']:.3f}" for task in row["outcome"]["result"]["tasks"])
            print(f"| {row['name']} | {values} | {row['seconds']:.0f} |")
    for row in failed:
        print(f"{row['name']} failed: {row['outcome'].get('reason')}: {row['outcome'].get('message')}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
