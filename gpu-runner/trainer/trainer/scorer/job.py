"""`python -m trainer job`: one job from its specification to `finished`."""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from trainer.mixers.registry import builtin_source
from trainer.protocol.failure import Cancelled, JobFailure
from trainer.protocol.spec import MAX_SPEC_BYTES, JobSpec, parse_spec
from trainer.scorer.certify_job import run_certify_job
from trainer.scorer.device_choice import choose_device
from trainer.scorer.events import EventWriter
from trainer.scorer.job_context import JobContext
from trainer.scorer.kernel import adopt_orphans, die_with_parent
from trainer.scorer.probe_job import run_probe_job
from trainer.scorer.process_tree import seconds_since_start
from trainer.scorer.train_job import run_train_job
from trainer.scorer.worker_pool import WorkerPool, install_cancellation, prepare_worker
from trainer.scorer.worker_process import WorkerProcess
from trainer.scorer.worker_settings import WorkerSettings
from trainer.suites.registry import SUITES
from trainer.version import versions

_RUN = {"train": run_train_job, "certify": run_certify_job, "probe": run_probe_job}


def main(checkpoints: Path | None = None, prepared: WorkerSettings | None = None) -> None:
    """Reads the specification from standard input until its end, writes events, and returns once `finished` is out.

    With `checkpoints`, a train job leaves its trained models in that folder (see trainer.interchange). With `prepared`,
    a worker with these settings is started before the specification is there, and the job begins when it is; a job
    that wants other settings starts a worker of its own.
    """
    die_with_parent()
    adopt_orphans()
    started = time.monotonic() - seconds_since_start(os.getpid())
    events = EventWriter(sys.stdout.fileno())
    worker: WorkerProcess | None = None

    def cancelled_before_start(*_: object) -> None:
        if worker is not None:
            worker.kill()
        events.finished({"status": "cancelled"})
        os._exit(0)

    signal.signal(signal.SIGTERM, cancelled_before_start)
    worker = None if prepared is None else prepare_worker(prepared)
    try:
        spec = parse_spec(sys.stdin.buffer.read(MAX_SPEC_BYTES + 1), tuple(SUITES))
    except JobFailure as failure:
        if worker is not None:
            worker.kill()
        events.finished(_failed(failure))
        return
    if prepared is not None:
        started = time.monotonic()
    device = choose_device(spec.device)
    settings = WorkerSettings(spec.launcher, spec.limits.memory_bytes, device)
    pool = WorkerPool(settings, started, spec.limits.wall_seconds, worker)
    install_cancellation(pool)
    events.started(versions(), device)
    events.phase("starting")
    outcome = _outcome(
        spec, JobContext(spec, SUITES[spec.suite], _source(spec), device, events, pool, started, checkpoints)
    )
    events.finished(outcome)


def _outcome(spec: JobSpec, context: JobContext) -> dict[str, Any]:
    try:
        return {"status": "ok", "kind": spec.kind, "result": _RUN[spec.kind](context)}
    except JobFailure as failure:
        return _failed(failure)
    except Cancelled:
        return {"status": "cancelled"}
    except Exception as error:
        # A defect of the trainer must not be counted against the program, nor leave the runner without an answer.
        traceback.print_exc()
        message = f"The trainer itself failed ({type(error).__name__}: {error}); this is not the program's fault."
        return _failed(JobFailure("environment", message, {"logTail": traceback.format_exc()[-8000:]}))
    finally:
        context.pool.close()


def _failed(failure: JobFailure) -> dict[str, Any]:
    evidence = {"logTail": "", **failure.evidence}
    return {"status": "failed", "reason": failure.reason, "message": failure.message, "evidence": evidence}


def _source(spec: JobSpec) -> str:
    return spec.source if spec.source is not None else builtin_source(str(spec.builtin))
