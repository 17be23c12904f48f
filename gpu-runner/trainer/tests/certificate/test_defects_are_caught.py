"""A leak that passes is trained, wins, and becomes the parent of the next generation."""

import pytest

from tests.certificate.defects import DEFECTS
from trainer.certificate.certify import certify

SOFT = {"gradient flow", "determinism", "state hygiene"}


def failures(certificate: dict) -> list[dict]:
    return [finding for finding in certificate["findings"] if finding["status"] == "fail"]


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", DEFECTS)
def test_a_planted_defect_is_found_by_the_right_tests_and_no_other(name: str) -> None:
    source, expected = DEFECTS[name]
    certificate = certify(source, parameter_budget=1.05)
    assert {finding["test"] for finding in failures(certificate)} == expected
    assert certificate["verdict"] == ("flagged" if expected <= SOFT else "fail")


def test_a_message_names_test_position_magnitude_and_remedy() -> None:
    source, _ = DEFECTS["mean over the whole sequence"]
    (finding,) = [f for f in failures(certify(source)) if f["test"] == "causality by values"]
    assert finding["message"].startswith("causality by values: replacing the inputs from position ")
    assert f"by {finding['measured']:.3g} of the mean size" in finding["message"]
    assert "mask scores before softmax" in finding["message"]
    assert finding["smallestInput"] == "B=2 T=2"
    assert finding["measured"] > finding["threshold"] == 1e-5


def test_a_leak_that_needs_a_long_sequence_is_reported_at_its_shortest_one() -> None:
    source, _ = DEFECTS["leak only in sequences longer than 128"]
    assert {f["smallestInput"] for f in failures(certify(source))} == {"B=2 T=129"}


def test_a_program_that_needs_another_library_is_unsupported_not_wrong() -> None:
    certificate = certify("import a_library_that_is_not_here\nclass Mixer: pass\n")
    assert certificate["verdict"] == "unsupported"
    assert "a_library_that_is_not_here" in failures(certificate)[0]["message"]


def test_without_a_budget_the_parameters_are_reported_only() -> None:
    source, _ = DEFECTS["too many parameters"]
    certificate = certify(source)
    assert certificate["verdict"] == "pass"
    assert certificate["parameterRatio"] > 1.1
