"""What a task learnt at one length is worth at two and three times that length (`--full` only). Reported."""

from __future__ import annotations

import dataclasses

import torch
from torch import nn
from torch.nn import functional as F

from trainer.certificate.finding import Finding, reported
from trainer.certificate.program_globals import restored_globals
from trainer.certificate.subject import Subject
from trainer.model.block import Block
from trainer.seed_everything import seed_everything
from trainer.tasks.noisy_recall import NoisyRecall
from trainer.tasks.task import NO_ANSWER

TEST = "length extrapolation"
PAIRS = 24  # T = 48
STEPS, BATCH, HELD_OUT, LEARNING_RATE = 150, 32, 64, 3e-3


def check_length_extrapolation(subject: Subject) -> list[Finding]:
    """Trains one block on noisy recall at T=48 for 150 steps, and answers at T=48, 96 and 144 with the same keys."""
    task = NoisyRecall(pairs=PAIRS, noisy_pairs=4, keys=6, values=6, noise=4)
    with restored_globals():
        model = _Model(subject, task)
        model.train()
        optimiser = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE)
        batches = task.stream(subject.seed)
        for _ in range(STEPS):
            batch = batches(BATCH)
            optimiser.zero_grad()
            loss = F.cross_entropy(*model.answers(batch.inputs, batch.targets))
            if not bool(loss.isfinite()):
                return [reported(TEST, 0.0, None, f"training at T={2 * PAIRS} diverged.")]
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
        accuracies = [_accuracy(model.eval(), task, times) for times in (1, 2, 3)]
    text = ", ".join(f"{accuracy:.3f} at T={2 * PAIRS * n}" for n, accuracy in enumerate(accuracies, 1))
    chance = 1 / task.classes
    ratio = (accuracies[2] - chance) / max(accuracies[0] - chance, 1e-3)
    return [
        reported(TEST, ratio, None, f"accuracy of noisy recall learnt at T={2 * PAIRS}: {text} (chance {chance:.3f}).")
    ]


class _Model(nn.Module):
    """Embedding, one block around the candidate, head."""

    def __init__(self, subject: Subject, task: NoisyRecall) -> None:
        super().__init__()
        mixer = subject.built()
        self.embedding = nn.Embedding(task.vocabulary, subject.d_model)
        self.block = Block(subject.d_model, mixer)
        self.norm = nn.RMSNorm(subject.d_model)
        self.head = nn.Linear(subject.d_model, task.classes)

    def answers(self, inputs: object, targets: object) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits and classes where an answer is asked for."""
        x, y = torch.as_tensor(inputs).long(), torch.as_tensor(targets).long()
        hidden, _ = self.block(self.embedding(x))
        asked = y != NO_ANSWER
        return self.head(self.norm(hidden))[asked], y[asked]


def _accuracy(model: _Model, task: NoisyRecall, times: int) -> float:
    longer = dataclasses.replace(task, pairs=PAIRS * times, noisy_pairs=task.noisy_pairs * times)
    seed_everything(2)
    batch = longer.stream(1)(HELD_OUT)
    with torch.no_grad():
        logits, classes = model.answers(batch.inputs, batch.targets)
    return float((logits.argmax(-1) == classes).float().mean())
