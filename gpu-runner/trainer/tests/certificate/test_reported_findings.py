"""What is no defect must be told, and told apart from a leak: masks, schedules, auxiliary outputs, decoding."""

import math

import pytest

from tests.certificate.corpus.legal import LEGAL
from tests.certificate.corpus.program import program
from trainer.certificate.certify import certify


def finding(certificate: dict, test: str) -> dict:
    (found,) = [f for f in certificate["findings"] if f["test"] == test]
    return found


def masked(after: str) -> str:
    lines = "if attention_mask is not None:\n" + "\n".join(f"    {line}" for line in after.splitlines())
    return program(after=lines).replace("def forward(self, x):", "def forward(self, x, attention_mask=None):")


def test_rows_that_mix_under_a_mask_are_reported_and_no_part_of_the_verdict() -> None:
    # one sequence of all rows, as published programs make it
    packed = masked("m = attention_mask.bool()\ny = torch.zeros_like(o)\ny[m] = v[m].cumsum(0)\no = o + y")
    certificate = certify(packed)
    report = finding(certificate, "padding mask")
    assert certificate["verdict"] == "pass"
    assert report["kind"] == report["status"] == "reported"
    assert report["measured"] > report["threshold"]
    assert "rows mix" in report["message"]


@pytest.mark.slow
def test_a_mask_that_is_respected_is_reported_as_such() -> None:
    right = masked("m = attention_mask[..., None]\no = q * (m * k * v).cumsum(1) / ((m * k).cumsum(1) + 1e-6)")
    assert "padded rows equal unpadded ones" in finding(certify(right), "padding mask")["message"]


def test_constant_memory_is_promised_of_no_program_that_looks_ahead() -> None:
    promise = "can be decoded in constant memory"
    assert promise in finding(certify("linear-attention"), "state size")["message"]
    report = finding(certify(program("o = o + torch.roll(v, -1, 1)")), "state size")
    assert promise not in report["message"]


def test_a_state_that_was_not_told_is_no_state_of_zero_numbers() -> None:
    report = finding(certify("softmax-attention"), "state size")
    assert "not told" in report["message"]
    assert math.isnan(report["measured"])


def test_a_mixer_that_insists_on_knowing_its_layer_is_measured_as_any_other() -> None:
    insisting = program().replace("layer_idx=0, n_layers=1", "layer_idx, n_layers")
    asked, usual = certify(insisting), certify(program())
    figures = ("verdict", "stateSize", "flopsPerToken", "parameters")
    assert [asked[name] for name in figures] == [usual[name] for name in figures]
    assert usual["stateSize"] is not None
    assert usual["flopsPerToken"] > 0


def test_a_schedule_that_training_advances_is_no_leak() -> None:
    certificate = certify(LEGAL["step counter with a schedule, in training only"])
    assert certificate["verdict"] == "pass"
    report = finding(certificate, "schedules")
    assert "self.step" in report["message"]
    assert report["measured"] > 0
    assert finding(certificate, "train/eval")["measured"] > 1e-5


def test_a_look_at_the_future_that_opens_with_calls_says_after_how_many_and_where() -> None:
    counter = 'self.register_buffer("n", torch.zeros(()))'
    opens = "self.n += self.training\no = o + (self.n > 10) * v.roll(-1, 1)"
    report = finding(certify(program(opens, constructor=counter)), "schedules")
    assert report["status"] == "fail"
    assert "after 20 of them, replacing the inputs from position" in report["message"]
    assert "Output t may use x[:, :t+1] only" in report["message"]
    assert report["smallestInput"].endswith("after 20 calls in training mode")


@pytest.mark.parametrize("persistent", [True, False])
def test_what_training_leaves_where_no_evaluation_sees_it_is_told_before_it_is_trained(persistent: bool) -> None:
    source = program(
        constructor=f'self.register_buffer("gain", torch.zeros(()), persistent={persistent})',
        after="if self.training:\n    self.gain += 0.1\no = (k * v).cumsum(1) * self.gain",
    )
    certificate = certify(source)
    report = finding(certificate, "schedules")
    assert report["status"] == ("reported" if persistent else "fail")
    assert ("self.gain is lost before scoring" in report["message"]) is not persistent
    if not persistent:
        assert certificate["verdict"] == "flagged"


def test_an_auxiliary_loss_over_the_whole_sequence_is_no_leak() -> None:
    certificate = certify(LEGAL["auxiliary loss"])
    assert certificate["verdict"] == "pass"
    assert finding(certificate, "auxiliary outputs")["threshold"] == 0.1


def test_decoding_with_the_programs_own_state_is_compared_with_the_parallel_form() -> None:
    streaming = program(
        after="n, z = (0, 0) if state is None else state\ns, c = n + (k * v).cumsum(1), z + k.cumsum(1)\n"
        "o = q * s / (c + 1e-6)",
        result='(self.out(o), {"state": (s[:, -1:], c[:, -1:])})',
    ).replace("def forward(self, x):", "def forward(self, x, state=None):")
    right = finding(certify(streaming), "decode consistency")
    assert right["measured"] <= right["threshold"]
    assert "a state of 128" in right["message"]
    forgets = streaming.replace('"state": (s', '"state": (0 * s')
    assert finding(certify(forgets), "decode consistency")["measured"] > 0.01


@pytest.mark.slow
def test_the_full_certificate_compiles_and_extrapolates() -> None:
    certificate = certify("delta-net", full=True)
    assert certificate["verdict"] == "pass"
    assert finding(certificate, "compile")["status"] == "pass"
    assert "at T=144" in finding(certificate, "length extrapolation")["message"]


@pytest.mark.slow
def test_a_break_of_the_graph_is_listed() -> None:
    certificate = certify(program("if float(v.mean()) > 1e9:\n    o = o + 1"), full=True)
    report = finding(certificate, "compile")
    assert (report["kind"], report["status"]) == ("soft", "fail")
    assert certificate["verdict"] == "flagged"
