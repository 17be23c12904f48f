"""Which class of a program is the mixer."""

from __future__ import annotations

import ast

OWN = "Mixer"
PUBLISHED = "DeltaNet"


def root_class(tree: ast.Module) -> str:
    """`Mixer`, or `DeltaNet` for a module that binds only that name at its top level."""
    bound = {name for statement in tree.body for name in _bound(statement)}
    return PUBLISHED if PUBLISHED in bound and OWN not in bound else OWN


def _bound(statement: ast.stmt) -> list[str]:
    if isinstance(statement, (ast.ClassDef, ast.FunctionDef)):
        return [statement.name]
    if isinstance(statement, ast.Assign):
        return [node.id for target in statement.targets for node in ast.walk(target) if isinstance(node, ast.Name)]
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return [alias.asname or alias.name for alias in statement.names]
    return []
