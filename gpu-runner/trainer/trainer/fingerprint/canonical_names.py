"""Renames everything that a program names itself."""

from __future__ import annotations

import ast
import builtins

import torch
from torch import nn

_KEPT = frozenset({"Mixer", "forward", "self"})
_LIBRARY_ATTRIBUTES = frozenset((*dir(torch.Tensor), *dir(torch), *dir(nn), *dir(nn.functional)))


class CanonicalNames(ast.NodeTransformer):
    """Names by order of first appearance in the tree; imports by what they import.

    Invariants:
    N1: a name of Python or torch is never renamed, so that another operation is another hash.
    N2: keywords are renamed only where the callee is the program's own.
    """

    def __init__(self, tree: ast.Module) -> None:
        self._imports: dict[str, str] = {}
        self._own: set[str] = set()
        self._attributes: set[str] = set()
        self._new: dict[str, str] = {}
        for node in ast.walk(tree):
            self._collect(node)

    def _collect(self, node: ast.AST) -> None:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self._own.add(node.name)
        if isinstance(node, ast.ClassDef):
            for statement in node.body:
                if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    self._attributes.add(statement.name)
                for name in ast.walk(statement) if isinstance(statement, ast.Assign) else ():
                    if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                        self._attributes.add(name.id)
        elif isinstance(node, ast.arg):
            self._own.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            self._own.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            self._attributes.add(node.attr)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            first = node.args[0]
            registers = node.func.attr in ("register_buffer", "register_parameter", "add_module")
            if registers and isinstance(first, ast.Constant) and isinstance(first.value, str):
                self._attributes.add(first.value)

    def _rename(self, name: str) -> str:
        if name in _KEPT or (name.startswith("__") and name.endswith("__")):
            return name
        return self._new.setdefault(name, f"n{len(self._new)}")

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in self._imports:
            return ast.Name(self._imports[node.id], node.ctx)
        if node.id in self._own or not hasattr(builtins, node.id):
            return ast.Name(self._rename(node.id), node.ctx)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(self._rename(node.arg))

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        own_object = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
        value = self.visit(node.value)
        own = node.attr in self._attributes and (own_object or node.attr not in _LIBRARY_ATTRIBUTES)
        return ast.Attribute(value, self._rename(node.attr) if own else node.attr, node.ctx)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, str) and node.value in self._attributes:  # getattr, register_buffer
            return ast.Constant(self._rename(node.value))
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        function, arguments = self.visit(node.func), [self.visit(a) for a in node.args]
        own = (isinstance(node.func, ast.Name) and node.func.id in self._own) or (
            isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "self"
        )
        keywords = [
            ast.keyword(self._rename(k.arg) if own and k.arg in self._own else k.arg, self.visit(k.value))
            for k in node.keywords
        ]
        return ast.Call(function, arguments, keywords)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name = self._rename(node.name)
        return self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.name = self._rename(node.name)
        return self.generic_visit(node)
