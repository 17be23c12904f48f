"""Tensors by name and size, in words."""

from __future__ import annotations

_NAMED = 4


def named_sizes(sizes: dict[str, int]) -> str:
    """The first names, how many there are beside them, and how many numbers they hold together."""
    names = [*list(sizes)[:_NAMED], *([f"{len(sizes) - _NAMED} others"] if len(sizes) > _NAMED else [])]
    return f"{', '.join(names)}: {sum(sizes.values()):,} numbers"
