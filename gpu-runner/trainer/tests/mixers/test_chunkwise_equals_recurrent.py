"""A wrong chunk boundary, mask or decay would train quietly and mis-rank every descendant of the baseline."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mixers.operands import CASES, draw, split_operands, values_and_gradients
from trainer.mixers import gated_delta_net, gla, mamba2


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**31), length=st.integers(1, 70), data=st.data())
def test_every_chunk_length_gives_the_recurrence_in_value_and_gradient(
    name: str, seed: int, length: int, data: st.DataObject
) -> None:
    case = CASES[name]
    chunk = [data.draw(st.sampled_from(case.chunks))] if case.chunks else []
    operands, constants = split_operands(case, draw(seed, length))
    expected = values_and_gradients(case.slow, operands, constants, torch.float64)
    actual = values_and_gradients(case.fast, operands, constants, torch.float64, *chunk)
    for a, e in zip(actual, expected, strict=True):
        torch.testing.assert_close(a, e, rtol=1e-8, atol=1e-8)


def test_extreme_decay_gives_finite_gradients() -> None:
    operands = {n: t.float().requires_grad_() for n, t in draw(0, 96).items()}
    g = torch.full_like(operands["g"], -300.0).requires_grad_()
    channel_g = torch.full_like(operands["channel_g"], -300.0).requires_grad_()
    q, k, v, beta = (operands[n] for n in ("q", "k", "v", "beta"))
    outputs = (
        gated_delta_net.chunkwise_gated_delta_rule(q, k, v, beta, g),
        mamba2.chunkwise_state_space_dual(operands["c"], operands["b"], v, g),
        gla.chunkwise_gated_linear_attention(q, k, v, channel_g),
    )
    sum(o.square().sum() for o in outputs).backward()
    leaves = [g, channel_g, *(operands[n] for n in ("q", "k", "v", "beta", "c", "b"))]
    assert all(bool(leaf.grad.isfinite().all()) for leaf in leaves)
