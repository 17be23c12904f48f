"""The built-in token mixers by name. Importing this file does not import torch."""

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import nn

_MODULES: dict[str, str] = {
    "delta-net": "delta_net",
    "gated-delta-net": "gated_delta_net",
    "mamba2": "mamba2",
    "gla": "gla",
    "retnet": "retnet",
    "linear-attention": "linear_attention",
    "softmax-attention": "softmax_attention",
    "convolution-only": "convolution_only",
    "path-gate-fusion-net": "path_gate_fusion_net",
    "content-sharp-router": "content_sharp_router",
    "fusion-gated-fir-net": "fusion_gated_fir_net",
    "hier-gate-net": "hier_gate_net",
    "ada-multi-path-gate-net": "ada_multi_path_gate_net",
}

BUILTIN_NAMES: tuple[str, ...] = tuple(_MODULES)


def builtin_path(name: str) -> Path:
    """Path of the source file of a built-in mixer. Raises KeyError (with the known names) otherwise."""
    if name not in _MODULES:
        raise KeyError(f"no built-in mixer is called {name!r}; choose one of {', '.join(_MODULES)}")
    return Path(__file__).with_name(f"{_MODULES[name]}.py")


def builtin_source(name: str) -> str:
    """Source text of a built-in mixer: a complete candidate program, usable as a parent."""
    return builtin_path(name).read_text(encoding="utf-8")


def builtin_class(name: str) -> "type[nn.Module]":
    """The class `Mixer` of a built-in. Imports torch."""
    return importlib.import_module(f"trainer.mixers.{builtin_path(name).stem}").Mixer
