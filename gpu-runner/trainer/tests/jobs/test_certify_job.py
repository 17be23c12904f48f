"""Certificates come from a worker too, and what it reports is checked before it is passed on."""

import math

import pytest

from tests.jobs.misbehaving_programs import program
from tests.jobs.run_job import run_job
from trainer.version import trainer_version


def test_delta_net_passes_and_the_certificate_has_every_field():
    run = run_job({"builtin": "delta-net"}, kind="certify", parameterBudget=1.05)
    assert run.outcome["status"] == "ok", run.outcome
    assert run.outcome["kind"] == "certify"
    certificate = run.outcome["result"]
    assert certificate["verdict"] == "pass", certificate["findings"]
    assert certificate["parameters"] == certificate["referenceParameters"] == 17312
    assert certificate["trainerVersion"] == trainer_version()
    assert certificate["cpuSeconds"] > 0
    assert all(math.isfinite(number) for segment in certificate["fingerprint"] for number in segment)
    assert [event["phase"] for event in run.of_type("phase")] == ["starting", "certifying", "reporting"]


@pytest.mark.slow
def test_a_program_that_looks_ahead_fails_with_a_finding_not_with_a_failed_job():
    run = run_job(program(forward="y = y + 0.1 * torch.roll(y, -1, dims=1)"), kind="certify")
    assert run.outcome["status"] == "ok", run.outcome
    assert run.outcome["result"]["verdict"] == "fail"
    assert any("causality" in finding["test"] for finding in run.outcome["result"]["findings"])


def test_a_forged_certificate_of_another_program_is_refused():
    forge = """
    import trainer.worker.certify_role as role
    from trainer.worker.channel import Channel
    send = Channel.send
    def forged(self, header, arrays=None):
        if header["type"] == "certificate":
            header["certificate"]["programHash"] = "0" * 64
        send(self, header, arrays)
    Channel.send = forged
    """
    assert run_job(program(after=forge), kind="certify").outcome["reason"] == "bad-frame"
