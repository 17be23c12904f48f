"""A state that is larger than declared is capacity that no table shows."""

import pytest
import torch
from torch import Tensor

from trainer.accounting.state_size import state_size
from trainer.mixers.registry import BUILTIN_NAMES, builtin_class
from trainer.mixers.state_numbers import state_numbers


@pytest.mark.parametrize("name", BUILTIN_NAMES)
def test_the_declared_state_is_what_can_be_measured(name: str) -> None:
    declared, measured = state_numbers(name, 64, 2), state_size(builtin_class(name), 64, 2)
    if measured is not None:
        assert measured == declared


def rank(name: str, d_model: int, window: int) -> int:
    """Dimension of what the past hands to the future: the rank of the Jacobian d y[window:] / d x[:window]."""
    torch.manual_seed(0)
    mixer = builtin_class(name)(d_model, 1).double()
    with torch.no_grad():
        for parameter in mixer.parameters():
            parameter.add_(torch.randn_like(parameter), alpha=0.2)
    size = window * d_model
    x = torch.randn(1, 2 * window, d_model, dtype=torch.float64).expand(size, -1, -1).clone().requires_grad_()
    result: Tensor | tuple[Tensor, object] = mixer(x * 1.0)
    y = result[0] if isinstance(result, tuple) else result
    (gradient,) = torch.autograd.grad(y[:, window:].reshape(size, size).diagonal().sum(), x)
    values = torch.linalg.svdvals(gradient[:, :window].reshape(size, size))
    return int((values > 1e-14 * values[0]).sum())


LONG_FILTERS = [name for name in BUILTIN_NAMES if name.endswith(("-net", "-router")) and "delta" not in name]


@pytest.mark.parametrize("name", LONG_FILTERS)
def test_the_filters_of_the_named_architectures_look_back_as_far_as_declared(name: str) -> None:
    """What the delta rule has erased down to rounding is lost to the rank: up to half the matrix of 16 numbers."""
    declared = state_numbers(name, 4, 1)
    assert declared is not None
    if name == "fusion-gated-fir-net":
        declared -= 16  # the matrix of the chunk's start follows from the present one and the filter's tokens
    assert declared - 8 <= rank(name, 4, window=48) <= declared


def test_softmax_attention_declares_no_fixed_state() -> None:
    assert state_numbers("softmax-attention", 64, 2) is None
