"""Findings on a published program speak of its own attributes, not of the adapter's around it."""

from __future__ import annotations

import ast
import re

from trainer.foreign.root_class import OWN, root_class

_ADAPTERS = re.compile(r"\bself\.layer\.(?=\w)")


def in_authors_names(message: str, source: str) -> str:
    """`self.layer._step` of the adapter is the author's `self._step`; in a program of our own interface it stays."""
    try:
        is_own = root_class(ast.parse(source)) == OWN
    except (SyntaxError, ValueError):
        return message
    return message if is_own else _ADAPTERS.sub("self.", message)
