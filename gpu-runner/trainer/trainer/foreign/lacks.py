"""The errors of a program that needs what is not here, told from those of a program that is wrong."""

from __future__ import annotations

import ast
import linecache
import re
import sys
import traceback
from collections.abc import Iterator
from types import FrameType
from typing import Any

from trainer.foreign.root_class import PUBLISHED

GUARDED = "__guarded_imports__"  # in the program's namespace: what its `except ImportError` has caught, by name

_ELSEWHERE = (
    "It cannot be judged here; use what the documentation lists (torch, einops, the parts of fla in foreign.md)."
)
_ACCELERATOR = (
    "The program needs an accelerator, and here is none: create tensors on x.device, or certify it where one is."
)
# How torch says that a device is not there.
_NO_DEVICE = re.compile(
    r"NVIDIA driver|CUDA GPUs are available|compiled with (CUDA|XPU|MPS)|compiled without CUDA|CUDA driver|"
    r"linked with support for (cuda|mps|xpu)|accelerator device when none|torch\.cuda\.is_available\(\) is False|"
    r"same device.*\b(cuda|mps|xpu)",
    re.DOTALL,
)
# How torch says that half precision met single precision.
_TWO_PRECISIONS = re.compile(r"(scalar type|dtype).*\b(BFloat16|Half)\b", re.DOTALL)
_REFUSED = re.compile(r"^(\w+)(?:\.\w+)*\(\) (got an unexpected keyword argument '(\w+)'|takes .* positional argument)")


class AdapterLacksError(ModuleNotFoundError):
    """The program may be a good one, but it cannot be judged here: the verdict is `unsupported`, not `fail`.

    It is a ModuleNotFoundError because that is what the program would meet without the adapter.
    """


class AdapterLacksAttributeError(AttributeError):
    """The same, where the program asks a part of the adapter for something: `hasattr` says no."""


class PartOfTheAdapter:
    """A class whose missing attributes are the adapter's fault before they are the program's."""

    def __getattr__(self, name: str) -> Any:
        try:
            return super().__getattr__(name)  # type: ignore[misc]
        except AttributeError:
            if name.startswith("_"):
                raise
            part = next(c.__name__ for c in type(self).__mro__ if c.__module__.startswith("trainer.foreign.shims"))
            raise AdapterLacksAttributeError(f"{part}.{name} is not in the adapter for foreign programs") from None


def lacking_here(error: BaseException) -> str | None:
    """Sentences about what is missing on this machine, if that is the reason of an error; None for a program's own."""
    text = " ".join(str(error).split())
    if isinstance(error, (ModuleNotFoundError, AdapterLacksAttributeError)):
        return f"{type(error).__name__}: {text}{_line(error)}. {_ELSEWHERE}"
    if isinstance(error, (RuntimeError, AssertionError, ValueError)) and _NO_DEVICE.search(text):
        return f"{_ACCELERATOR} ({type(error).__name__}: {text[:200]}{_line(error)})"
    frames = list(_program_frames(error))
    if not frames:
        return None
    if isinstance(error, RuntimeError) and _TWO_PRECISIONS.search(text) and PUBLISHED in frames[-1][0].f_globals:
        return (
            f"The program computes in half precision{_line(error)}, which the adapter turns into float32 on a CPU "
            "where it is written as torch.bfloat16 or .bfloat16(): write it so, or certify it on an accelerator. "
            f"({text[:200]})"
        )
    if isinstance(error, TypeError) and _is_refused_by_the_adapter(text, frames[-1]):
        return f"The adapter's part is narrower than the original: {text}{_line(error)}. {_ELSEWHERE}"
    guarded = _guarded_behind(error, frames[-1])
    if guarded:
        missed = ", ".join(dict.fromkeys(guarded))
        return f"The program imports {missed}, goes on without, and needs it{_line(error)}: {text}. {_ELSEWHERE}"
    return None


def _program_frames(error: BaseException) -> Iterator[tuple[FrameType, int]]:
    """Frames of the program, which is the one whose namespace says what it has gone on without."""
    for frame, line in traceback.walk_tb(error.__traceback__):
        if GUARDED in frame.f_globals:
            yield frame, line


def _line(error: BaseException) -> str:
    lines = [line for _, line in _program_frames(error)]
    return f" (line {lines[-1]} of the program)" if lines else ""


def _is_refused_by_the_adapter(text: str, place: tuple[FrameType, int]) -> bool:
    match = _REFUSED.match(text)
    if match is None:
        return False
    named = place[0].f_globals.get(match.group(1))
    if getattr(named, "__module__", None) == place[0].f_globals["__name__"]:
        return False  # the program's own, though it is called like a part of the adapter
    shims = [(path, module) for path, module in sys.modules.items() if path.startswith("trainer.foreign.shims.")]
    return any(getattr(getattr(module, match.group(1), None), "__module__", "") == path for path, module in shims)


def _guarded_behind(error: BaseException, place: tuple[FrameType, int]) -> list[str]:
    """Guarded imports that the failing statement uses, or that it refuses to go on without; all of them where None is
    used like a function."""
    frame, line = place
    guarded: dict[str, str] = frame.f_globals[GUARDED]
    if not guarded:
        return []
    if isinstance(error, (TypeError, AttributeError)) and "'NoneType' object" in str(error):
        return list(guarded.values())
    return [guarded[name] for name in _names_at(frame.f_code.co_filename, line) if name in guarded]


def _names_at(file_name: str, line: int) -> list[str]:
    """Names in the statement at a line; in one that refuses (raise, assert) also those of the conditions around it."""
    tree = ast.parse("".join(linecache.getlines(file_name)))
    around = [n for n in ast.walk(tree) if isinstance(n, ast.stmt) and n.lineno <= line <= (n.end_lineno or n.lineno)]
    inner = [node for node in around if not hasattr(node, "body")]
    refuses = any(isinstance(node, (ast.Raise, ast.Assert)) for node in inner)
    tests = [node.test for node in around if isinstance(node, (ast.If, ast.While))]
    looked_at: list[ast.AST] = [*inner, *(tests if refuses else [test for test in tests if test.lineno == line])]
    return [name.id for node in looked_at for name in ast.walk(node) if isinstance(name, ast.Name)]
