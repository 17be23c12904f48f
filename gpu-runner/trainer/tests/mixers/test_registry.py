"""The builtins are parents of the search: their source text alone must be a working program."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from trainer.certificate.first_output import first_output
from trainer.mixers.registry import BUILTIN_NAMES, builtin_class, builtin_path, builtin_source


@pytest.mark.parametrize("name", BUILTIN_NAMES)
def test_the_source_text_alone_is_the_program(name: str) -> None:
    namespace: dict[str, object] = {"__name__": "candidate"}
    exec(compile(builtin_source(name), name, "exec"), namespace)
    x = torch.randn(2, 9, 64)
    torch.manual_seed(0)
    from_text = namespace["Mixer"](64, 2, layer_idx=1, n_layers=2)  # type: ignore[operator]
    torch.manual_seed(0)
    from_class = builtin_class(name)(64, 2)
    assert torch.equal(first_output(from_text(x)), first_output(from_class(x)))
    imports = [line for line in builtin_source(name).splitlines() if line.startswith(("import", "from"))]
    assert all(line.split()[1].split(".")[0] in ("math", "torch") for line in imports)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(KeyError, match="choose one of delta-net"):
        builtin_path("rwkv")


def test_listing_the_builtins_does_not_load_torch() -> None:
    code = "import sys, trainer.mixers.registry as r; r.builtin_source('mamba2'); assert 'torch' not in sys.modules"
    package_parent = str(Path(builtin_path("mamba2")).parents[2])
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": package_parent})


@pytest.mark.parametrize("name", BUILTIN_NAMES)
def test_gates_do_not_depend_on_the_seed(name: str) -> None:
    torch.manual_seed(1)
    first = dict(builtin_class(name)(64, 4).named_parameters())
    torch.manual_seed(2)
    second = dict(builtin_class(name)(64, 4).named_parameters())
    for gate in {"a_log", "dt_bias"} & first.keys():
        assert torch.equal(first[gate], second[gate])
        assert first[gate].unique().numel() == 4


def functions_of(name: str) -> dict[tuple[str, str], str]:
    """Code without docstrings of the functions of a built-in, by name and signature."""
    found = {}
    for node in ast.parse(builtin_source(name)).body:
        if isinstance(node, ast.FunctionDef):
            body = ast.dump(ast.Module(node.body[1:], []))
            found[(node.name, ast.dump(node.args))] = body
    return found


def test_copies_of_a_function_do_not_drift_apart() -> None:
    """Programs are single files, so they repeat what they share; a fix in one copy must reach all."""
    first: dict[tuple[str, str], tuple[str, str]] = {}
    copies = 0
    for name in BUILTIN_NAMES:
        for key, body in functions_of(name).items():
            original, expected = first.setdefault(key, (name, body))
            copies += original != name
            assert body == expected, f"{key[0]} of {name} differs from that of {original}"
    assert copies > 20
