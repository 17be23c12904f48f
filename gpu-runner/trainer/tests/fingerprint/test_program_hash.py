"""A missed copy costs a training run; two programs taken for one lose a discovery."""

import ast
import builtins
import itertools

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.foreign.programs_of import foreign_source
from trainer.fingerprint.program_hash import program_hash
from trainer.mixers.registry import BUILTIN_NAMES, builtin_source

ORIGINAL = """
import math
import torch
from torch import nn
from torch.nn import functional as F

WIDTH = 4

def gate(value, sharpness=2.0):
    return torch.sigmoid(sharpness * value)

def norm(value):
    return value / (1 + value.abs())

class Branch(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.weight_in = nn.Linear(size, size)

    def forward(self, x):
        return self.weight_in(x)

class Mixer(nn.Module):
    def __init__(self, d_model, n_heads, *, layer_idx=0, n_layers=1):
        super().__init__()
        self.branch = Branch(d_model)
        self.norm = nn.LayerNorm(d_model)
        self.register_buffer("scale", torch.ones(WIDTH))

    def mix(self, hidden):
        return norm(hidden).cumsum(dim=1)

    def forward(self, x):
        hidden = self.norm(self.branch(x))
        return self.mix(hidden) * gate(hidden, sharpness=3.0) * self.scale.mean()
"""

REWRITTEN = '''
"""Another author, the same program."""
import torch as t
import torch.nn as nn
import math as m
import torch.nn.functional as functional


class Mixer(nn.Module):
    """Docstring."""

    def forward(self, inputs: "t.Tensor") -> "t.Tensor":
        z: t.Tensor = self.layer_norm(self.side(inputs))  # comment
        return self.combine(z) * open_gate(z, steepness=3.0) * self.factor.mean()

    def combine(self, z):
        return squash(z).cumsum(dim=1)

    def __init__(self, d_model: int, n_heads: int, *, layer_idx: int = 0, n_layers: int = 1) -> None:
        super().__init__()
        self.side = Path(d_model)
        self.layer_norm = nn.LayerNorm(d_model)
        self.register_buffer("factor", t.ones(KERNEL))


KERNEL: int = 4


def unused(value):
    return m.exp(value)


def squash(a):
    return a / (1 + a.abs())


class Path(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.projection = nn.Linear(width, width)

    def forward(self, x):
        return self.projection(x)


def open_gate(a, steepness=2.0):
    return t.sigmoid(steepness * a)
'''

CHANGES = [
    ("torch.sigmoid", "torch.tanh"),
    ("sharpness=3.0", "sharpness=2.5"),
    ("WIDTH = 4", "WIDTH = 5"),
    ("cumsum(dim=1)", "cumsum(dim=2)"),
    ("self.mix(hidden) *", "self.mix(hidden) +"),
    ("self.norm(self.branch(x))", "self.branch(self.norm(x))"),
    ("norm(hidden).cumsum", "self.norm(hidden).cumsum"),
    ("nn.LayerNorm", "nn.RMSNorm"),
    ("torch.ones", "torch.zeros"),
    (" * gate(hidden, sharpness=3.0)", ""),
]


def test_renaming_reordering_comments_and_unused_helpers_do_not_make_a_new_program() -> None:
    assert program_hash(ORIGINAL) == program_hash(REWRITTEN)


@pytest.mark.parametrize(("old", "new"), CHANGES)
def test_one_changed_operation_or_constant_makes_a_new_program(old: str, new: str) -> None:
    assert ORIGINAL.count(old) >= 1
    assert program_hash(ORIGINAL.replace(old, new)) != program_hash(ORIGINAL)


def test_every_builtin_is_another_program() -> None:
    hashes = {program_hash(builtin_source(name)) for name in BUILTIN_NAMES}
    assert len(hashes) == len(BUILTIN_NAMES)


def test_text_that_is_no_python_still_has_a_hash() -> None:
    assert program_hash("class Mixer(:") != program_hash("class Mixer((")
    assert len(program_hash("class Mixer(:")) == 64


def test_a_published_program_is_hashed_like_our_own() -> None:
    """Its class is DeltaNet; imports for type checkers, order and names do not count, constants do."""
    source = foreign_source("plain_delta_net")
    start, end = source.index("@torch.compile"), source.index("class DeltaNet")
    rule = source[start:end]
    moved = source[:start] + source[end:] + "\n\n" + rule
    renamed = moved.replace("delta_rule", "chunked").replace("q_conv1d", "query_convolution")
    assert program_hash(renamed.replace("    from fla.models.utils import Cache\n", "")) == program_hash(source)
    assert program_hash(source.replace("chunk_size: int = 32", "chunk_size: int = 16")) != program_hash(source)


def test_a_text_that_is_nested_too_deeply_still_has_a_hash() -> None:
    deep = "class Mixer:\n    x = " + "+".join(["1"] * 5000)
    assert len(program_hash(deep)) == 64


class _Renamer(ast.NodeTransformer):
    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(self.names.get(node.id, node.id), node.ctx)


@settings(max_examples=40, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(name=st.sampled_from(BUILTIN_NAMES), data=st.data())
def test_any_renaming_of_local_variables_keeps_the_hash(name: str, data: st.DataObject) -> None:
    """Locals only: every name that is stored and is no parameter, since keywords would have to follow."""
    source = builtin_source(name)
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    parameters = {node.arg for node in nodes if isinstance(node, ast.arg)}
    stored = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)} - parameters
    letters = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=6)
    fresh = (f"{data.draw(letters)}_{i}" for i in itertools.count())
    names = {old: next(fresh) for old in sorted(stored) if not hasattr(builtins, old)}
    renamed = ast.unparse(_Renamer(names).visit(tree))
    assert program_hash(renamed) == program_hash(source)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("WIDTH = 4; TAPS = WIDTH; WIDTH = 8", "WIDTH = 4; WIDTH = 8; TAPS = WIDTH"),
        ("WIDTH = 4; TAPS = WIDTH; WIDTH *= 2", "WIDTH = 4; WIDTH *= 2; TAPS = WIDTH"),
        ("WIDTH = [4]; TAPS = WIDTH[0]; WIDTH[0] = 8", "WIDTH = [4]; WIDTH[0] = 8; TAPS = WIDTH[0]"),
        ("WIDTH = [4]; TAPS = len(WIDTH); WIDTH.append(8)", "WIDTH = [4]; WIDTH.append(8); TAPS = len(WIDTH)"),
        ("WIDTH: int = 4; TAPS = WIDTH; WIDTH: int = 8", "WIDTH: int = 4; WIDTH: int = 8; TAPS = WIDTH"),
    ],
)
def test_a_constant_that_changes_is_read_before_or_after_that(before: str, after: str) -> None:
    one, other = (ORIGINAL.replace("WIDTH = 4", text).replace("ones(WIDTH)", "ones(TAPS)") for text in (before, after))
    assert program_hash(one) != program_hash(other)


def test_a_module_that_is_imported_twice_is_the_same_program() -> None:
    twice = ORIGINAL.replace("import torch\n", "import torch\nimport torch.nn\nimport torch.nn.functional\n")
    assert program_hash(twice) == program_hash(ORIGINAL)
