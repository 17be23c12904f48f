"""Calls a candidate's constructor."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn
from torch.nn.parameter import is_lazy

from trainer.torch_settings import restored_torch_settings

MixerFactory = Callable[..., nn.Module]


def construct_mixer(factory: MixerFactory, d_model: int, n_heads: int, *, layer_idx: int, n_layers: int) -> nn.Module:
    """A mixer, without what its constructor does to torch for everything that is built and trained after it.

    Its place is no option: the interface lets a program insist on it.
    """
    with restored_torch_settings():
        mixer = factory(d_model, n_heads, layer_idx=layer_idx, n_layers=n_layers)
    _resolve_parameters(mixer)
    return mixer


def _resolve_parameters(mixer: nn.Module) -> None:
    """A parameter made of `z.conj()` or its imaginary part is a view with an operation still to be done: it cannot be
    seen as the real numbers that are counted, trained and perturbed. It stays the same object, with the same values."""
    for parameter in nn.Module.parameters(mixer):  # the program may have put something else in its own one's place
        if not is_lazy(parameter) and (parameter.is_conj() or parameter.is_neg()):
            parameter.data = parameter.data.resolve_conj().resolve_neg()
