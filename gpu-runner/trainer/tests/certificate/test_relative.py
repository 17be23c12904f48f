"""A measure that one loud value can blind lets every leak beside it pass; one that is too fine condemns rounding."""

import pytest
import torch

from trainer.certificate.relative import largest_by_position, relative_difference

SHAPE = (3, 40, 16)


def output(seed: int = 0) -> torch.Tensor:
    return torch.randn(SHAPE, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize(
    "loud",
    [
        (slice(None), 0),
        (0, 5),
        (slice(None), slice(0, 19)),
        (slice(None), slice(None), 3),
        (slice(None), slice(None), slice(0, 7)),
        (1, 7, 2),
        (0,),
    ],
    ids=["position", "position of a row", "nearly half of time", "channel", "nearly half of channels", "value", "row"],
)
def test_what_is_loud_hides_no_change_elsewhere(loud):
    y = output()
    y[loud] = 1e9
    changed = y.clone()
    changed[2, 30, 9] += 1.0
    size, position = largest_by_position(changed, y, y)
    assert 0.2 < size < 2
    assert position == 30


@pytest.mark.parametrize("quiet", [(slice(None), 0), (slice(None), slice(None), 3), (0,), (1, 7, 2)])
def test_rounding_where_an_output_is_nearly_zero_is_measured_by_the_rest(quiet):
    y = output()
    y[quiet] = 1e-20
    assert float(relative_difference(y + 1e-7, y, y).max()) < 1e-6


def test_rounding_of_what_is_loud_is_measured_by_itself():
    y = output()
    y[:, 4] *= 1e6
    y[..., 2] *= 1e6
    assert float(relative_difference(y * (1 + 1e-7), y, y).max()) < 1e-6


def test_an_output_that_is_mostly_zero_has_the_size_of_its_other_values():
    y = output() * (output(1) > 1)
    assert float(relative_difference(y + 1e-7, y, y).max()) < 1e-6


def test_a_difference_from_nothing_or_to_no_number_is_infinite_or_huge():
    y = output()
    assert float(relative_difference(y * float("nan"), y, y).max()) == float("inf")
    assert float(relative_difference(y, y * 0, y * 0).max()) > 1e9
    assert float(relative_difference(y, y, y).max()) == 0
