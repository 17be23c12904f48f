"""Twins are refused by what a certificate says of a program: what trains otherwise must not look the same there."""

import numpy as np
import pytest

from tests.certificate.corpus.program import program
from trainer.certificate.certify import certify

PLAIN = program()


def fingerprint(source: str) -> list[list[float]]:
    found = certify(source)["fingerprint"]
    assert isinstance(found, list)
    assert found
    return found


@pytest.mark.parametrize(
    "other",
    [
        program("o = F.dropout(o, 0.3, self.training)"),
        "from torch.nn.functional import dropout as drop\n" + program("o = drop(o, 0.3, self.training)"),
        program("o = o + 0.5 * self.training * torch.randn_like(o)"),
        program(result='self.out(o), {"aux": 0.05 * self.k(x).square().mean()}'),
    ],
    ids=["dropout", "dropout by its name", "noise", "auxiliary loss"],
)
def test_what_happens_in_training_only_is_no_rewrite(other: str) -> None:
    alike = [np.allclose(p, q, atol=1e-4) for p, q in zip(fingerprint(other), fingerprint(PLAIN), strict=True)]
    assert not all(alike)


SECOND_IS_NOTHING = program("o = o * self.gain", constructor="self.gain = 0.0 if layer_idx else 1.0")


def test_a_program_that_is_another_one_in_the_second_layer_is_no_twin_of_one_that_is_not() -> None:
    """The language model of cpu-full has two layers."""
    plain, other = fingerprint(PLAIN), fingerprint(SECOND_IS_NOTHING)
    assert [len(segment) for segment in other] == 3 * [len(segment) for segment in plain]
    assert other[: len(plain)] == plain
    turned = fingerprint(SECOND_IS_NOTHING.replace("0.0 if layer_idx", "0.5 if layer_idx"))
    assert len(turned) == len(other)
    assert not all(np.allclose(p, q, atol=1e-4) for p, q in zip(turned, other, strict=True))


def test_a_program_that_computes_the_same_in_every_layer_is_a_twin_though_it_keeps_its_number() -> None:
    assert fingerprint(program(constructor="self.layer, self.layers = layer_idx, n_layers")) == fingerprint(PLAIN)
    renamed = SECOND_IS_NOTHING.replace("gain", "factor")
    for p, q in zip(fingerprint(renamed), fingerprint(SECOND_IS_NOTHING), strict=True):
        assert np.allclose(p, q, atol=1e-6)


def test_a_program_without_a_fingerprint_says_so() -> None:
    certificate = certify(program("if self.training and x.shape[0] == 1: raise ValueError('pairs only')"))
    assert certificate["fingerprint"] == []
    (told,) = [finding for finding in certificate["findings"] if finding["test"] == "fingerprint"]
    assert told["status"] == "reported"
    assert "pairs only" in told["message"]


def test_a_path_that_a_schedule_fades_in_is_reached_by_gradient() -> None:
    faded = program(
        constructor="self.late = nn.Linear(d_model, d_model, bias=False)\n"
        'self.register_buffer("step", torch.zeros(()))',
        before="if self.training:\n    self.step += 1",
        after="o = o + (self.step - 1).clamp(0, 100) / 100 * self.late(x)",
    )
    for source, status in ((faded, "pass"), (faded.replace("(0, 100)", "(0, 0)"), "fail")):
        (flow,) = [finding for finding in certify(source)["findings"] if finding["test"] == "gradient flow"]
        assert flow["status"] == status
        assert "self.late" in flow["message"].replace("late.weight", "self.late")
