"""Hash of a program that ignores names, comments, annotations and the order of definitions."""

from __future__ import annotations

import ast
import hashlib

from trainer.fingerprint.canonical_names import CanonicalNames
from trainer.fingerprint.definition_order import ordered_definitions

_TYPES_ONLY = ("TYPE_CHECKING", "typing.TYPE_CHECKING")


def program_hash(source: str) -> str:
    """SHA-256 (hex) of the alpha-normalised syntax tree.

    Equal for programs that differ in local names, attribute names, class names, import aliases, docstrings, comments,
    annotations, layout, the order of functions, classes and methods, definitions that the mixer class never reaches,
    and what is for type checkers only. Text that is no Python, or nested too deeply, is hashed as it is.
    """
    try:
        tree = ast.parse(source)
        for node in ast.walk(tree):
            _strip(node)
        names = CanonicalNames(tree)
        text = ast.dump(names.visit(ordered_definitions(tree)), annotate_fields=False)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        text = source
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _strip(node: ast.AST) -> None:
    """Removes docstrings and other bare constants, `pass`, annotations and type comments."""
    for field in ("body", "orelse", "finalbody"):
        statements = getattr(node, field, None)
        if isinstance(statements, list):
            setattr(node, field, [kept for s in statements if (kept := _statement(s)) is not None])
    if isinstance(node, ast.arg):
        node.annotation = node.type_comment = None
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        node.returns = node.type_comment = None


def _statement(statement: ast.stmt) -> ast.stmt | None:
    if isinstance(statement, ast.Pass):
        return None
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return None
    if isinstance(statement, ast.If) and not statement.orelse and ast.unparse(statement.test) in _TYPES_ONLY:
        return None
    if isinstance(statement, ast.AnnAssign):
        if statement.value is None:
            return None
        return ast.Assign([statement.target], statement.value)
    return statement
