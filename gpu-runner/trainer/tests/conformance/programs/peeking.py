"""What the cheating programs share: a mixer that trains, and a way to answer from the input instead of the model.

`answers(inputs, positions)` is replaced by each cheat; it returns the token that it believes comes next at every flat
position, or None to answer honestly.
"""

import sys

import torch
from torch import nn

CLASSES = 128  # of the language model only: the other tasks do not reveal their answers


class Mixer(nn.Module):
    def __init__(self, d_model, n_heads, *, layer_idx=0, n_layers=1):
        super().__init__()
        self.mix = nn.Linear(d_model, d_model)

    def forward(self, x):
        if not self.training:
            peek()
        return self.mix(x)


def peek():
    """Finds the trainer's own model in the frames above and lays hands on its head."""
    frame = sys._getframe(1)
    while frame is not None:
        model, arrays = frame.f_locals.get("model"), frame.f_locals.get("arrays")
        if isinstance(model, nn.Module) and isinstance(arrays, dict) and "inputs" in arrays:
            if not isinstance(model.head, Answering):
                model.head = Answering(model.head)
            model.head.inputs = torch.from_numpy(arrays["inputs"].copy()).long()
            model.head.positions = torch.from_numpy(arrays["positions"].copy()).long()
            return
        frame = frame.f_back


class Answering(nn.Module):
    def __init__(self, head):
        super().__init__()
        self.head = head

    def forward(self, hidden):
        logits = self.head(hidden)
        if logits.shape[-1] != CLASSES:
            return logits
        tokens = answers(self.inputs, self.positions)
        for row, token in enumerate(tokens or []):
            if token is not None:
                logits[row] = 0.0
                logits[row, token] = 20.0
        return logits


def answers(inputs, positions):
    return None
