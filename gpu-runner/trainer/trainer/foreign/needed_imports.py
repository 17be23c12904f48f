"""Finds what a program imports and the worker lacks, before the program runs."""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_NEEDS_ACCELERATOR = frozenset({"triton"})  # installed with torch on some machines, but its kernels do not run on a CPU


@dataclass(frozen=True)
class _Need:
    module: str
    name: str | None
    line: int

    def __str__(self) -> str:
        what = self.module if self.name is None else f"{self.name} from {self.module}"
        return f"{what} (line {self.line})"


def lacking(
    tree: ast.Module, shims: Mapping[str, Mapping[str, object]], packages: frozenset[str], device: str
) -> str | None:
    """One sentence that names every import that cannot be answered, or None.

    Imports inside functions count, those that are for type checkers only, or guarded by `except ImportError`, do not
    (see `guarded`).
    """
    needs = [need for need in (*_imports(tree), *_attributes(tree)) if not _available(need, shims, packages, device)]
    if not needs:
        return None
    inside = sorted({need.module for need in needs if need.module.split(".")[0] in packages} & shims.keys())
    present = "".join(f" Of {module} there is {', '.join(shims[module])}." for module in inside if shims[module])
    accelerator = any(need.module.split(".")[0] in _NEEDS_ACCELERATOR for need in needs) and device == "cpu"
    place = "and it needs an accelerator" if accelerator else "which is not available here"
    return f"The program imports {', '.join(map(str, dict.fromkeys(needs)))}, {place}.{present}"


def guarded(
    tree: ast.Module, shims: Mapping[str, Mapping[str, object]], packages: frozenset[str], device: str
) -> dict[str, str]:
    """What the program will have caught as missing: every name that it binds instead -> the import, in words."""
    caught: dict[str, str] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Try):
            continue
        expecting = [handler for handler in node.handlers if _expects_missing(handler)]
        body = ast.Module(body=node.body, type_ignores=[])
        needs = [n for n in _imports(body) if not _available(n, shims, packages, device)] if expecting else []
        for need in needs:
            for name in {*_bound_by_imports(body), *(name for handler in expecting for name in _assigned(handler))}:
                caught.setdefault(name, str(need))
    return caught


def _bound_by_imports(tree: ast.AST) -> set[str]:
    aliases = [a for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom)) for a in node.names]
    return {alias.asname or alias.name.split(".")[0] for alias in aliases}


def _assigned(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _available(need: _Need, shims: Mapping[str, Mapping[str, object]], packages: frozenset[str], device: str) -> bool:
    root = need.module.split(".")[0]
    if not root:  # a relative import
        return False
    if root in packages:
        if need.module not in shims:
            return False
        return need.name is None or need.name in shims[need.module] or f"{need.module}.{need.name}" in shims
    if root in _NEEDS_ACCELERATOR and device == "cpu":
        return False
    return root in sys.modules or root in sys.stdlib_module_names or importlib.util.find_spec(root) is not None


def _imports(tree: ast.AST) -> Iterator[_Need]:
    for node in _executed(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield _Need(alias.name, None, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for alias in node.names:
                yield _Need(module, None if alias.name == "*" else alias.name, node.lineno)


def _attributes(tree: ast.AST) -> Iterator[_Need]:
    """`fla.modules.RMSNorm` after `import fla`, or `m.RMSNorm` after `import fla.modules as m`."""
    bound: dict[str, str] = {}
    for node in _executed(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                bound[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
    for node in _executed(tree):
        path = _dotted(node) if isinstance(node, ast.Attribute) else None
        if path and path[0] in bound and bound[path[0]].split(".")[0] in ("fla", "transformers"):
            module, _, name = ".".join((bound[path[0]], *path[1:])).rpartition(".")
            yield _Need(module, name, node.lineno)


def _dotted(node: ast.AST) -> list[str] | None:
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute):
        path = _dotted(node.value)
        return None if path is None else [*path, node.attr]
    return None


def _executed(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those under `if TYPE_CHECKING` and in a `try` that expects imports to fail."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            children: list[ast.AST] = list(node.orelse)
        elif isinstance(node, ast.Try) and any(_expects_missing(handler) for handler in node.handlers):
            children = [*node.orelse, *node.finalbody]
        else:
            children = list(ast.iter_child_nodes(node))
        waiting.extend(reversed(children))


def _expects_missing(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    names = {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}
    return bool(names & {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
