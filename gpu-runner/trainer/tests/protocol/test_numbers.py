"""Events are standard JSON even when a number is not finite."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.protocol.metric_steps import metric_steps
from trainer.protocol.numbers import number_from_json, to_json


@given(st.floats())
def test_every_float_survives_the_encoding(number):
    read = number_from_json(json.loads(to_json({"values": [number]}), parse_constant=pytest.fail)["values"][0])
    assert read == number or (math.isnan(read) and math.isnan(number))


@pytest.mark.parametrize("value", ["1", None, True, [1], "nan", "inf", 10**400, -(10**400)])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="not a number"):
        number_from_json(value)


def test_a_deeply_nested_value_is_refused_and_not_recursed_into():
    nested: list = []
    for _ in range(100_000):
        nested = [nested]
    with pytest.raises(ValueError, match="not a number: list"):
        number_from_json(nested)
    while nested:  # taken apart by hand, so that freeing it does not recurse either
        nested = nested.pop()


@given(st.integers(1, 5000))
def test_metrics_are_about_twenty_evenly_spaced_and_end_with_the_last_step(steps):
    due = sorted(metric_steps(steps))
    assert due[-1] == steps
    assert due[0] >= 1
    assert len(due) == min(20, steps)
    gaps = [later - earlier for earlier, later in zip([0, *due], due, strict=False)]
    assert max(gaps) - min(gaps) <= 1
