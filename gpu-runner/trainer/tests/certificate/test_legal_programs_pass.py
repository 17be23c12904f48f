"""A false alarm throws away a good idea, and teaches the researcher to avoid what was never wrong."""

import json

import pytest

from tests.certificate.legal import LEGAL
from trainer.certificate.certify import certify
from trainer.mixers.registry import BUILTIN_NAMES, builtin_source


@pytest.mark.parametrize("name", LEGAL)
def test_a_legal_program_raises_no_alarm(name: str) -> None:
    certificate = certify(LEGAL[name])
    assert [f["message"] for f in certificate["findings"] if f["status"] == "fail"] == []
    assert certificate["verdict"] == "pass"


@pytest.mark.parametrize("name", [n for n in BUILTIN_NAMES if n != "softmax-attention"])
@pytest.mark.parametrize(("d_model", "n_heads"), [(64, 2), (32, 4)])
def test_a_linear_builtin_passes(name: str, d_model: int, n_heads: int) -> None:
    certificate = certify(name, d_model, n_heads, parameter_budget=1.5)
    assert [f["message"] for f in certificate["findings"] if f["status"] == "fail"] == []
    assert certificate["flopExponent"] < 1.05


def test_softmax_attention_fails_as_quadratic_and_in_nothing_else() -> None:
    certificate = certify("softmax-attention")
    failed = {f["test"] for f in certificate["findings"] if f["status"] == "fail"}
    assert failed == {"FLOP exponent", "element exponent", "peak tensor exponent"}
    assert certificate["flopExponent"] > 1.8


def test_source_text_and_name_of_a_builtin_get_the_same_certificate() -> None:
    by_name, by_text = certify("delta-net"), certify(builtin_source("delta-net"))
    for certificate in (by_name, by_text):
        del certificate["cpuSeconds"]
    assert by_name == by_text
    assert json.loads(json.dumps(by_name, allow_nan=False)) == by_name


def test_certifying_leaves_dropout_as_it_was() -> None:
    from torch.nn import functional

    before = functional.dropout
    certify(LEGAL["dropout by module and by function"])
    assert functional.dropout is before
