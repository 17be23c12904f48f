"""Rewrites a program for the CPU: float32 for bfloat16, and no compiler."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

UNCOMPILED = "__uncompiled__"  # the name under which `uncompiled` must be in the program's namespace


def uncompiled(function: Callable[..., Any] | None = None, **_options: Any) -> Callable[..., Any]:
    """Stands for torch.compile, as a decorator with or without options, and as a function."""
    return function if function is not None else lambda decorated: decorated


def rewritten_for_cpu(tree: ast.Module) -> ast.Module:
    """The tree with `torch.bfloat16` as `torch.float32`, `.bfloat16()` as `.float()` and torch.compile as `uncompiled`.

    bfloat16 is emulated on most CPUs (about a hundredth of the speed of float32), and a cast to it that is not undone
    fails at the next float32 weight. Importing torch's compiler takes four seconds of a core. Lines keep their numbers.
    """
    return ast.fix_missing_locations(_ForCpu(tree).visit(tree))


class _ForCpu(ast.NodeTransformer):
    def __init__(self, tree: ast.Module) -> None:
        imports = [alias for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
        self._torch = {alias.asname or "torch" for alias in imports if alias.name == "torch"}

    def visit_Call(self, node: ast.Call) -> ast.AST:
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr == "bfloat16":
            function.attr = "float"
        elif isinstance(function, ast.Name) and function.id == "getattr" and len(node.args) > 1:
            name = node.args[1]
            if isinstance(name, ast.Constant) and name.value == "bfloat16":
                name.value = "float32"
        return self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if node.attr == "bfloat16":
            node.attr = "float32"
        elif node.attr == "compile" and isinstance(node.value, ast.Name) and node.value.id in self._torch:
            return ast.copy_location(ast.Name(UNCOMPILED, ast.Load()), node)
        return self.generic_visit(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> Any:
        if node.module != "torch" or node.level:
            return node
        statements: list[ast.stmt] = []
        kept = []
        for alias in node.names:
            if alias.name == "bfloat16":
                kept.append(ast.alias("float32", alias.asname or "bfloat16"))
            elif alias.name == "compile":
                name = ast.Name(alias.asname or "compile", ast.Store())
                statements.append(ast.Assign([name], ast.Name(UNCOMPILED, ast.Load())))
            else:
                kept.append(alias)
        if kept:
            node.names = kept
            statements.insert(0, node)
        return [ast.copy_location(statement, node) for statement in statements]
