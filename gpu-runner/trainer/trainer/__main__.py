"""The command line: `python -m trainer job [--checkpoints FOLDER] | describe | source NAME | rescore`."""

from __future__ import annotations

import sys
from pathlib import Path

USAGE = (
    "usage: python -m trainer job [--checkpoints FOLDER] < spec.json | python -m trainer describe | "
    "python -m trainer source NAME | python -m trainer rescore < raw.json"
)


def main(arguments: list[str]) -> int:
    """Runs one command and returns the exit code."""
    if arguments == ["job"] or (len(arguments) == 3 and arguments[:2] == ["job", "--checkpoints"]):
        from trainer.scorer.job import main as run_job

        run_job(Path(arguments[2]) if len(arguments) == 3 else None)
        return 0
    if arguments == ["describe"]:
        from trainer.describe import description
        from trainer.protocol.numbers import to_json

        sys.stdout.write(to_json(description()) + "\n")
        return 0
    if arguments == ["rescore"]:
        from trainer.protocol.numbers import to_json
        from trainer.scorer.rescore import read_rescore

        try:
            sys.stdout.write(to_json(read_rescore(sys.stdin.buffer)) + "\n")
            return 0
        except (ValueError, RecursionError) as error:
            sys.stderr.write(f"the raw values cannot be read: {error}\n")
            return 1
    if len(arguments) == 2 and arguments[0] == "source":
        from trainer.mixers.registry import BUILTIN_NAMES, builtin_source

        if arguments[1] in BUILTIN_NAMES:
            sys.stdout.write(builtin_source(arguments[1]))
            return 0
        sys.stderr.write(f"no built-in program is called {arguments[1]!r}; there are {', '.join(BUILTIN_NAMES)}\n")
        return 2
    sys.stderr.write(USAGE + "\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
