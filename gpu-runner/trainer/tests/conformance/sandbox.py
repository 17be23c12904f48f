"""The launcher that the runner would use on this machine, as its doctor proves it."""

import functools
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[4]
# Far from the slots of a runner that works on the same machine: limits on processes count per user.
SLOT = 180


@dataclass(frozen=True)
class Sandbox:
    """`argv` is empty on tier 0."""

    tier: int
    recipe: str
    note: str
    argv: list[str]


@functools.cache
def sandbox() -> Sandbox:
    """Asks the doctor, once. Tier 0 with a note where there is no Node to ask with."""
    node = REPOSITORY / "node_modules/.bin/node"
    program = str(node) if node.exists() else shutil.which("node")
    if program is None:
        return Sandbox(0, "none", "no Node, so the doctor cannot be asked", [])
    environment = {**os.environ, "ASI_PYTHON": os.environ.get("ASI_PYTHON", os.sys.executable)}
    environment.pop("PYTHONPATH", None)
    script = REPOSITORY / "gpu-runner/src/doctor/print-launcher.ts"
    run = subprocess.run([program, str(script), str(SLOT)], capture_output=True, text=True, env=environment)
    if run.returncode != 0:
        return Sandbox(0, "none", f"the doctor failed: {run.stderr[-500:]}", [])
    found = json.loads(run.stdout)
    return Sandbox(found["tier"], found["recipe"], found["note"], found["argv"])
