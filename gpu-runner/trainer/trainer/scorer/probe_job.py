"""A probe job: what a short look at the candidate printed. Nothing of it is a measurement: it is the worker's word."""

from __future__ import annotations

import time
from typing import Any

from trainer.protocol.failure import JobFailure
from trainer.scorer.job_context import JobContext

MAX_OUTPUT_CHARACTERS = 16 << 10
_STDERR_BYTES = 8 << 10
# A print of nothing costs a frame too.
_MAX_FRAMES = 2 * MAX_OUTPUT_CHARACTERS


def run_probe_job(context: JobContext) -> dict[str, Any]:
    """Runs the job and returns a ProbeResult. A probe that is ended before its end keeps what it printed, as evidence.

    Raises:
        JobFailure, Cancelled.
    """
    conversation = context.start("probe")
    printed: list[str] = []
    left = MAX_OUTPUT_CHARACTERS
    started = time.monotonic()
    try:
        conversation.next("hello")
        context.events.phase("probing")
        started = time.monotonic()
        for _ in range(_MAX_FRAMES):
            frame = conversation.next("printed", "probed")
            if frame.type == "probed":
                break
            text = frame.header.get("text")
            if not isinstance(text, str):
                raise conversation.broken("what it printed is no text")
            text = text[:left]
            left -= len(text)
            printed.append(text)
        else:
            raise conversation.broken("it goes on printing beyond its limit")
    except JobFailure as failure:
        failure.evidence["stdout"] = "".join(printed)
        raise
    seconds = time.monotonic() - started
    log = conversation.worker.log.text(_STDERR_BYTES)
    context.pool.stop(conversation.worker)
    context.events.phase("reporting")
    return {"stdout": "".join(printed), "stderr": log, "exit": _exit(frame.header.get("exit")), "seconds": seconds}


def _exit(value: Any) -> int:
    return 0 if type(value) is int and value == 0 else 1
