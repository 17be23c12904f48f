"""Times the certificate of the programs on standard input (JSON); see certificate.ts."""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
import warnings
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import torch
from trainer.certificate import certify as module
from trainer.certificate.subject import Subject
from trainer.mixers.registry import BUILTIN_NAMES


def main() -> None:
    """One JSON line per program: verdict, failed tests, CPU-seconds in all and of each test."""
    asked = json.load(sys.stdin)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    warnings.simplefilter("ignore")
    spent: dict[str, float] = defaultdict(float)
    run, parts = module._run, {"figures": module.measured_figures, "fingerprint": module._fingerprint}

    def timed_run(check: Any, subject: Subject, *arguments: Any, **options: Any) -> Any:
        started = time.process_time()
        try:
            return run(check, subject, *arguments, **options)
        finally:
            usual = subject.placement == (0, 1) and subject.parameters == "perturbed"
            repeated = f"repeated: layer {subject.placement[0] + 1} of {subject.placement[1]}, {subject.parameters}"
            spent[check[0] if usual else repeated] += time.process_time() - started

    def timed(part: str) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            started = time.process_time()
            try:
                return parts[part](*arguments, **options)
            finally:
                spent[part] += time.process_time() - started

        return call

    module._run, module.measured_figures, module._fingerprint = timed_run, timed("figures"), timed("fingerprint")
    module.certify("delta-net")  # what the first call of torch's operators costs is start-up
    for name in (*BUILTIN_NAMES, *asked["programs"]):
        spent.clear()
        with contextlib.redirect_stderr(io.StringIO()):
            certificate = module.certify(asked["programs"].get(name, name), full=asked["full"])
        failed = [f["test"] for f in certificate["findings"] if f["status"] == "fail"]
        line = {"name": name, "verdict": certificate["verdict"], "failed": failed, "checks": dict(spent)}
        print(json.dumps({**line, "seconds": certificate["cpuSeconds"]}), flush=True)


main()
