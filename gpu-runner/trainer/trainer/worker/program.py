"""From a candidate's source text to its mixer class, with errors that its author can act on."""

from __future__ import annotations

import ast
import inspect
import linecache
import sys
import traceback
import types

import torch
from torch import nn

from trainer.foreign.cpu_rewrite import UNCOMPILED, rewritten_for_cpu, uncompiled
from trainer.foreign.lacks import GUARDED, AdapterLacksError, lacking_here
from trainer.foreign.needed_imports import guarded, lacking
from trainer.foreign.published_mixer import mixer_of
from trainer.foreign.root_class import OWN, root_class
from trainer.foreign.shim_modules import SHIMS, install_shims, shimmed_packages
from trainer.protocol.failure import JobFailure
from trainer.seed_everything import seed_everything
from trainer.torch_settings import restored_torch_settings

MODULE_NAME = "candidate"
FILE_NAME = "<candidate>"
_CHANGED = "__changed_settings__"  # in the program's namespace: what its import set in torch, by name


def load_mixer(source: str, device: str = "cpu", seed: int = 0) -> type[nn.Module]:
    """Executes the source as a module and returns its class Mixer, or its class DeltaNet as one (see trainer.foreign).

    For the CPU, bfloat16 becomes float32 and torch.compile nothing (see trainer.foreign.cpu_rewrite). Settings of torch
    that it changes are put back: they would hold for all that the trainer builds around it. What it draws at import it
    draws by `seed`: else it would be another program in every process.

    Raises:
        JobFailure: `program-invalid`, when the text is no Python, fails while it is imported, or has no mixer class.
            Its cause is an AdapterLacksError where the program needs a module that is not here.
    """
    try:
        tree = ast.parse(source, FILE_NAME)
        code = compile(rewritten_for_cpu(tree) if device == "cpu" else tree, FILE_NAME, "exec")
    # The parser's own stack: it has nothing to do with what the program allocates.
    except (RecursionError, MemoryError) as error:
        raise JobFailure("program-invalid", "The program's expressions are nested too deeply to be read.") from error
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        where = "" if line is None else f" (line {line})"
        raise JobFailure("program-invalid", f"The program is not valid Python: {error}{where}.") from error
    packages = shimmed_packages(device)
    missing = lacking(tree, SHIMS, packages, device)
    if missing is not None:
        raise JobFailure("program-invalid", missing) from AdapterLacksError(missing)
    install_shims(packages)
    module = types.ModuleType(MODULE_NAME)
    module.__file__ = FILE_NAME
    module.__dict__[UNCOMPILED] = uncompiled
    module.__dict__[GUARDED] = guarded(tree, SHIMS, packages, device)
    sys.modules[MODULE_NAME] = module
    # So that tracebacks and inspect.getsource (torch.compile, torch.jit) find the program's text.
    linecache.cache[FILE_NAME] = (len(source), None, source.splitlines(keepends=True), FILE_NAME)
    seed_everything(seed, device)
    try:
        with restored_torch_settings() as module.__dict__[_CHANGED]:
            exec(code, module.__dict__)
    except MemoryError:
        raise
    except BaseException as error:
        traceback.print_exc()
        missed = lacking_here(error)
        if missed is not None:
            raise JobFailure("program-invalid", missed) from AdapterLacksError(missed)
        raise JobFailure("program-invalid", f"The program fails while it is imported: {describe(error)}.") from error
    name = root_class(tree)
    mixer = getattr(module, name, None)
    if not (inspect.isclass(mixer) and issubclass(mixer, nn.Module)):
        raise JobFailure(
            "program-invalid",
            "The program has no class Mixer that derives from torch.nn.Module (and no class DeltaNet with the "
            "interface of published ASI-Arch programs).",
        )
    return mixer if name == OWN else mixer_of(mixer)


def settings_changed_by_import() -> list[str]:
    """Settings of torch that the program loaded last tried to change for its whole process."""
    module = sys.modules.get(MODULE_NAME)
    return [] if module is None else list(vars(module).get(_CHANGED, ()))


def describe(error: BaseException) -> str:
    """Type, text and the last line of the program that was running, for one sentence."""
    text = " ".join(str(error).split())[:400].removesuffix(".")
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == FILE_NAME]
    where = f" (line {lines[-1]} of the program)" if lines else ""
    return f"{type(error).__name__}: {text}{where}" if text else f"{type(error).__name__}{where}"


def raise_if_not_the_programs(error: BaseException) -> None:
    """Raises an error again that says nothing about the program: no memory, or something that is missing here."""
    if isinstance(error, MemoryError) or lacking_here(error) is not None:
        raise error


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error means that the worker's memory limit, or the accelerator's memory, is used up."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    text = str(error)
    return isinstance(error, (RuntimeError, OSError)) and any(
        sign in text
        for sign in ("can't allocate memory", "not enough memory", "out of memory", "Cannot allocate memory")
    )
