"""Constructs the model of a task from seeds."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn

from trainer.model.sequence_model import SequenceModel
from trainer.protocol.seeds import seed_from
from trainer.suites.suite import Suite, TaskPlan

MixerFactory = Callable[..., nn.Module]


def build_model(factory: MixerFactory, suite: Suite, plan: TaskPlan, seed: int, device: torch.device) -> SequenceModel:
    """Constructs the model of a task on the device itself, so that a mixer's own initialisation is kept.

    The trainer's layers and each mixer draw from separately seeded generators: however many numbers a mixer draws, the
    embedding, MLPs and head of all programs start equal for equal seeds.
    """
    mixers = []
    with device:
        for layer in range(plan.layers):
            torch.manual_seed(seed_from("mixer", plan.task.name, layer, seed))
            mixers.append(factory(suite.d_model, suite.n_heads, layer_idx=layer, n_layers=plan.layers))
        torch.manual_seed(seed_from("trunk", plan.task.name, seed))
        model = SequenceModel(plan.task.vocabulary, plan.task.classes, suite.d_model, mixers)
    return model.to(device)
