"""`fla.models.utils.Cache`: the states of a model's layers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from trainer.foreign.lacks import PartOfTheAdapter

State = dict[str, Any]


class Cache(PartOfTheAdapter):
    """One dict {recurrent_state, attn_state, conv_state, ffn_state} a layer; `update` adds or overwrites."""

    def __init__(self, seen_tokens: int = 0) -> None:
        self.states: list[State] = []
        self._seen_tokens = seen_tokens

    def __len__(self) -> int:
        return len(self.states)

    def __getitem__(self, layer_idx: int) -> State:
        if layer_idx < len(self):
            return self.states[layer_idx]
        raise KeyError(f"the cache has {len(self)} layers and none with the index {layer_idx}")

    def __iter__(self) -> Iterator[State]:
        return iter(self.states)

    def update(
        self,
        recurrent_state: Any = None,
        attn_state: tuple[Tensor, ...] | None = None,
        conv_state: Any = None,
        ffn_state: Any = None,
        layer_idx: int = 0,
        offset: int = 1,
        cache_kwargs: dict[str, Any] | None = None,
    ) -> State:
        """Stores what is not None; layer 0 counts the tokens.

        `attn_state` tensors [B,T,..] are appended along T; beyond `cache_kwargs["window_size"]` the oldest fall out.
        """
        if layer_idx == 0:
            self._seen_tokens += offset
        window = (cache_kwargs or {}).get("window_size")
        if layer_idx >= len(self):
            kept = None if attn_state is None else tuple(_latest(part, window) for part in attn_state)
            state: State = {
                "recurrent_state": recurrent_state,
                "attn_state": kept,
                "conv_state": conv_state,
                "ffn_state": ffn_state,
            }
            self.states.append(state)
            return state
        state = self.states[layer_idx]
        if attn_state is not None:
            before = state["attn_state"] or tuple(part[:, :0] for part in attn_state)
            joined = (torch.cat((old, new), 1) for old, new in zip(before, attn_state, strict=True))
            state["attn_state"] = tuple(_latest(part, window) for part in joined)
        for name, value in (("recurrent_state", recurrent_state), ("conv_state", conv_state), ("ffn_state", ffn_state)):
            if value is not None:
                state[name] = value
        return state

    def get_seq_length(self, layer_idx: int | None = 0) -> int:
        """Tokens seen so far."""
        return self._seen_tokens if len(self) > (layer_idx or 0) else 0


def _latest(part: Tensor, window: int | None) -> Tensor:
    return part if window is None else part[:, -window:]
