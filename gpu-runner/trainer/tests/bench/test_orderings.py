"""A bench that cannot fail shows nothing."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCH = Path(__file__).parents[4] / "test/bench/orderings.py"


@pytest.fixture(scope="module")
def orderings() -> ModuleType:
    spec = importlib.util.spec_from_file_location("orderings", BENCH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["orderings"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("mean", "seeds", "code"),
    [
        (0.4, 6, 0),
        (-0.4, 3, 1),  # the other way round
        (0.05, 6, 1),  # not seen
        (-0.05, 6, 1),
        (0.05, 3, 0),  # too few seeds to see it
    ],
)
def test_the_bench_of_orderings_fails_where_one_is_reversed_or_missing(
    orderings: ModuleType, mean: float, seeds: int, code: int
) -> None:
    seen = orderings.Difference("parity", "a", "b", 0.4, 0.1)
    assert orderings.exit_code([seen, orderings.Difference("parity", "c", "d", mean, 0.1)], seeds) == code
