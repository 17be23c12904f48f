"""The search refuses twins: a rewrite must be recognised, and a changed gene must not be."""

import functools

import numpy as np
import pytest
import torch

from tests.fingerprint.corpus import CHANGES, REWRITES, base_source, edited
from trainer.fingerprint.behaviour import behaviour
from trainer.mixers.registry import BUILTIN_NAMES, builtin_source
from trainer.suites.cpu_quick import CPU_QUICK
from trainer.worker.program import load_mixer

Fingerprint = list[list[float]]

START = 14  # the segment of how the parameters start
TWIN = 0.99999  # the archive's threshold, services/archive/src/novelty/novelty.ts

DIAGONAL = """
import torch
from torch import nn
from torch.nn import functional as F

class Mixer(nn.Module):
    def __init__(self, d_model, n_heads, *, layer_idx=0, n_layers=1):
        super().__init__()
        self.q = nn.Linear(d_model, d_model, bias=False)
        self.k = nn.Linear(d_model, d_model, bias=False)
        self.v = nn.Linear(d_model, d_model, bias=False)
        self.scale = nn.Parameter(torch.ones(()))

    def forward(self, x):
        q, k, v = F.silu(self.q(x)), F.elu(self.k(x)) + 1, self.v(x)
        return self.scale * q * (k * v).cumsum(1) / k.cumsum(1)
"""


def fingerprint(source: str) -> Fingerprint:
    mixer = load_mixer(source)
    return behaviour(lambda: mixer(64, 2))


@functools.cache
def fingerprint_of_base(name: str) -> Fingerprint:
    return fingerprint(base_source(name))


def lowest_correlation(a: Fingerprint, b: Fingerprint) -> float:
    return min(correlation(p, q) for p, q in zip(a, b, strict=True))


def correlation(p: list[float], q: list[float]) -> float:
    """As the archive has it: a constant segment is like another one, and like nothing else."""
    if np.ptp(p) == 0 or np.ptp(q) == 0:
        return float(np.ptp(p) == np.ptp(q))
    return float(np.corrcoef(p, q)[0, 1])


@pytest.mark.parametrize("change", REWRITES)
def test_a_rewrite_behaves_the_same(change: str) -> None:
    name, edits = REWRITES[change]
    source = edited(name, edits)
    assert source != base_source(name)
    # Far above the threshold: rounding must not decide.
    assert lowest_correlation(fingerprint(source), fingerprint_of_base(name)) > 1 - 1e-7


@pytest.mark.parametrize("change", CHANGES)
def test_one_changed_gene_behaves_differently_however_little_its_path_adds(change: str) -> None:
    name, edits = CHANGES[change]
    assert lowest_correlation(fingerprint(edited(name, edits)), fingerprint_of_base(name)) < TWIN


def test_all_builtins_behave_differently() -> None:
    fingerprints = [fingerprint(builtin_source(name)) for name in BUILTIN_NAMES]
    for i, a in enumerate(fingerprints):
        assert all(lowest_correlation(a, b) < 0.99 for b in fingerprints[:i])


def test_swapped_definitions_of_equal_shapes_behave_the_same() -> None:
    swapped = DIAGONAL.replace("self.q = ", "self.tmp = ").replace("self.k = ", "self.q = ")
    swapped = swapped.replace("self.tmp = ", "self.k = ")
    assert swapped != DIAGONAL
    assert lowest_correlation(fingerprint(swapped), fingerprint(DIAGONAL)) > 0.999


FUSED = (
    DIAGONAL.replace("        self.k = nn.Linear(d_model, d_model, bias=False)\n", "")
    .replace("        self.v = nn.Linear(d_model, d_model, bias=False)\n", "")
    .replace("self.q = nn.Linear(d_model, d_model,", "self.qkv = nn.Linear(d_model, 3 * d_model,")
    .replace(
        "q, k, v = F.silu(self.q(x)), F.elu(self.k(x)) + 1, self.v(x)",
        "q, k, v = self.qkv(x).chunk(3, -1)\n        q, k = F.silu(q), F.elu(k) + 1",
    )
)


def test_one_matrix_for_query_key_and_value_is_the_same_as_three() -> None:
    assert "self.k" not in FUSED
    assert lowest_correlation(fingerprint(FUSED), fingerprint(DIAGONAL)) > 1 - 1e-7
    assert lowest_correlation(fingerprint(FUSED.replace("F.silu(q)", "q")), fingerprint(DIAGONAL)) < TWIN


STARTS_OPEN = DIAGONAL.replace(
    "        self.scale",
    "        self.gate = nn.Linear(d_model, d_model)\n        nn.init.ones_(self.gate.bias)\n        self.scale",
).replace("return ", "return self.gate(x).sigmoid() * ")


@pytest.mark.parametrize("start", ["zeros_(BIAS)", "constant_(BIAS, -4.0)", "constant_(BIAS, 2.0)", "uniform_(BIAS)"])
def test_a_program_that_differs_in_nothing_but_how_a_bias_starts_is_another(start: str) -> None:
    """Mamba2's output gate that starts open learns recall in the budget, and one that does not stays at chance."""
    other = STARTS_OPEN.replace("ones_(self.gate.bias)", start.replace("BIAS", "self.gate.bias"))
    assert other != STARTS_OPEN
    a, b = fingerprint(other), fingerprint(STARTS_OPEN)
    assert lowest_correlation(a, b) < TWIN
    assert lowest_correlation(a[:START] + a[START + 1 :], b[:START] + b[START + 1 :]) > 1 - 1e-7


