"""The oldest Python that is promised (`requires-python`) has what the code asks for, whatever Python runs the tests."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

TRAINER = Path(__file__).resolve().parents[1]
REPOSITORY = TRAINER.parents[1]
PLACES = [TRAINER, REPOSITORY / "gpu-runner/src", REPOSITORY / "agents"]


def promised() -> str:
    match = re.search(r'requires-python = ">=(\d\.\d+)"', (TRAINER / "pyproject.toml").read_text())
    assert match
    return match[1]


def too_new(*paths: Path) -> list[str]:
    """What in these files needs a newer Python, as `file:line: what`."""
    command = [
        Path(sys.executable).parent / "vermin",
        "--no-tips",
        "--violations",
        f"-t={promised()}-",
        "--format",
        "parsable",
    ]
    run = subprocess.run([*command, *map(str, paths)], capture_output=True, text=True, check=False)
    assert run.stderr == ""
    found = []
    for line in run.stdout.splitlines():
        file, number, _, _, *what = line.split(":")
        if number and what:
            found.append(f"{file}:{number}: {':'.join(what)}")
    assert found or run.returncode == 0, run.stdout
    return found


def test_the_code_asks_for_nothing_that_the_promised_python_lacks() -> None:
    assert all(place.is_dir() for place in PLACES)
    assert too_new(*PLACES) == []


@pytest.mark.parametrize(
    "newer",
    [
        "import tomllib\n",
        "from typing import Self\n",
        "from datetime import UTC\n",
        "try:\n    pass\nexcept* ValueError:\n    pass\n",
    ],
)
def test_something_newer_would_not_go_unnoticed(newer: str, tmp_path: Path) -> None:
    file = tmp_path / "newer.py"
    file.write_text(newer)
    assert len(too_new(file)) == 1
