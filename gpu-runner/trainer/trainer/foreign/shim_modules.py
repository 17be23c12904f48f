"""Puts the shims where the imports of a published program find them."""

from __future__ import annotations

import importlib.util
import sys
import types
from typing import Any

from trainer.foreign.lacks import AdapterLacksAttributeError
from trainer.foreign.shims.cache import Cache
from trainer.foreign.shims.l2norm import L2Norm, l2norm
from trainer.foreign.shims.norms import FusedRMSNormGated, RMSNorm
from trainer.foreign.shims.padding import get_unpad_data, index_first_axis, pad_input
from trainer.foreign.shims.short_convolution import ShortConvolution

_PADDING = {"get_unpad_data": get_unpad_data, "index_first_axis": index_first_axis, "pad_input": pad_input}
_L2NORM = {"l2norm": l2norm, "l2_norm": l2norm, "L2Norm": L2Norm}

SHIMS: dict[str, dict[str, Any]] = {
    "fla": {},
    "fla.layers": {},
    "fla.layers.utils": _PADDING,
    "fla.models": {},
    "fla.models.utils": {"Cache": Cache},
    "fla.modules": {
        "FusedRMSNormGated": FusedRMSNormGated,
        "L2Norm": L2Norm,
        "RMSNorm": RMSNorm,
        "ShortConvolution": ShortConvolution,
    },
    "fla.modules.convolution": {"ShortConvolution": ShortConvolution},
    "fla.modules.fused_norm_gate": {"FusedRMSNormGated": FusedRMSNormGated},
    "fla.modules.l2norm": _L2NORM,
    "fla.modules.layernorm": {"RMSNorm": RMSNorm},
    "transformers": {},
    "transformers.cache_utils": {"Cache": Cache},
    "transformers.processing_utils": {"Unpack": Any},
}


def shimmed_packages(device: str) -> frozenset[str]:
    """Packages whose place the shims take. An installed original comes first, except fla on the CPU.

    The kernels of fla need an accelerator, so on the CPU the installed package would only fail. What a process has
    imported already stays: outside a worker somebody may be using it.
    """
    return frozenset(
        name
        for name in ("fla", "transformers")
        if not _is_imported(name) and ((name, device) == ("fla", "cpu") or not _is_installed(name))
    )


def _is_imported(package: str) -> bool:
    present = sys.modules.get(package)
    return present is not None and not isinstance(present, _Shim)


def _is_installed(package: str) -> bool:
    return package not in sys.modules and importlib.util.find_spec(package) is not None


class _Shim(types.ModuleType):
    """A module of the adapter."""

    def __getattr__(self, name: str) -> Any:
        message = f"the adapter for foreign programs has no {self.__name__}.{name}"
        # What the import system and inspect look for is no part of a package.
        raise AttributeError(message) if name.startswith("__") else AdapterLacksAttributeError(message)


def install_shims(packages: frozenset[str]) -> None:
    """Registers the modules in this process only: workers call it, and nothing is written to disk."""
    for path, names in SHIMS.items():
        if path.split(".")[0] not in packages:
            continue
        module = _Shim(path)
        module.__path__ = []  # a package, so that the names below it can be imported
        module.__dict__.update(names)
        sys.modules[path] = module
        parent, _, name = path.rpartition(".")
        if parent:
            setattr(sys.modules[parent], name, module)
