"""The code that a checkpoint's folder carries: what builds its model, copied from this trainer under another name.

It is the very code that `trainer.interchange.load` runs: its modules and all that they import of this package. Torch is
what remains to be installed, and what the program itself imports.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

from trainer.interchange.layout import PACKAGE

_ROOT = Path(__file__).parents[1]  # the package `trainer`
_ENTRY = "trainer.interchange.load_checkpoint"
_INIT = f'''"""Builds the trained model of the folder that this package lies in. Written by the ASI-Arch trainer."""

from pathlib import Path


def load(folder=Path(__file__).parent.parent):
    """The model in evaluation mode, on the CPU. It runs the folder's program.py: load only what you trust."""
    from {PACKAGE}.interchange.load_checkpoint import load_checkpoint

    return load_checkpoint(Path(folder))
'''


@functools.cache
def standalone_files() -> dict[str, str]:
    """Path below the package -> text, of `load_checkpoint` and every module of this package that it needs."""
    files = {"__init__.py": _INIT}
    waiting, seen = [_ENTRY], {"trainer", "trainer.interchange"}
    while waiting:
        module = waiting.pop()
        if module in seen:
            continue
        seen.add(module)
        package, plain = _ROOT.parent.joinpath(*module.split(".")), ".".join(module.split(".")[:-1])
        path = package / "__init__.py" if package.is_dir() else package.with_suffix(".py")
        source = path.read_text(encoding="utf-8")
        files[path.relative_to(_ROOT).as_posix()] = _renamed(source)
        waiting += [plain, *_own_imports(ast.parse(source))]
    files["interchange/__init__.py"] = ""
    return files


def _own_imports(tree: ast.Module) -> Iterator[str]:
    """Modules of this package that the text imports; `from trainer.x import y` where y may be a module, too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "trainer")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "trainer":
            yield str(node.module)


def _renamed(source: str) -> str:
    """With its imports and names of modules of `trainer` as those of the folder's package; all else to the letter."""
    lines = source.splitlines(keepends=True)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "trainer":
            lines[node.lineno - 1] = lines[node.lineno - 1].replace("from trainer", f"from {PACKAGE}", 1)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("trainer."):
            lines[node.lineno - 1] = lines[node.lineno - 1].replace(node.value, PACKAGE + node.value[len("trainer") :])
    return "".join(lines)


def readme(task: str) -> str:
    """Three lines of Python that load the model."""
    return f"""# A trained model: {task}

```python
import sys; sys.path.insert(0, "/path/to/this/folder")
import {PACKAGE}; model = {PACKAGE}.load()
logits = model.head(model(tokens)[0])  # tokens int64 [B,T] -> [B,T,classes]
```

`model` is a torch.nn.Module in evaluation mode on the CPU. Needed are PyTorch, and what `program.py` imports (`fla` it
brings along). `{PACKAGE}.load(folder)` loads a sister's folder. Loading runs `program.py`: load only what you trust.
Sizes, suite, task, seed and versions are in `config.json`; the weights alone are read by any reader of safetensors.
"""
