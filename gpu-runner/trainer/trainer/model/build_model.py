"""Constructs the model of a task from seeds."""

from __future__ import annotations

import torch

from trainer.model.build_mixers import build_mixers
from trainer.model.construct_mixer import MixerFactory
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
    task, kind = plan.task.name, device.type
    with device:
        mixers = build_mixers(factory, suite.d_model, suite.n_heads, plan.layers, task, seed, kind)
        seed_everything(seed_from("trunk", task, seed), kind)
        model = SequenceModel(plan.task.vocabulary, plan.task.classes, suite.d_model, mixers)
    return model.to(device)
