"""Embedding, blocks, norm and head around the candidate's mixers."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from trainer.model.block import Block
from trainer.protocol.seeds import seed_from
from trainer.suites.suite import Suite, TaskPlan

MixerFactory = Callable[..., nn.Module]


class SequenceModel(nn.Module):
    """Tokens int64 [B,T] -> hidden states [B,T,d_model]; `head` maps hidden states to class logits."""

    def __init__(self, vocabulary: int, classes: int, d_model: int, mixers: list[nn.Module]) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, d_model)
        self.blocks = nn.ModuleList(Block(d_model, mixer) for mixer in mixers)
        self.norm = nn.RMSNorm(d_model, eps=1e-6)
        self.head = nn.Linear(d_model, classes)

    def forward(self, tokens: Tensor) -> tuple[Tensor, Tensor | None]:
        """The hidden states and the sum of the mixers' auxiliary losses (None without any)."""
        x = self.embedding(tokens)
        total: Tensor | None = None
        for block in self.blocks:
            x, aux = block(x)
            if aux is not None:
                total = aux if total is None else total + aux
        return self.norm(x), total


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
