"""Puts the definitions of a module into the order in which its mixer class reaches them."""

from __future__ import annotations

import ast

from trainer.foreign.root_class import root_class

_Import = ast.Import | ast.ImportFrom
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def ordered_definitions(tree: ast.Module) -> ast.Module:
    """Functions, classes, imports and module constants in order of first use, depth first; unreached ones dropped.

    Methods are ordered likewise, from `__init__` and `forward`. A module without a mixer class is returned as it is,
    and so is one whose own order has a meaning: where a name is bound twice or changed, or a statement does something
    else than to define.
    """
    defined: dict[str, ast.stmt] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue  # a text
        names = _names_bound(statement)
        again = [defined[name] for name in names if name in defined]
        if not names or not all(isinstance(one, _Import) for one in (*again, *([statement] if again else []))):
            return tree  # importing twice changes nothing
        defined.update(dict.fromkeys(names, statement))
    root = root_class(tree)
    if root not in defined:
        return tree
    for statement in tree.body:
        if isinstance(statement, ast.ClassDef):
            statement.body = _ordered_methods(statement.body)
    ordered: list[ast.stmt] = []
    _visit(defined[root], defined, ordered)
    return ast.Module([s for s in ordered if not isinstance(s, _Import)], [])


def _names_bound(statement: ast.stmt) -> list[str]:
    if isinstance(statement, _Definition):
        return [statement.name]
    if isinstance(statement, _Import):
        return [alias.asname or alias.name.split(".")[0] for alias in statement.names]
    if isinstance(statement, ast.Assign) and all(_binds_names_alone(target) for target in statement.targets):
        return [node.id for target in statement.targets for node in ast.walk(target) if isinstance(node, ast.Name)]
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return [statement.target.id]
    return []


def _binds_names_alone(target: ast.expr) -> bool:
    return not any(isinstance(node, (ast.Subscript, ast.Attribute)) for node in ast.walk(target))


def _visit(statement: ast.stmt, defined: dict[str, ast.stmt], ordered: list[ast.stmt]) -> None:
    if any(statement is seen for seen in ordered):
        return
    ordered.append(statement)
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and node.id in defined:
            _visit(defined[node.id], defined, ordered)


def _ordered_methods(body: list[ast.stmt]) -> list[ast.stmt]:
    methods = {s.name: s for s in body if isinstance(s, (ast.FunctionDef, ast.AsyncFunctionDef))}
    if len(methods) != sum(isinstance(s, (ast.FunctionDef, ast.AsyncFunctionDef)) for s in body):
        return body  # a name defined twice (property setters): order has a meaning
    ordered: list[ast.stmt] = [s for s in body if not isinstance(s, (ast.FunctionDef, ast.AsyncFunctionDef))]

    def reach(name: str) -> None:
        method = methods.pop(name, None)
        if method is None:
            return
        ordered.append(method)
        for node in ast.walk(method):
            if isinstance(node, ast.Attribute):
                reach(node.attr)

    reach("__init__")
    reach("forward")
    for name in list(methods):  # reached from outside the class only
        reach(name)
    return ordered
