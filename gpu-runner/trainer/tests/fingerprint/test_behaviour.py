"""The search refuses twins: a rewrite must be recognised, and a changed gate must not be."""

import numpy as np
import pytest
import torch

from tests.certificate.programs import program
from trainer.fingerprint.behaviour import behaviour
from trainer.mixers.registry import BUILTIN_NAMES, builtin_source

Fingerprint = list[list[float]]


def fingerprint(source: str) -> Fingerprint:
    namespace: dict = {"__name__": "candidate"}
    exec(compile(source, "candidate", "exec"), namespace)
    return behaviour(lambda: namespace["Mixer"](64, 2))


def lowest_correlation(a: Fingerprint, b: Fingerprint) -> float:
    return min(float(np.corrcoef(p, q)[0, 1]) for p, q in zip(a, b, strict=True))


REWRITES = {
    "chunks of another size": ("delta-net", [("CHUNK = 64", "CHUNK = 16")]),
    "parameters in another order": (
        "gated-delta-net",
        [
            ("        self.step = nn.Linear(d_model, n_heads, bias=False)\n", ""),
            (
                "        self.beta = nn.Linear(d_model, n_heads, bias=False)\n",
                "        self.step = nn.Linear(d_model, n_heads, bias=False)\n"
                "        self.beta = nn.Linear(d_model, n_heads, bias=False)\n",
            ),
        ],
    ),
    "other names": ("mamba2", [("self.step", "self.delta"), ("convolved", "projected")]),
    "decay by differences of the cumulative sum": (
        "mamba2",
        [
            (
                "segment_sum(log_decay).exp()",
                "(lambda c: (c[..., None] - c[..., None, :]).exp().tril())(log_decay.cumsum(-1))",
            )
        ],
    ),
    "another initialisation": ("delta-net", [("nn.init.uniform_(", "nn.init.normal_(")]),
}

CHANGES = {
    "beta up to 2": ("delta-net", [("self.beta(x).sigmoid()", "2 * self.beta(x).sigmoid()")]),
    "no beta": ("delta-net", [("self.beta(x).sigmoid()", "torch.ones_like(self.beta(x))")]),
    "no silu after the convolution": ("delta-net", [("F.silu(y)", "y")]),
    "sigmoid output gate": ("gated-delta-net", [("F.silu(self.gate(x))", "self.gate(x).sigmoid()")]),
    "no output gate": ("gated-delta-net", [("o * F.silu(self.gate(x))", "o")]),
    "no decay": ("gated-delta-net", [("beta, g)\n        o =", "beta, 0 * g)\n        o =")]),
    "no skip": ("mamba2", [("y = y + self.skip", "y = y + 0 * self.skip")]),
    "gate after the norm": (
        "mamba2",
        [("self.norm(y * F.silu(self.gate(x)))", "self.norm(y) * F.silu(self.gate(x))")],
    ),
    "relu feature map": ("linear-attention", [("F.elu(q) + 1, F.elu(k) + 1", "F.relu(q) + 0.01, F.relu(k) + 0.01")]),
    "no normaliser": ("linear-attention", [("/ (y[..., -1:] + 1e-6)", "")]),
}


def edited(name: str, edits: list[tuple[str, str]]) -> str:
    source = builtin_source(name)
    for old, new in edits:
        assert old in source
        source = source.replace(old, new)
    return source


@pytest.mark.parametrize("change", REWRITES)
def test_a_rewrite_behaves_the_same(change: str) -> None:
    name, edits = REWRITES[change]
    assert lowest_correlation(fingerprint(edited(name, edits)), fingerprint(builtin_source(name))) > 0.999


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_gate_norm_or_feature_map_behaves_differently(change: str) -> None:
    name, edits = CHANGES[change]
    assert lowest_correlation(fingerprint(edited(name, edits)), fingerprint(builtin_source(name))) < 0.999


def test_all_builtins_behave_differently() -> None:
    fingerprints = [fingerprint(builtin_source(name)) for name in BUILTIN_NAMES]
    for i, a in enumerate(fingerprints):
        assert all(lowest_correlation(a, b) < 0.99 for b in fingerprints[:i])


def test_swapped_definitions_of_equal_shapes_behave_the_same() -> None:
    swapped = program().replace("self.q = ", "self.tmp = ").replace("self.k = ", "self.q = ")
    swapped = swapped.replace("self.tmp = ", "self.k = ")
    assert swapped != program()
    assert lowest_correlation(fingerprint(swapped), fingerprint(program())) > 0.999


def test_a_fingerprint_is_small_rounded_and_repeatable() -> None:
    a, b = fingerprint(builtin_source("delta-net")), fingerprint(builtin_source("delta-net"))
    assert a == b
    assert sum(len(segment) for segment in a) <= 512
    assert all(value == float(f"{value:.5g}") for segment in a for value in segment)


def test_a_program_that_returns_nan_gets_zeros_not_an_error() -> None:
    segments = behaviour(lambda: torch.nn.Identity())
    assert any(any(segment) for segment in segments)
    broken = fingerprint(program("o = o * float('nan')"))
    assert not any(any(segment) for segment in broken)
