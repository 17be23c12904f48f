"""A wrong chunk boundary, mask or decay would train quietly and mis-rank every descendant of the baseline."""

from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from trainer.mixers import delta_net, gated_delta_net, linear_attention, mamba2
from trainer.mixers.reference import recurrences

BATCH, HEADS, D_K, D_V = 2, 2, 6, 5

lengths = st.integers(1, 40)
chunks = st.sampled_from([1, 4, 7, 16, 64])
seeds = st.integers(0, 2**31)


def draw(seed: int, length: int) -> dict[str, Tensor]:
    """Random operands in float64; keys repeat in part, which is the hard case of the solve."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    k = normal(BATCH, HEADS, length, D_K)
    k[:, :, length // 2 :] = k[:, :, :1]
    return {
        "q": normal(BATCH, HEADS, length, D_K),
        "k": delta_net.l2_normalize(k),
        "v": normal(BATCH, HEADS, length, D_V),
        "beta": 2 * normal(BATCH, HEADS, length).sigmoid(),
        "g": -normal(BATCH, HEADS, length).mul(2).exp(),
        "positive_q": normal(BATCH, HEADS, length, D_K).exp(),
        "positive_k": normal(BATCH, HEADS, length, D_K).exp(),
        "c": normal(BATCH, length, D_K),
        "b": normal(BATCH, length, D_K),
    }


def assert_same(fast: Callable[..., Tensor], slow: Callable[..., Tensor], operands: list[Tensor], chunk: int) -> None:
    """Equal in value and in the gradient of a random functional."""
    operands = [t.clone().requires_grad_() for t in operands]
    expected = slow(*operands)
    cotangent = torch.randn(expected.shape, dtype=torch.float64)
    expected_gradients = torch.autograd.grad(expected, operands, cotangent)
    actual = fast(*operands, chunk)
    gradients = torch.autograd.grad(actual, operands, cotangent)
    torch.testing.assert_close(actual, expected, rtol=1e-8, atol=1e-8)
    for gradient, reference in zip(gradients, expected_gradients, strict=True):
        torch.testing.assert_close(gradient, reference, rtol=1e-7, atol=1e-7)


CASES = {
    "delta rule": (delta_net.chunkwise_delta_rule, recurrences.delta_rule, "q k v beta"),
    "gated delta rule": (
        gated_delta_net.chunkwise_gated_delta_rule,
        recurrences.gated_delta_rule,
        "q k v beta g",
    ),
    "state-space dual": (mamba2.chunkwise_state_space_dual, recurrences.state_space_dual, "c b v g"),
    "linear attention": (
        linear_attention.chunkwise_linear_attention,
        recurrences.linear_attention,
        "positive_q positive_k v",
    ),
}


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=25, deadline=None)
@given(seed=seeds, length=lengths, chunk=chunks)
def test_chunkwise_form_equals_the_recurrence_in_value_and_gradient(
    name: str, seed: int, length: int, chunk: int
) -> None:
    fast, slow, operand_names = CASES[name]
    operands = draw(seed, length)
    assert_same(fast, slow, [operands[n] for n in operand_names.split()], chunk)


@pytest.mark.parametrize("beta", [1.0, 1.99])
def test_identical_keys_do_not_destroy_the_solve_in_float32(beta: float) -> None:
    operands = draw(0, 128)
    operands["k"] = operands["k"][:, :, :1].expand(-1, -1, 128, -1).contiguous()
    operands["beta"] = torch.full_like(operands["beta"], beta)
    arguments = [operands[n] for n in ("q", "k", "v", "beta")]
    expected = recurrences.delta_rule(*arguments)
    actual = delta_net.chunkwise_delta_rule(*(t.float() for t in arguments))
    assert (actual.double() - expected).abs().max() < 1e-3 * expected.abs().mean()


def test_extreme_decay_gives_finite_gradients() -> None:
    operands = {n: t.float().requires_grad_() for n, t in draw(0, 96).items()}
    g = (operands["g"] * 0 - 300.0).detach().requires_grad_()
    o = gated_delta_net.chunkwise_gated_delta_rule(*(operands[n] for n in ("q", "k", "v", "beta")), g)
    y = mamba2.chunkwise_state_space_dual(operands["c"], operands["b"], operands["v"], g)
    (o.square().sum() + y.square().sum()).backward()
    assert g.grad is not None
    assert bool(g.grad.isfinite().all())
    assert all(bool(operands[n].grad.isfinite().all()) for n in ("q", "k", "v", "beta", "c", "b"))
