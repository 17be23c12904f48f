"""Calls a candidate's constructor."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from trainer.torch_settings import restored_torch_settings

MixerFactory = Callable[..., nn.Module]


def construct_mixer(factory: MixerFactory, d_model: int, n_heads: int, **placement: int) -> nn.Module:
    """A mixer, without what its constructor does to torch for everything that is built and trained after it."""
    with restored_torch_settings():
        return factory(d_model, n_heads, **placement)
