"""What a program is given: tokens that are all different, or that repeat as embeddings do."""

from __future__ import annotations

import torch
from torch import Tensor

KINDS = 24  # tokens of a task's alphabet: in 97 positions each occurs about four times


def different_tokens(batch: int, length: int, d_model: int, seed: int) -> Tensor:
    """N(0,1) of shape [batch,length,d_model], the scale of a normalised residual stream."""
    x = torch.randn(batch, length, d_model, generator=_generator(seed), device="cpu")
    return x.to(torch.get_default_device())


def repeated_tokens(batch: int, length: int, d_model: int, seed: int, vocabulary: int) -> Tensor:
    """Each of [batch,length] is one of KINDS vectors of N(0,1), equal to the last bit wherever it occurs.

    `vocabulary` is the seed of the vectors, `seed` that of their order.
    """
    kinds = torch.randn(KINDS, d_model, generator=_generator(vocabulary), device="cpu")
    drawn = torch.randint(KINDS, (batch, length), generator=_generator(seed), device="cpu")
    return kinds[drawn].to(torch.get_default_device())


def _generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)
