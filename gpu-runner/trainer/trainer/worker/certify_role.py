"""The certification worker: runs the legality tests on the candidate."""

from __future__ import annotations

from trainer.certificate.certify import certify
from trainer.fingerprint.program_hash import program_hash
from trainer.protocol.frames import Frame
from trainer.suites.batch_shapes import batch_shapes
from trainer.worker.channel import Channel
from trainer.worker.setup import accept_job


def run_certification_worker(channel: Channel, frame: Frame) -> None:
    """Speaks: hello, program-hash, certificate.

    The hash is sent before the candidate is loaded, so that a candidate cannot pass itself off as another program.
    """
    job = accept_job(channel, frame)
    channel.send({"type": "program-hash", "programHash": program_hash(job.source)})
    result = certify(
        job.source,
        d_model=job.suite.d_model,
        n_heads=job.suite.n_heads,
        parameter_budget=job.parameter_budget,
        full=job.full,
        device=job.device.type,
        shapes=batch_shapes(job.suite),
    )
    channel.send({"type": "certificate", "certificate": result})
