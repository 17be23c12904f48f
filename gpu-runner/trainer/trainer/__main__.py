"""The command line: `python -m trainer job [options] | describe | source NAME | rescore`."""

from __future__ import annotations

import sys
from pathlib import Path

USAGE = (
    "usage: python -m trainer job [--checkpoints FOLDER] [--prepare WORKER_JSON] < spec.json | "
    "python -m trainer describe | python -m trainer source NAME | python -m trainer rescore < raw.json"
)


def main(arguments: list[str]) -> int:
    """Runs one command and returns the exit code."""
    if arguments[:1] == ["job"] and (options := _options(arguments[1:], ("--checkpoints", "--prepare"))) is not None:
        from trainer.scorer.job import main as run_job
        from trainer.scorer.worker_settings import parse_worker_settings

        checkpoints, prepare = options
        run_job(
            None if checkpoints is None else Path(checkpoints),
            None if prepare is None else parse_worker_settings(prepare),
        )
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


def _options(arguments: list[str], names: tuple[str, ...]) -> list[str | None] | None:
    """The value of each option, None where it is not given; None for all when something else is there."""
    given = dict(zip(arguments[::2], arguments[1::2], strict=False))
    if 2 * len(given) != len(arguments) or not set(given) <= set(names):
        return None
    return [given.get(name) for name in names]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
