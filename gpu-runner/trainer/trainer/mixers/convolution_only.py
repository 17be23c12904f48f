"""The floor: the short convolution that all baselines have, and no memory behind it.

    y_t = W_out silu(sum_{i=0..3} w_i * (W_in x_{t-3+i}))

A control, not a candidate: what a task gives it can be had without a state, from four tokens. A model that is no better
there has shown nothing of its memory.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CONV_WIDTH = 4


def short_convolution(x: Tensor, weight: Tensor) -> Tensor:
    """Causal depthwise convolution followed by silu; x [B,T,C], weight [width,C] (last row: present)."""
    padded = F.pad(x, (0, 0, weight.shape[0] - 1, 0))
    # In two dimensions, channels last: on a CPU several times as fast as conv1d, above all backwards.
    y = F.conv2d(padded.unsqueeze(2).permute(0, 3, 1, 2), weight.mT[:, None, :, None], groups=weight.shape[1])
    return F.silu(y.permute(0, 2, 3, 1).squeeze(2))


class Mixer(nn.Module):
    """x [B,T,d_model] -> [B,T,d_model]; 4 d^2 weights, as DeltaNet has, and no state but the last three tokens."""

    def __init__(self, d_model: int, n_heads: int, *, layer_idx: int = 0, n_layers: int = 1) -> None:
        super().__init__()
        self.inward = nn.Linear(d_model, 2 * d_model, bias=False)
        self.convolution = nn.Parameter(torch.empty(CONV_WIDTH, 2 * d_model))
        self.out = nn.Linear(2 * d_model, d_model, bias=False)
        nn.init.uniform_(self.convolution, -1 / math.sqrt(CONV_WIDTH), 1 / math.sqrt(CONV_WIDTH))

    def forward(self, x: Tensor) -> Tensor:
        return self.out(short_convolution(self.inward(x), self.convolution))
