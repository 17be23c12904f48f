"""A class DeltaNet of the published interface as a Mixer of this trainer."""

from __future__ import annotations

import inspect
from typing import Any

from torch import Tensor, nn

# What fla's block passes to its layer of that name (its defaults for the model "DeltaNet").
_BLOCK_ARGUMENTS: dict[str, Any] = {
    "mode": "chunk",
    "expand_k": 1.0,
    "expand_v": 1.0,
    "use_gate": False,
    "use_beta": True,
    "use_short_conv": True,
    "use_output_norm": True,
    "conv_size": 4,
    "conv_bias": False,
    "allow_neg_eigval": False,
    "qk_activation": "silu",
    "qk_norm": "l2",
    "norm_eps": 1e-6,
}


def mixer_of(published: type[nn.Module]) -> type[nn.Module]:
    """A class with the interface Mixer(d_model, n_heads, *, layer_idx, n_layers) around a published one.

    The first output is the layer's. A second one that is a single floating number is its auxiliary loss, and counts as
    such (capped by the trainer); other second outputs (attention weights) and the cache are dropped.
    """
    names = inspect.signature(published.__init__).parameters
    takes_all = any(parameter.kind is parameter.VAR_KEYWORD for parameter in names.values())
    width = "hidden_size" if takes_all or "hidden_size" in names else "d_model"

    class Mixer(nn.Module):
        """x [B,T,d_model] -> y, or (y, {"aux": loss})."""

        def __init__(self, d_model: int, n_heads: int, *, layer_idx: int = 0, n_layers: int = 1) -> None:
            super().__init__()
            given = {**_BLOCK_ARGUMENTS, width: d_model, "num_heads": n_heads, "layer_idx": layer_idx}
            if "d_model" in names and "hidden_size" not in names:
                given["d_model"] = d_model
            self.layer = published(**{name: value for name, value in given.items() if takes_all or name in names})

        def forward(self, x: Tensor, attention_mask: Tensor | None = None) -> Any:
            """`attention_mask` [B,T] of 0 and 1 is for tests of padding: the trainer gives none."""
            result = self.layer(x) if attention_mask is None else self.layer(x, attention_mask=attention_mask)
            if not isinstance(result, (tuple, list)) or not result:
                return result
            loss = result[1] if len(result) > 1 else None
            is_loss = isinstance(loss, Tensor) and loss.numel() == 1 and loss.is_floating_point()
            return (result[0], {"aux": loss}) if is_loss else result[0]

    return Mixer
