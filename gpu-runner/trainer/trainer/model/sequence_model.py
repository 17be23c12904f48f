"""Embedding, blocks, norm and head around the candidate's mixers."""

from __future__ import annotations

from torch import Tensor, nn

from trainer.model.block import Block


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
