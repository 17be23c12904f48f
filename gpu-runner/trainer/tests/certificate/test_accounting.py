"""Costs that cannot be seen are costs that the search will hide."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from trainer.accounting.flops_per_token import flops_per_token
from trainer.accounting.operations import count_operations
from trainer.accounting.parameters import count_hidden_tables, count_parameters
from trainer.accounting.state_size import state_size
from trainer.mixers.registry import builtin_class


def test_a_matrix_product_counts_multiply_and_add() -> None:
    a, b = torch.ones(8, 16), torch.ones(16, 4)
    assert count_operations(lambda: a @ b).flops == 2 * 8 * 16 * 4


def test_fused_attention_is_not_free() -> None:
    q = torch.ones(1, 2, 128, 16)
    count = count_operations(lambda: F.scaled_dot_product_attention(q, q, q, is_causal=True))
    assert count.flops >= 2 * 2 * 2 * 128 * 128 * 16
    assert count.peak_elements >= 2 * 128 * 128


def test_a_fused_kernel_called_by_its_own_name_is_not_free() -> None:
    q = torch.ones(1, 2, 128, 16)
    kernel = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu
    count = count_operations(lambda: kernel(q, q, q, 0.0, True))
    assert count.flops >= 2 * 2 * 2 * 128 * 128 * 16
    assert count.peak_elements >= 2 * 128 * 128


def test_a_triangular_solve_an_fft_a_sort_and_a_cumulative_sum_are_not_free() -> None:
    a, x = torch.ones(32, 32), torch.ones(32, 8)
    assert count_operations(lambda: torch.linalg.solve_triangular(a, x, upper=False)).flops == 32 * 32 * 8
    assert count_operations(lambda: torch.fft.rfft(x, dim=0)).flops > 0
    assert count_operations(lambda: x.sort(0)).flops > 0
    assert count_operations(lambda: x.cumsum(0)).flops == 32 * 8


def test_views_are_free_and_a_reduction_costs_what_it_reads() -> None:
    x = torch.ones(64, 64)
    assert count_operations(lambda: x.expand(100, 64, 64).mT).elements == 0
    assert count_operations(lambda: x.sum()).elements == 64 * 64


def test_saved_tensors_are_counted_once() -> None:
    x = torch.ones(64, 64, requires_grad=True)
    assert count_operations(lambda: x.exp().sum()).saved_elements == 64 * 64
    with torch.no_grad():
        assert count_operations(lambda: x.exp().sum()).saved_elements == 0


def test_parameters_are_counted_once_and_large_tables_are_found() -> None:
    module = nn.Linear(10, 10, bias=False)
    module.again = module.weight
    module.register_buffer("table", torch.zeros(100_001))
    module.small = torch.zeros(100)
    assert count_parameters(module) == 100
    assert count_hidden_tables(module) == 100_101
    del module.table
    assert count_hidden_tables(module) == 0


def test_flops_per_token_of_a_linear_map_is_twice_its_weights() -> None:
    assert flops_per_token(nn.Linear(64, 64, bias=False), 64) == 2 * 64 * 64


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # matrix state, plus 3 tokens of q, k, v before the convolution; the delta rule's is one less per head
        ("delta-net", 64 * 32 + 3 * 64 - 2),
        ("gated-delta-net", 64 * 32 + 3 * 64 - 2),
        ("mamba2", 64 * 64 + 3 * 64),
        # one more column for the normaliser; its scale cancels in each head
        ("linear-attention", 64 * 33 + 3 * 64 - 2),
        ("softmax-attention", None),
    ],
)
def test_the_measured_state_is_the_one_of_the_equations(name: str, expected: int | None) -> None:
    assert state_size(builtin_class(name), 64, 2) == expected


def test_a_program_that_cannot_run_in_float64_has_no_measured_state() -> None:
    class SinglePrecision(nn.Module):
        def __init__(self, d_model: int, n_heads: int) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.ones(d_model, d_model))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x.float() @ self.weight.float().half()

    assert state_size(SinglePrecision, 64, 2) is None


def test_a_program_that_insists_on_wide_heads_is_measured_at_wider_ones() -> None:
    def make(d_model: int, n_heads: int) -> nn.Module:
        if d_model < 4 * n_heads:
            raise ValueError("heads of at least 4")
        return builtin_class("delta-net")(d_model, n_heads)

    assert state_size(make, 64, 1) == 64 * 64 + 3 * 64 - 1
