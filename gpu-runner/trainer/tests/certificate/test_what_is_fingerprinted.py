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
