"""A certify job: the legality tests in a worker, their report checked here."""

from __future__ import annotations

from typing import Any

from trainer.scorer.certificate_check import checked_certificate
from trainer.scorer.job_context import JobContext
from trainer.version import trainer_version


def run_certify_job(context: JobContext) -> dict[str, Any]:
    """Runs the job and returns a Certificate.

    Raises:
        JobFailure, Cancelled.
    """
    conversation = context.start("certify")
    conversation.next("hello")
    program_hash = conversation.next("program-hash").header.get("programHash")
    context.events.phase("certifying")
    frame = conversation.next("certificate")
    cpu_seconds = conversation.worker.measure().cpu_seconds
    context.pool.stop(conversation.worker)
    context.events.phase("reporting")
    certificate = checked_certificate(conversation, frame.header.get("certificate"))
    if certificate["programHash"] != program_hash:
        raise conversation.broken("its certificate is about another program")
    return {**certificate, "cpuSeconds": cpu_seconds, "trainerVersion": trainer_version()}
