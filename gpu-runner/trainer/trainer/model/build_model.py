"""Constructs the model of a task from seeds."""

from __future__ import annotations

import torch

from trainer.model.construct_mixer import MixerFactory, construct_mixer
from trainer.model.sequence_model import SequenceModel
from trainer.protocol.seeds import seed_from
from trainer.seed_everything import seed_everything
from trainer.suites.suite import Suite, TaskPlan


def build_model(factory: MixerFactory, suite: Suite, plan: TaskPlan, seed: int, device: torch.device) -> SequenceModel:
    """Constructs the model of a task on the device itself, so that a mixer's own initialisation is kept.

    The trainer's layers and each mixer draw from separately seeded generators: however many numbers a mixer draws, the
    embedding, MLPs and head of all programs start equal for equal seeds; and what a mixer's constructor
    seeds or sets in torch reaches neither them nor the next mixer.
    """
    mixers = []
    with device:
        for layer in range(plan.layers):
            _seed(seed_from("mixer", plan.task.name, layer, seed))
            mixers.append(construct_mixer(factory, suite.d_model, suite.n_heads, layer_idx=layer, n_layers=plan.layers))
        _seed(seed_from("trunk", plan.task.name, seed))
        model = SequenceModel(plan.task.vocabulary, plan.task.classes, suite.d_model, mixers)
    return model.to(device)


def _seed(seed: int) -> None:
    torch.manual_seed(seed)  # of an accelerator that is not in use yet, too
    seed_everything(seed)
