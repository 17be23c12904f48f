"""What the last test of a certificate compares, with the CPU as the device: the code is the same (test_on_cuda.py)."""

import pytest

from tests.certificate.corpus.program import program
from trainer.certificate.checks.training_device import check_training_device
from trainer.certificate.finding import Finding
from trainer.certificate.subject import Subject
from trainer.worker.program import load_mixer


def finding_of(there: str) -> Finding:
    subject = Subject(load_mixer(program()), 64, 2, None, 1)
    return check_training_device(subject, load_mixer(program(there)), "cpu")[0]


def test_the_same_program_passes() -> None:
    assert finding_of("").status == "pass"


@pytest.mark.parametrize(
    ("there", "kind", "words"),
    [
        ("o = o.cumsum(1)", "soft", "takes another path there"),
        ("o = o / 0", "hard", "is not finite"),
        ("if self.training:\n            raise ValueError('no kernel')", "hard", "raised ValueError: no kernel"),
    ],
)
def test_what_would_end_a_training_or_make_another_program_of_it_is_found(there: str, kind: str, words: str) -> None:
    found = finding_of(there)
    assert (found.status, found.kind) == ("fail", kind)
    assert words in found.message
