"""Writes small candidate programs that differ in one line from a legal one."""

_TEMPLATE = """
import math

import torch
from torch import nn
from torch.nn import functional as F


class Mixer(nn.Module):
    def __init__(self, d_model, n_heads, *, layer_idx=0, n_layers=1):
        super().__init__()
        self.q = nn.Linear(d_model, d_model, bias=False)
        self.k = nn.Linear(d_model, d_model, bias=False)
        self.v = nn.Linear(d_model, d_model, bias=False)
        self.out = nn.Linear(d_model, d_model, bias=False)
        {constructor}

    def forward(self, x):
        b, t, d = x.shape
        {before}
        q, k, v = F.silu(self.q(x)), F.elu(self.k(x)) + 1, self.v(x)
        o = q * (k * v).cumsum(1) / (k.cumsum(1) + 1e-6)
        {after}
        return {result}
"""


def program(after: str = "", *, constructor: str = "", before: str = "", result: str = "self.out(o)") -> str:
    """A legal diagonal linear attention with lines added to its constructor and around its core."""
    indent = "\n        "
    parts = {
        "constructor": constructor.replace("\n", indent),
        "before": before.replace("\n", indent),
        "after": after.replace("\n", indent),
    }
    return _TEMPLATE.format(result=result, **parts)
