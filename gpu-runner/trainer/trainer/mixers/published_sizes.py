"""The sizes at which the built-in mixers were published, and what they count there. Imports torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch

from trainer.accounting.parameters import count_parameters
from trainer.mixers.registry import builtin_class

GPT2_VOCABULARY, LLAMA_VOCABULARY = 50_257, 32_000


@dataclass(frozen=True)
class PublishedSize:
    """A language model of the literature: blocks of RMSNorm, mixer, RMSNorm and SwiGLU, and a last RMSNorm.

    Attributes:
        mlp_width: inner width of the SwiGLU; 0 for blocks without one (Mamba2), which also lack its norm.
        tied: whether the head shares the embedding's weights.
        millions: the published total, in millions of parameters.
    """

    mixer: str
    d_model: int
    n_heads: int
    layers: int
    mlp_width: int
    vocabulary: int
    tied: bool
    millions: float
    options: Mapping[str, int | bool] = field(default_factory=dict)

    def mixer_parameters(self) -> int:
        """Parameters of one mixer, counted on a module without storage."""
        with torch.device("meta"):
            return count_parameters(builtin_class(self.mixer)(self.d_model, self.n_heads, **self.options))

    def body_parameters(self) -> int:
        """Parameters of all blocks and the last norm: all but embedding and head."""
        mlp = 3 * self.d_model * self.mlp_width + self.d_model if self.mlp_width else 0
        return self.layers * (self.mixer_parameters() + self.d_model + mlp) + self.d_model

    def parameters(self) -> int:
        return self.body_parameters() + (1 if self.tied else 2) * self.vocabulary * self.d_model


_GDN = {"value_expansion": 2, "gate_bias": False}
_MAMBA2 = {"expansion": 2, "d_state": 128, "gate_bias": False}

PUBLISHED_SIZES: tuple[PublishedSize, ...] = (
    PublishedSize("delta-net", 256, 8, 8, 768, GPT2_VOCABULARY, True, 19.73),
    PublishedSize("delta-net", 256, 8, 8, 768, GPT2_VOCABULARY, False, 32.59),
    PublishedSize("delta-net", 256, 8, 8, 768, 8192, True, 8.96),
    PublishedSize("delta-net", 1024, 8, 24, 2816, LLAMA_VOCABULARY, False, 374.4),
    PublishedSize("delta-net", 1024, 8, 24, 2816, GPT2_VOCABULARY, False, 411.75),
    PublishedSize("gated-delta-net", 1024, 6, 21, 2816, LLAMA_VOCABULARY, False, 512.3, {"key_width": 1536, **_GDN}),
    PublishedSize("gated-delta-net", 1024, 6, 21, 2816, LLAMA_VOCABULARY, False, 379.9, {"key_width": 768, **_GDN}),
    PublishedSize("gated-delta-net", 1024, 6, 21, 2816, GPT2_VOCABULARY, False, 417.3, {"key_width": 768, **_GDN}),
    PublishedSize("gated-delta-net", 256, 3, 7, 768, GPT2_VOCABULARY, True, 19.78, {"key_width": 192, **_GDN}),
    PublishedSize("mamba2", 1024, 32, 48, 0, LLAMA_VOCABULARY, False, 382.4, _MAMBA2),
    PublishedSize("mamba2", 256, 8, 16, 0, GPT2_VOCABULARY, True, 20.3, _MAMBA2),
    PublishedSize("softmax-attention", 256, 8, 8, 768, GPT2_VOCABULARY, True, 19.69, {"convolution": False}),
    PublishedSize("content-sharp-router", 1024, 8, 24, 2816, GPT2_VOCABULARY, False, 425.44),
    PublishedSize(
        *("fusion-gated-fir-net", 1024, 8, 24, 2816, GPT2_VOCABULARY, False, 466.90),
        {"long_filter": 63, "gate_width": 2048},
    ),
)
