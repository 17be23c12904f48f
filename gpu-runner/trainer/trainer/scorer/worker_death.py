"""Why a worker ended before its time."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import Any

from trainer.protocol.failure import JobFailure
from trainer.scorer.worker_process import WorkerProcess

EVIDENCE_LOG_BYTES = 16 << 10
_MEMORY_SIGNS = ("MemoryError", "std::bad_alloc", "can't allocate memory", "Cannot allocate memory", "out of memory")


def log_evidence(worker: WorkerProcess) -> dict[str, Any]:
    """The end of the worker's log, for the failure's evidence; nothing of one that knows held-out data."""
    return {"logTail": "" if worker.knows_held_out_data else worker.log.text(EVIDENCE_LOG_BYTES), "worker": worker.role}


def death_failure(worker: WorkerProcess) -> JobFailure:
    """Classifies a worker whose output is closed; waits shortly for its exit and kills it if it lives on.

    SIGKILL may come from anybody, so it is no verdict on the program, which gets another try. Of a worker that knows
    held-out data nobody is told how it ended: there each end is one that may have come from outside.
    """
    worker.measure()
    code: int | None
    try:
        code = worker.process.wait(timeout=2)
    except subprocess.TimeoutExpired:
        code = None
    _drain(worker)
    evidence = log_evidence(worker)
    how = "ended" if worker.knows_held_out_data else _how(code)
    if not worker.said_hello:
        return JobFailure(
            "environment",
            f"The {worker.role} worker {how} before the program was loaded; check the launcher, Python and torch, and "
            "that memoryBytes leaves room for torch itself (about 1 GiB).",
            evidence,
        )
    if _out_of_memory(worker, code):
        return JobFailure(
            "out-of-memory",
            f"The {worker.role} worker {how} near its memory limit of {worker.settings.memory_bytes >> 20} MiB; "
            "reduce what the program allocates.",
            evidence,
        )
    if worker.knows_held_out_data or _is_killed(code):
        return JobFailure(
            "worker-killed",
            f"The {worker.role} worker {how} without a result: killed from outside (by a person, or by the kernel for "
            "want of memory on the machine), or by its program, which must not exit.",
            evidence,
        )
    return JobFailure(
        "worker-died",
        f"The {worker.role} worker {how} without a result; a program must not exit, close the trainer's pipes or crash "
        "the interpreter.",
        evidence,
    )


def _how(code: int | None) -> str:
    if code is None:
        return "closed its output"
    number = -code if code < 0 else code - 128  # a launcher reports its child's signal as 128 + number
    if code < 0 or code > 128:
        try:
            return f"was ended by {signal.Signals(number).name}"
        except ValueError:
            pass
    return f"exited with code {code}"


def _is_killed(code: int | None) -> bool:
    return code in (-signal.SIGKILL, 128 + signal.SIGKILL)


def _out_of_memory(worker: WorkerProcess, code: int | None) -> bool:
    if _is_killed(code) and worker.last_usage.peak_bytes > 0.8 * worker.settings.memory_bytes:
        return True
    return code not in (0, None) and any(sign in worker.log.text(4096) for sign in _MEMORY_SIGNS)


def _drain(worker: WorkerProcess) -> None:
    pipe = worker.process.stderr
    assert pipe is not None
    while not pipe.closed and not worker.log.flooded:
        try:
            data = os.read(pipe.fileno(), 1 << 18)
        except BlockingIOError:
            return
        if not data:
            return
        worker.log.write(data)
