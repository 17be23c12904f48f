"""Rounding taken for a leak condemns every long convolution by FFT; a leak taken for rounding is trained and wins."""

import pytest
import torch

from tests.certificate.corpus.program import program
from tests.certificate.subject_of import subject_of
from trainer.certificate.checks.causality_by_values import leak_of
from trainer.certificate.rounding import LARGEST, is_rounding, is_steady
from trainer.certificate.subject import Subject

# The taps of the filter grow, so that its first are rounded by the size of its last.
FILTER = (
    "n, h = 2 * t, (torch.arange(t)[:, None] / 10.0).exp() / 1000\n"
    "f = torch.fft.rfft(v.float(), n, dim=1) * torch.fft.rfft(h.float(), n, dim=0)\n"
    "o = o + torch.fft.irfft(f, n, dim=1)[:, :t]\n"
)
LENGTH = 97


def leak(subject: Subject) -> float:
    return leak_of(subject, LENGTH, (33,), training=False)[0]


@pytest.mark.parametrize(
    ("after", "rounding"),
    [
        ("", True),
        ("o = o + 2e-6 * torch.roll(v, -1, 1)", False),
        ("o = o + 2e-6 * torch.roll(v.float(), -1, 1).to(torch.float32)", False),
        ("o = o + 3e-5 * (torch.roll(x[..., :1], -1, 1) > 0.5)", False),
    ],
    ids=["filter alone", "look-ahead", "look-ahead behind casts", "look-ahead by a comparison"],
)
def test_rounding_vanishes_in_double_precision_and_what_is_read_of_the_future_does_not(after, rounding):
    subject = subject_of(program(FILTER + after))
    found = leak(subject)
    assert 1e-5 < found < LARGEST
    assert is_rounding(subject, found, leak) is rounding


@pytest.mark.parametrize(
    ("after", "steady"),
    [
        ("", False),
        ("if x.dtype == torch.float32:\n    o = o + 1e-3 * v.detach().roll(-1, 1)", True),
        ("s = v.detach().abs().amax(1, keepdim=True)\no = o + ((v / s).half().float() * s - v).detach()", True),
    ],
    ids=["filter alone", "look-ahead by the type", "scaled by the sequence in half precision"],
)
@pytest.mark.parametrize("parameters", ["perturbed", "opened"])
def test_rounding_is_drawn_anew_by_other_last_places_and_what_single_precision_alone_leaks_is_not(
    after, steady, parameters
):
    subject = subject_of(program(FILTER + after)).with_parameters(parameters)

    def change(x: torch.Tensor) -> torch.Tensor:
        later = torch.cat((x[:, :33], 3 * x.flip(1)[:, 33:]), 1)
        return (subject.values(later) - subject.values(x))[:, :33]

    assert is_steady(change, subject.input(2, LENGTH)) is steady


def test_a_program_that_does_not_run_in_double_precision_is_not_excused():
    subject = subject_of(program(FILTER + "if x.dtype == torch.float64:\n    raise TypeError('float32 only')"))
    assert leak(subject) > 1e-5
    assert not is_rounding(subject, leak(subject), leak)


def test_neither_what_is_large_nor_what_is_computed_in_bfloat16_is_rounding():
    subject = subject_of(program())
    assert is_rounding(subject, LARGEST, lambda wide: 0.0)
    assert not is_rounding(subject, 1.01 * LARGEST, lambda wide: 0.0)
    assert is_rounding(subject, 1.0, lambda wide: 0.9e-6, largest=1.0)
    assert not is_rounding(subject, 1.0, lambda wide: 1.1e-6, largest=1.0)
    subject.bfloat16 = True
    assert not is_rounding(subject, LARGEST, lambda wide: 0.0)


@pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning")
@pytest.mark.parametrize("parameters", ["perturbed", "opened"])
def test_in_double_precision_the_module_has_the_numbers_of_the_one_in_single(parameters):
    weight_norm = "self.p = nn.utils.weight_norm(nn.Linear(d_model, d_model, bias=False))"  # cannot be copied
    subject = subject_of(program("o = o + self.p(v)", constructor=weight_norm)).with_parameters(parameters)
    x = subject.input(2, LENGTH)
    y, wide = subject.values(x), subject.in_double.values(x.double())
    assert wide.dtype == torch.float64
    assert 0 < float((wide - y).abs().max()) < 1e-4 * float(y.abs().max())
