"""A layer that is taken for equal and is not goes untested; so what a comparison does not know is unequal."""

import functools
import weakref

import pytest
import torch
from torch import nn

from trainer.certificate.built_alike import built_alike
from trainer.foreign.shims.norms import RMSNorm


class Mixer(nn.Module):
    def __init__(self, **parts: object) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(3))
        self.layers = nn.ModuleList([nn.GRU(2, 2), nn.Linear(2, 2)])
        for part in self.layers.parameters():
            nn.init.ones_(part)
        self.itself = weakref.ref(self)
        for name, value in parts.items():
            setattr(self, name, value)


def counting(layer: int):
    return lambda x: x * layer


class Hidden:
    __slots__ = ("layer",)

    def __init__(self, layer: int) -> None:
        self.layer = layer


PARTS = {
    "number": lambda layer: layer,
    "number in a list in a dictionary": lambda layer: {"a": [1, (layer,)]},
    "key": lambda layer: {layer: 1},
    "set": lambda layer: {7, layer},
    "closure": counting,
    "partial function": lambda layer: functools.partial(max, layer),
    "buffer": lambda layer: torch.full((2,), float(layer)),
    "module": lambda layer: nn.Dropout(layer / 4),
    "generator": lambda layer: torch.Generator().manual_seed(layer),
}


@pytest.mark.parametrize("name", PARTS)
def test_modules_are_alike_only_with_equal_parts(name: str) -> None:
    make = PARTS[name]
    assert built_alike(Mixer(part=make(1)), Mixer(part=make(1)))
    assert not built_alike(Mixer(part=make(1)), Mixer(part=make(2)))


def test_what_hangs_on_a_parameter_counts() -> None:
    one, other = Mixer(), Mixer()
    assert built_alike(one, other)
    other.weight.layer = 2
    assert not built_alike(one, other)


def test_parts_of_the_adapter_are_known() -> None:
    assert built_alike(Mixer(part=RMSNorm(4)), Mixer(part=RMSNorm(4)))
    assert not built_alike(Mixer(part=RMSNorm(4)), Mixer(part=RMSNorm(8)))


def test_what_keeps_its_content_out_of_sight_is_unequal() -> None:
    assert not built_alike(Mixer(part=Hidden(1)), Mixer(part=Hidden(1)))
    assert not built_alike(Mixer(part=iter([1])), Mixer(part=iter([1])))
