"""Activations by the names that fla gives them."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

from trainer.foreign.lacks import AdapterLacksError

_KNOWN = {"silu": F.silu, "swish": F.silu, "sigmoid": lambda x: x.sigmoid()}


def activate(x: Tensor, name: str | None, user: str) -> Tensor:
    """x through the named activation; None is the identity. Raises AdapterLacksError for other names."""
    if name is None:
        return x
    if name not in _KNOWN:
        raise AdapterLacksError(f"{user}(activation={name!r}) is not in the adapter; it has {', '.join(_KNOWN)}")
    return _KNOWN[name](x)
