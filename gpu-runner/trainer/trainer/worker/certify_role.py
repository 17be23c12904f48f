"""The certification worker: runs the legality tests on the candidate."""

from __future__ import annotations

from trainer.certificate.certify import certify
from trainer.worker.channel import Channel
from trainer.worker.setup import receive_job


def run_certification_worker(channel: Channel) -> None:
    """Speaks: hello, certificate."""
    job = receive_job(channel)
    result = certify(
        job.source,
        d_model=job.suite.d_model,
        n_heads=job.suite.n_heads,
        parameter_budget=job.parameter_budget,
    )
    channel.send({"type": "certificate", "certificate": result})
