"""A false alarm throws away a good idea, and teaches the researcher to avoid what was never wrong."""

import json
import os

import pytest
import torch

from tests.certificate.corpus.legal import LEGAL
from tests.certificate.corpus.program import program
from tests.certificate.test_defects_are_caught import only_slow
from trainer.certificate.certify import certify
from trainer.mixers.registry import BUILTIN_NAMES, builtin_source

LINEAR = {name: name for name in BUILTIN_NAMES if name != "softmax-attention"}
QUICK = {
    "causal convolution by zero-padded FFT",
    "dropout by module and by function",
    "noise in training",
    "noise in training of a global generator of numpy",
    "stochastic depth of one row in ten",
    "Toeplitz network by FFT",
    "weight norm of older torch",
    "output projection initialised to zero",
    "mixture of experts with a top-2 router per token",
    "layers that know their place",
    "table of the width that the constructor puts into a global",
    "table that the first layer makes for all",
    "learned filter of 512 taps per head",
    "linear attention in chunks of 256",
    "fast weights trained in forward by torch.func.grad",
    "memory of two layers with momentum by torch.func.vjp",
    "band of a sparse matrix",
    "parameters seen through views that the constructor makes",
    "weights of several heads as parameters, beside a template for torch.func",
}
# DeltaNet is certified in every run too, by a whole job: tests/jobs/test_certify_job.py.
QUICK_BUILTINS = {"gated-delta-net", "hier-gate-net"}
# Beside seed 1 of the tests above. Each costs minutes of the suite: `ASI_CERTIFICATE_SEEDS=3,4,5` tries others.
OTHER_SEEDS = [int(seed) for seed in os.environ.get("ASI_CERTIFICATE_SEEDS", "2").split(",")]


def alarms(certificate: dict) -> list[str]:
    return [finding["message"] for finding in certificate["findings"] if finding["status"] == "fail"]


@pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning")
@pytest.mark.parametrize("name", only_slow(LEGAL, QUICK))
def test_a_legal_program_raises_no_alarm(name: str) -> None:
    certificate = certify(LEGAL[name], seed=1)
    assert alarms(certificate) == []
    assert certificate["verdict"] == "pass"


@pytest.mark.parametrize("name", only_slow(LINEAR, QUICK_BUILTINS))
def test_a_linear_builtin_passes(name: str) -> None:
    certificate = certify(name, 64, 2, parameter_budget=1.5)
    assert alarms(certificate) == []
    assert certificate["flopExponent"] < 1.05


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning")
@pytest.mark.parametrize("seed", OTHER_SEEDS)
@pytest.mark.parametrize("name", [*LEGAL, *LINEAR])
def test_another_seed_raises_no_alarm(name: str, seed: int) -> None:
    assert alarms(certify(LEGAL.get(name, name), seed=seed)) == []


def test_softmax_attention_fails_as_quadratic_and_in_nothing_else() -> None:
    certificate = certify("softmax-attention")
    failed = {f["test"] for f in certificate["findings"] if f["status"] == "fail"}
    assert failed == {"FLOP exponent", "element exponent", "peak tensor exponent"}
    assert certificate["flopExponent"] > 1.8


def test_source_text_and_name_of_a_builtin_get_the_same_certificate() -> None:
    by_name, by_text = certify("linear-attention"), certify(builtin_source("linear-attention"))
    for certificate in (by_name, by_text):
        del certificate["cpuSeconds"]
    assert by_name == by_text
    assert json.loads(json.dumps(by_name, allow_nan=False)) == by_name


def test_certifying_leaves_torch_as_it_was_whatever_the_program_sets() -> None:
    certify(program("torch.set_default_dtype(torch.float64)"))
    try:
        assert torch.get_default_dtype() == torch.float32
    finally:
        torch.set_default_dtype(torch.float32)


def test_certifying_leaves_dropout_as_it_was() -> None:
    from torch.nn import functional

    before = functional.dropout
    certify("class Mixer:\n    pass\n")
    assert functional.dropout is before
