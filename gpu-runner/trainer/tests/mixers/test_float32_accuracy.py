"""What float32 loses to a cancelling decay or an ill-conditioned solve looks like noise of training, and is not."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from tests.mixers.operands import BATCH, CASES, HEADS, draw, split_operands, values_and_gradients
from trainer.mixers import delta_net

LIMIT = 1e-5
LENGTHS = (1, 2, 3, 7, 31, 32, 33, 48, 63, 64, 65, 80, 96, 97, 127, 128, 192, 200, 255, 260)
LONG_LENGTHS = (256, 512, 520, 521, 1024, 1047, 2048)
TIMES_THE_RECURRENCE = 10.0


def relative_errors(actual: list[Tensor], expected: list[Tensor]) -> list[float]:
    return [float((a - e).norm() / e.norm().clamp_min(1e-30)) for a, e in zip(actual, expected, strict=True)]


def assert_accurate(name: str, seed: int, length: int) -> None:
    """The error of a gradient counts against its own size or, where it vanishes by cancellation (one token of linear
    attention is its value, whatever q and k), against a tenth of the output's change when that operand is scaled."""
    case = CASES[name]
    operands, constants = split_operands(case, draw(seed, length, d_k=16, d_v=12))
    expected = values_and_gradients(case.slow, operands, constants, torch.float64)
    actual = values_and_gradients(case.fast, operands, constants, torch.float32)
    output, cotangent = expected[0].norm(), expected[0].numel() ** 0.5
    floors = [output, *(0.1 * output * cotangent / operand.norm() for operand in operands)]
    errors = [
        float((a - e).norm() / torch.maximum(e.norm(), floor.detach()))
        for a, e, floor in zip(actual, expected, floors, strict=True)
    ]
    assert max(errors) <= LIMIT, f"T={length}: output and gradients are wrong by {errors}"


@pytest.mark.parametrize("name", CASES)
def test_every_length_of_the_certificate_is_right_to_five_digits(name: str) -> None:
    for length in LENGTHS:
        assert_accurate(name, seed=length, length=length)


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**31), length=st.one_of(st.sampled_from(LENGTHS), st.integers(1, 140)))
def test_any_length_is_right_to_five_digits(name: str, seed: int, length: int) -> None:
    assert_accurate(name, seed, length)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
@settings(max_examples=250, deadline=None)
@given(seed=st.integers(0, 2**31), length=st.one_of(st.sampled_from(LENGTHS), st.integers(1, 300)))
def test_many_draws_are_right_to_five_digits(name: str, seed: int, length: int) -> None:
    assert_accurate(name, seed, length)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("length", LONG_LENGTHS)
def test_long_sequences_are_right_to_five_digits(name: str, length: int) -> None:
    for seed in range(3):
        assert_accurate(name, seed, length)


def ill_conditioned_keys(kind: str, length: int, generator: torch.Generator) -> Tensor:
    """Unit keys [B,H,T,32] in float64: all the same, correlated 0.9, three that take turns, or two near ones."""
    common = torch.randn(BATCH, HEADS, 1, 32, generator=generator, dtype=torch.float64)
    own = torch.randn(BATCH, HEADS, length, 32, generator=generator, dtype=torch.float64)
    keys = {
        "identical": common.expand_as(own),
        "correlated": 0.9 * common + (1 - 0.9**2) ** 0.5 * own,
        "alternating": own[:, :, torch.arange(length) % 3],
        "near": common + 0.05 * own[:, :, torch.arange(length) % 2],
    }[kind]
    return delta_net.l2_normalize(keys).float().double()


DELTA_RULES = [name for name in CASES if "delta" in name]
KINDS = ("identical", "correlated", "alternating", "near")


LARGEST_BETA = 2.0


def assert_as_stable_as_the_recurrence(
    name: str, kind: str, betas: tuple[float, float], length: int, seeds: range
) -> None:
    """The largest error over the draws, against that of the recurrence in float32: a single draw can be lucky. Every
    token has a beta of its own: equal ones make a system so regular that its errors cancel."""
    case = CASES[name]
    fast: list[list[float]] = []
    slow: list[list[float]] = []
    low, high = betas
    for seed in seeds:
        generator = torch.Generator().manual_seed(seed)
        drawn = draw(seed, length, d_k=32, d_v=32)
        drawn["k"] = ill_conditioned_keys(kind, length, generator)
        shares = torch.rand(drawn["beta"].shape, generator=generator, dtype=torch.float64)
        drawn["beta"] = (low + (high - low) * shares).float().double()
        drawn["g"] = drawn["g"] * 0.01  # a fast decay would hide what old keys do
        operands, constants = split_operands(case, drawn)
        expected = values_and_gradients(case.slow, operands, constants, torch.float64)
        own = values_and_gradients(case.slow, operands, constants, torch.float32)
        slow.append(relative_errors(own, expected))
        fast.append(relative_errors(values_and_gradients(case.fast, operands, constants, torch.float32), expected))
    for mine, theirs in zip(zip(*fast, strict=True), zip(*slow, strict=True), strict=True):
        assert max(mine) <= TIMES_THE_RECURRENCE * max(theirs), f"{kind} {betas} T={length}: {mine} {theirs}"


@pytest.mark.parametrize("name", DELTA_RULES)
@pytest.mark.parametrize("kind", KINDS)
def test_ill_conditioned_keys_cost_the_chunks_no_more_than_ten_times_the_recurrence(name: str, kind: str) -> None:
    for share in (0.0, 0.9, 0.95, 0.985, 1.0):  # of the largest; 1: equal ones
        assert_as_stable_as_the_recurrence(name, kind, (share * LARGEST_BETA, LARGEST_BETA), 97, range(2))
    for length in (64, 128, 200):
        assert_as_stable_as_the_recurrence(name, kind, (0.95 * LARGEST_BETA, LARGEST_BETA), length, range(2))


@pytest.mark.slow
@pytest.mark.parametrize("name", DELTA_RULES)
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=15, deadline=None)
@given(low=st.floats(0.1, 1.0), width=st.floats(0.0, 1.0), length=st.integers(2, 260), seed=st.integers(0, 2**20))
def test_any_ill_conditioned_keys_cost_the_chunks_no_more_than_ten_times_the_recurrence(
    name: str, kind: str, low: float, width: float, length: int, seed: int
) -> None:
    betas = LARGEST_BETA * low, LARGEST_BETA * (low + width * (1 - low))
    assert_as_stable_as_the_recurrence(name, kind, betas, length, range(seed, seed + 4))
