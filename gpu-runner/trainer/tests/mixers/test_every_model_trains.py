"""A model that passes every test of legality and does not learn is a baseline that flatters all others."""

import pytest
import torch
from torch.nn import functional as F

from trainer.certificate.first_output import first_output
from trainer.mixers.registry import BUILTIN_NAMES, builtin_class
from trainer.model.adamw import AdamW


@pytest.mark.parametrize("name", BUILTIN_NAMES)
def test_it_learns_to_repeat_the_token_before_the_last(name: str) -> None:
    """Fresh sequences at every step, so nothing can be learned by heart."""
    torch.manual_seed(0)
    mixer, embedding = builtin_class(name)(32, 2), torch.randn(8, 32)
    optimiser, generator = AdamW(mixer), torch.Generator().manual_seed(1)
    losses = []
    for _ in range(100):
        tokens = torch.randint(8, (8, 24), generator=generator)
        y = first_output(mixer(embedding[tokens]))
        loss = F.cross_entropy((y[:, 1:] @ embedding.T).flatten(0, 1), tokens[:, :-1].flatten())
        loss.backward()
        optimiser.step(1e-2, float(optimiser.gradient_norm()))
        losses.append(float(loss.detach()))
    assert losses[0] > 1.5
    assert sum(losses[-10:]) / 10 < 0.1
