"""Constructs the mixers of a task's model from seeds."""

from __future__ import annotations

from torch import nn

from trainer.model.construct_mixer import MixerFactory, construct_mixer
from trainer.protocol.seeds import seed_from
from trainer.seed_everything import seed_everything


def build_mixers(
    factory: MixerFactory, d_model: int, n_heads: int, layers: int, task: str, seed: int, device: str = "cpu"
) -> list[nn.Module]:
    """One for each layer, in a generator's state that depends on the task, the layer and the seed alone.

    Whoever builds a task's model, to train, to score or from a checkpoint, gets the same draws: what a program keeps
    of them in no parameter and no persistent buffer is in no weights.
    """
    mixers = []
    for layer in range(layers):
        seed_everything(seed_from("mixer", task, layer, seed), device)
        mixers.append(construct_mixer(factory, d_model, n_heads, layer_idx=layer, n_layers=layers))
    return mixers
