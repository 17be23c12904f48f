"""What no program can have is a verdict on the worker that claims it, whatever it claims it of."""

import math
from types import SimpleNamespace

import pytest

from tests.conformance.catalogue import sends
from tests.jobs.run_job import run_job
from trainer.protocol.failure import JobFailure
from trainer.protocol.frames import Frame, FrameDecoder, encode_frame
from trainer.scorer.checked import Conversation
from trainer.scorer.efficiency_claims import efficiency_claims
from trainer.scorer.training import follow_training
from trainer.suites.registry import SUITES

HONEST = {"type": "done", "acceleratorPeakBytes": 0, "flopsPerToken": 26112.0, "stateSize": 2048}


def conversation(*frames: dict) -> Conversation:
    """With a train worker that has sent these frames."""
    waiting = [frame for header in frames for frame in FrameDecoder().feed(encode_frame(header))]
    worker = SimpleNamespace(
        role="train",
        knows_held_out_data=False,
        log=SimpleNamespace(text=lambda _: ""),
        measure=lambda: SimpleNamespace(cpu_seconds=0.0, peak_bytes=0),
    )
    return Conversation(SimpleNamespace(receive=lambda _: waiting.pop(0)), worker, SimpleNamespace())


def claims(device: str = "cpu", **changed: object):
    (frame,) = FrameDecoder().feed(encode_frame({**HONEST, **changed}))
    assert isinstance(frame, Frame)
    return efficiency_claims(conversation(), frame, device, 4 << 30)


@pytest.mark.parametrize(
    "changed",
    [
        {"flopsPerToken": -5.0},
        {"flopsPerToken": 1e300},
        {"flopsPerToken": math.inf},
        {"flopsPerToken": None},
        {"stateSize": -1},
        {"stateSize": 2**53 - 1},
        {"stateSize": 2.5},
        {"acceleratorPeakBytes": 1},
        {"acceleratorPeakBytes": 1e300},
        {"acceleratorPeakBytes": -1, "device": "cuda"},
        {"acceleratorPeakBytes": 1 << 50, "device": "cuda"},
    ],
)
def test_a_figure_that_no_program_has_is_no_fact_but_a_broken_protocol(changed):
    with pytest.raises(JobFailure, match="The train worker broke the protocol") as caught:
        claims(**changed)
    assert caught.value.reason == "bad-frame"


def test_figures_that_are_possible_are_passed_on():
    assert claims().flops_per_token == 26112.0
    assert claims(flopsPerToken=0.0, stateSize=None).state_size is None
    assert claims("cuda", acceleratorPeakBytes=100 << 30).accelerator_peak_bytes == 100 << 30


@pytest.mark.parametrize("suite", ["cpu-quick", "cpu-full"])
@pytest.mark.parametrize("changed", [{"loss": -5.0}, {"loss": "-Infinity"}, {"gradientNorm": -1e308}])
def test_a_loss_below_zero_is_impossible_in_every_suite_with_a_reference_or_without(suite, changed):
    plan = SUITES[suite].plans[0]
    step = round(plan.steps / 20)
    values = {"loss": 1.0, "gradientNorm": 1.0, "learningRate": 0.01, **changed}
    worker = conversation(
        {"type": "task", "task": plan.task.name},
        {"type": "metric", "task": plan.task.name, "step": step, "values": values},
    )
    events = SimpleNamespace(phase=lambda *_: None, metric=lambda *_: pytest.fail("it is passed on"))
    watch = SimpleNamespace(begin=lambda _: None, explained=lambda _, failure: failure)
    with pytest.raises(JobFailure, match="outside of what is possible") as caught:
        follow_training(worker, SUITES[suite], events, watch, lambda: None)
    assert caught.value.reason == "bad-frame"


def test_a_job_with_forged_figures_fails_as_the_fault_of_its_worker_and_not_of_the_trainer():
    outcome = run_job(sends("done", "header['acceleratorPeakBytes'] = 10**300")).outcome
    assert outcome["reason"] == "bad-frame", outcome
    assert "The train worker broke the protocol" in outcome["message"]
