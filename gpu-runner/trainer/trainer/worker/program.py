"""From a candidate's source text to its mixer class, with errors that its author can act on."""

from __future__ import annotations

import inspect
import linecache
import sys
import traceback
import types

import torch
from torch import nn

from trainer.protocol.failure import JobFailure

MODULE_NAME = "candidate"
FILE_NAME = "<candidate>"


def load_mixer(source: str) -> type[nn.Module]:
    """Executes the source as a module and returns its class Mixer.

    Raises:
        JobFailure: `program-invalid`, when the text is no Python, fails while it is imported, or has no class Mixer.
    """
    try:
        code = compile(source, FILE_NAME, "exec")
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise JobFailure("program-invalid", f"The program is not valid Python: {error} (line {line}).") from error
    module = types.ModuleType(MODULE_NAME)
    module.__file__ = FILE_NAME
    sys.modules[MODULE_NAME] = module
    # So that tracebacks and inspect.getsource (torch.compile, torch.jit) find the program's text.
    linecache.cache[FILE_NAME] = (len(source), None, source.splitlines(keepends=True), FILE_NAME)
    try:
        exec(code, module.__dict__)
    except MemoryError:
        raise
    except BaseException as error:
        traceback.print_exc()
        raise JobFailure("program-invalid", f"The program fails while it is imported: {describe(error)}.") from error
    mixer = getattr(module, "Mixer", None)
    if not (inspect.isclass(mixer) and issubclass(mixer, nn.Module)):
        raise JobFailure("program-invalid", "The program has no class Mixer that derives from torch.nn.Module.")
    return mixer


def describe(error: BaseException) -> str:
    """Type, text and the last line of the program that was running, for one sentence."""
    text = " ".join(str(error).split())[:400]
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == FILE_NAME]
    where = f" (line {lines[-1]} of the program)" if lines else ""
    return f"{type(error).__name__}: {text}{where}" if text else f"{type(error).__name__}{where}"


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error means that the worker's memory limit, or the accelerator's memory, is used up."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    text = str(error)
    return isinstance(error, (RuntimeError, OSError)) and any(
        sign in text
        for sign in ("can't allocate memory", "not enough memory", "out of memory", "Cannot allocate memory")
    )
