"""Renames everything that a program names itself."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

import torch
from torch import nn

from trainer.foreign.root_class import root_class

_IMPORTED = "import:"  # no identifier starts so
_KEPT_ATTRIBUTES = frozenset({"forward"})
_LIBRARY_ATTRIBUTES = frozenset((*dir(torch.Tensor), *dir(torch), *dir(nn), *dir(nn.functional)))
_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


class CanonicalNames(ast.NodeTransformer):
    """Names by order of first appearance in their scope; imports by the dotted path of what they import.

    Invariants:
    N1: a name of Python or torch is never renamed, so that another operation is another hash.
    N2: keywords are renamed only where the callee is the program's own; they become positions.
    """

    def __init__(self, tree: ast.Module) -> None:
        self._imports: dict[str, str] = {}
        self._attributes: set[str] = set()
        self._parameters: dict[str, list[str]] = {}  # own function, method or class -> names of its parameters
        self._globals: dict[str, str] = {}
        self._new_attributes: dict[str, str] = {}
        self._scopes: list[dict[str, str]] = []
        for node in ast.walk(tree):
            self._collect(node)
        for statement in tree.body:
            if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
                self._globals[statement.name] = ""
            self._globals.update(dict.fromkeys(_stored([statement]), ""))
        self._root = root_class(tree)
        self._globals = dict.fromkeys((*self._globals, self._root), "")

    def _collect(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                path = alias.name if alias.asname else alias.name.split(".")[0]
                self._imports[alias.asname or path] = _IMPORTED + path
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                self._imports[alias.asname or alias.name] = f"{_IMPORTED}{node.module}.{alias.name}"
        elif isinstance(node, ast.FunctionDef):
            self._parameters[node.name] = [a.arg for a in _arguments(node)]
        elif isinstance(node, ast.ClassDef):
            self._collect_class(node)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            self._attributes.add(node.attr)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            first = node.args[0]
            registers = node.func.attr in ("register_buffer", "register_parameter", "add_module")
            if registers and isinstance(first, ast.Constant) and isinstance(first.value, str):
                self._attributes.add(first.value)

    def _collect_class(self, node: ast.ClassDef) -> None:
        self._attributes.update(_stored(node.body))
        for statement in node.body:
            if isinstance(statement, ast.FunctionDef):
                self._attributes.add(statement.name)
                if statement.name == "__init__":
                    self._parameters[node.name] = [a.arg for a in _arguments(statement)][1:]

    def _name(self, name: str) -> str:
        for depth in range(len(self._scopes) - 1, -1, -1):
            scope = self._scopes[depth]
            if name in scope:
                scope[name] = scope[name] or f"local{depth}_{sum(map(bool, scope.values()))}"
                return scope[name]
        if name in self._imports:
            return self._imports[name]
        if name in self._globals or not hasattr(builtins, name):
            known = self._globals.get(name) or f"global{sum(map(bool, self._globals.values()))}"
            self._globals[name] = known
            return known
        return name

    def _attribute(self, name: str) -> str:
        if name in _KEPT_ATTRIBUTES or (name.startswith("__") and name.endswith("__")):
            return name
        return self._new_attributes.setdefault(name, f"attribute{len(self._new_attributes)}")

    def visit_Name(self, node: ast.Name) -> ast.AST:
        in_class = self._scopes and "" in self._scopes[-1] and node.id in self._attributes
        return ast.Name(self._attribute(node.id) if in_class else self._name(node.id), node.ctx)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        own_object = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls", self._root)
        value = self.visit(node.value)
        if isinstance(value, ast.Name) and value.id.startswith(_IMPORTED):  # torch.nn.functional.silu is one name
            return ast.Name(f"{value.id}.{node.attr}", node.ctx)
        own = node.attr in self._attributes and (own_object or node.attr not in _LIBRARY_ATTRIBUTES)
        return ast.Attribute(value, self._attribute(node.attr) if own else node.attr, node.ctx)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, str) and node.value in self._attributes:  # getattr, register_buffer
            return ast.Constant(self._attribute(node.value))
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        callee = None
        if isinstance(node.func, ast.Name):
            callee = self._parameters.get(node.func.id)
        elif isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
            own = node.func.value.id in ("self", "cls") and node.func.attr in self._attributes
            callee = self._parameters.get(node.func.attr, [""])[1:] if own else None
        keywords = [
            ast.keyword(f"parameter{callee.index(k.arg)}" if callee and k.arg in callee else k.arg, self.visit(k.value))
            for k in node.keywords
        ]
        return ast.Call(self.visit(node.func), [self.visit(a) for a in node.args], keywords)

    def visit_Import(self, node: ast.Import) -> None:
        return None

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        return None

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(self._name(node.arg))

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.name = self._name(node.name)
        node.bases = [self.visit(base) for base in node.bases]
        self._scopes.append({"": "class"})  # the empty name marks the body of a class
        node.body = [visited for s in node.body if (visited := self.visit(s)) is not None]
        self._scopes.pop()
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        in_class = bool(self._scopes) and "" in self._scopes[-1]
        node.name = self._attribute(node.name) if in_class else self._name(node.name)
        return self._visit_scope(node, [*(a.arg for a in _arguments(node)), *_stored(node.body)])

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return self._visit_scope(node, [a.arg for a in _arguments(node)])

    def _visit_comprehension(self, node: ast.AST) -> ast.AST:
        targets = [n.id for g in node.generators for n in ast.walk(g.target) if isinstance(n, ast.Name)]  # type: ignore[attr-defined]
        return self._visit_scope(node, targets)

    visit_ListComp = visit_SetComp = visit_GeneratorExp = visit_DictComp = _visit_comprehension  # noqa: N815

    def _visit_scope(self, node: ast.AST, names: list[str]) -> ast.AST:
        self._scopes.append(dict.fromkeys(names, ""))
        visited = self.generic_visit(node)
        self._scopes.pop()
        return visited


def _arguments(node: _Function) -> list[ast.arg]:
    a = node.args
    return [*a.posonlyargs, *a.args, *a.kwonlyargs, *(x for x in (a.vararg, a.kwarg) if x is not None)]


def _stored(body: list[ast.stmt]) -> Iterator[str]:
    """Names bound by the statements of one scope, without those of inner functions, classes and comprehensions."""
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
            continue
        if isinstance(node, (ast.Lambda, _Comprehension)):
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        waiting.extend(ast.iter_child_nodes(node))
