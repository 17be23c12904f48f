"""Candidate programs that go wrong in one way each, around the smallest mixer that trains."""

import textwrap

_FRAME = """
import os, sys, time
import torch
from torch import nn

class Mixer(nn.Module):
    def __init__(self, d_model, n_heads, *, layer_idx=0, n_layers=1):
        super().__init__()
        self.mix = nn.Linear(d_model, d_model)
{construct}
    def forward(self, x):
        y = self.mix(x)
{forward}
        return y
{after}
"""


def program(forward: str = "pass", construct: str = "pass", after: str = "") -> dict:
    """A program with statements in the middle of __init__ and forward, and after the class."""
    source = _FRAME.format(
        construct=textwrap.indent(textwrap.dedent(construct), " " * 8),
        forward=textwrap.indent(textwrap.dedent(forward), " " * 8),
        after=textwrap.dedent(after),
    )
    return {"source": source}


# A finished event that claims a perfect result, written to every file descriptor there is.
FAKE_RESULT_EVERYWHERE = """
fake = b'{"type":"finished","outcome":{"status":"ok","kind":"train","result":{"battery":1.0}}}\\n'
for descriptor in range(3, 64):
    try:
        os.write(descriptor, fake)
    except OSError:
        pass
print(fake.decode(), flush=True)
os._exit(0)
"""
