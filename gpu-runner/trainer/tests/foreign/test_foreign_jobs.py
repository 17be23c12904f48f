"""Foreign programs through whole jobs: what a process of its own sees is not what a test process sees."""

import math

import pytest

from tests.foreign.programs_of import RUNNABLE, foreign_source
from tests.jobs.run_job import run_job


def trains(name: str) -> None:
    outcome = run_job({"source": foreign_source(name)}).outcome
    assert outcome["status"] == "ok", outcome
    result = outcome["result"]
    assert all(math.isfinite(loss) for curve in result["curves"].values() for _, loss in curve)
    assert result["parameters"]["mixer"] > 0


def test_a_foreign_program_with_an_auxiliary_loss_trains_and_is_scored():
    trains("auxiliary_loss")


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in RUNNABLE if name != "auxiliary_loss"])
def test_every_foreign_program_trains_and_is_scored(name):
    trains(name)


MISSING = "chunk_delta_rule from fla.ops.delta_rule (line 99)"


def test_a_missing_kernel_is_unsupported_when_certified():
    certificate = run_job({"source": foreign_source("missing_kernel")}, kind="certify").outcome["result"]
    (finding,) = certificate["findings"]
    assert certificate["verdict"] == finding["status"] == "unsupported"
    assert MISSING in finding["message"]


@pytest.mark.slow
def test_a_missing_kernel_is_named_when_trained():
    trained = run_job({"source": foreign_source("missing_kernel")}).outcome
    assert (trained["status"], trained["reason"]) == ("failed", "program-invalid")
    assert MISSING in trained["message"]