FROZEN = DIAGONAL.replace("torch.ones(())", "torch.tensor(0.5), requires_grad=False")


def test_a_constant_kept_as_a_parameter_hides_no_twin_and_makes_none() -> None:
    source = fingerprint(FROZEN)
    assert lowest_correlation(fingerprint(FROZEN.replace("self.scale", "self.constant")), source) > 1 - 1e-7
    assert lowest_correlation(fingerprint(FROZEN.replace("0.5", "0.7")), source) < TWIN


COMPLEX = """
import torch
from torch import nn

class Mixer(nn.Module):
    def __init__(self, d_model, n_heads, *, layer_idx=0, n_layers=1):
        super().__init__()
        self.q = nn.Parameter(torch.randn(d_model, 2 * d_model, dtype=torch.complex64) * 0.1)
        self.o = nn.Parameter(torch.randn(2 * d_model, d_model, dtype=torch.complex64) * 0.1)

    def forward(self, x):
        state = (x.to(self.q.dtype) @ self.q).cumsum(1)
        return (state @ self.o).real
"""


def test_complex_parameters_are_told_apart_and_recognised() -> None:
    source = fingerprint(COMPLEX)
    renamed = COMPLEX.replace("self.o", "self.back").replace(
        "(state @ self.back).real", "torch.real(state @ self.back)"
    )
    assert lowest_correlation(fingerprint(renamed), source) > 1 - 1e-7
    assert lowest_correlation(fingerprint(COMPLEX.replace(").real", ").imag")), source) < TWIN


def test_a_complex_parameter_used_by_its_conjugate_leaves_no_program_without_a_fingerprint() -> None:
    conjugated = COMPLEX.replace("@ self.o", "@ self.o.conj()")
    source = fingerprint(conjugated)
    renamed = conjugated.replace("self.o", "self.back")
    assert lowest_correlation(fingerprint(renamed), source) > 1 - 1e-7
    written_out = conjugated.replace("self.o.conj()", "torch.complex(self.o.real, -self.o.imag)")
    assert lowest_correlation(fingerprint(written_out), source) > 1 - 1e-7
    assert lowest_correlation(source, fingerprint(COMPLEX)) < TWIN


@pytest.mark.parametrize("factor", ["1.1", "2", "-1"])
def test_a_factor_on_the_output_is_another_program(factor: str) -> None:
    scaled = DIAGONAL.replace("return self.scale", f"return {factor} * self.scale")
    assert scaled != DIAGONAL
    assert lowest_correlation(fingerprint(scaled), fingerprint(DIAGONAL)) < TWIN


@pytest.mark.parametrize("use", ["", "self.dead.sum() * 0.0 + "])
def test_a_copy_with_a_parameter_that_does_nothing_is_a_copy(use: str) -> None:
    source = builtin_source("delta-net")
    padded = source.replace(
        "super().__init__()", "super().__init__()\n        self.dead = nn.Parameter(torch.randn(d_model, d_model))", 1
    ).replace("return self.", f"return {use}self.", 1)
    assert padded.count("self.dead") == 1 + bool(use)
    assert lowest_correlation(fingerprint(padded), fingerprint(source)) > 1 - 1e-7


LATE = "(1 + (torch.arange(x.shape[1]) >= FROM)[:, None])"


def test_a_program_that_differs_in_the_last_of_the_trained_tokens_is_another() -> None:
    longest = max(plan.task.length for plan in CPU_QUICK.plans)
    late = DIAGONAL.replace("return ", f"return {LATE.replace('FROM', str(longest - 16))} * ")
    assert late != DIAGONAL
    assert lowest_correlation(fingerprint(late), fingerprint(DIAGONAL)) < TWIN


def test_a_fingerprint_is_small_rounded_and_repeatable() -> None:
    a, b = fingerprint(builtin_source("delta-net")), fingerprint(builtin_source("delta-net"))
    assert a == b
    assert sum(len(segment) for segment in a) <= 620
    assert all(value == float(f"{value:.5g}") for segment in a for value in segment)


# In double alone it does not run, because it asks for less.
TWO_WIDTHS = DIAGONAL.replace("torch.ones(())", "torch.linspace(0, 1, d_model, dtype=torch.float64)").replace(
    "self.scale * q", "(q @ torch.diag(self.scale.exp()).float())"
)


def test_a_wide_parameter_beside_narrow_ones_leaves_no_program_without_a_fingerprint() -> None:
    source = fingerprint(TWO_WIDTHS)
    assert lowest_correlation(fingerprint(TWO_WIDTHS.replace("scale", "pace")), source) > 1 - 1e-7
    assert lowest_correlation(fingerprint(TWO_WIDTHS.replace("exp()", "cos()")), source) < TWIN


def test_a_parameter_that_starts_at_infinity_does_not_leave_a_program_without_a_fingerprint() -> None:
    masked = STARTS_OPEN.replace("ones_(self.gate.bias)", "constant_(self.gate.bias, float('inf'))")
    assert masked != STARTS_OPEN
    assert any(fingerprint(masked)[-1])


def test_a_program_that_returns_nan_gets_zeros_not_an_error() -> None:
    segments = behaviour(lambda: torch.nn.Identity())
    assert any(any(segment) for segment in segments)
    broken = fingerprint(DIAGONAL.replace("return ", "return float('nan') * "))
    assert not any(any(segment) for segment in broken[:START] + broken[START + 1 :])
