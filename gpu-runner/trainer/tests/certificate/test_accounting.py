"""Costs that cannot be seen are costs that the search will hide."""

import ctypes
import functools
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from tests.certificate.corpus.program import program
from trainer.accounting.flops_per_token import flops_per_token
from trainer.accounting.held_numbers import MOST_OBJECTS, held_numbers
from trainer.accounting.memory import memory_address
from trainer.accounting.operations import count_operations
from trainer.accounting.parameters import count_parameters
from trainer.accounting.state_size import measured_state, state_size
from trainer.mixers.registry import builtin_class
from trainer.worker.program import load_mixer


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
    assert count_operations(lambda: x.cumsum(0)).flops == 32 * 8
    assert count_operations(lambda: torch.fft.rfft(x, dim=0)).flops == 5 * 32 * 8 * 5
    assert count_operations(lambda: x.sort(0)).flops == 32 * 8 * 5


def test_an_fft_costs_by_the_length_that_it_transforms_and_not_by_how_many_it_transforms() -> None:
    x, n = torch.ones(4, 64, 16), 4 * 64 * 16
    spectrum = torch.fft.rfft(x, dim=1)
    assert count_operations(lambda: torch.fft.rfft(x, dim=1)).flops == 5 * n * 6
    assert count_operations(lambda: torch.fft.fft(x + 0j, dim=1)).flops == 5 * n * 6
    assert count_operations(lambda: torch.fft.irfft(spectrum, 64, dim=1)).flops == 5 * n * 6
    assert count_operations(lambda: torch.fft.rfft2(x, dim=(1, 2))).flops == 5 * n * (6 + 4)


@pytest.mark.parametrize(
    "call",
    [
        lambda x: x.sort(1),
        lambda x: x.sort(-2),
        lambda x: x.sort(dim=1, stable=True),
        lambda x: x.argsort(1),
        lambda x: x.topk(3, 1),
        lambda x: x.mT.topk(3),
        lambda x: x.mT.sort(),
    ],
)
def test_an_order_costs_by_the_length_that_is_ordered(call: Callable[[torch.Tensor], object]) -> None:
    x = torch.ones(4, 64, 16)
    assert count_operations(lambda: call(x)).flops == 4 * 64 * 16 * 6


def test_the_order_of_a_single_number_is_free_to_take() -> None:
    assert count_operations(lambda: torch.ones(()).sort(0)).flops == 1


def test_pooling_costs_its_window_and_not_its_output() -> None:
    x = torch.ones(2, 4, 32)
    for pool in (F.avg_pool1d, F.max_pool1d):
        count = count_operations(lambda pool=pool: pool(x, 8, 1))
        assert count.flops == count.elements == 2 * 4 * 25 * 8
    assert count_operations(lambda: F.lp_pool1d(x, 2, 8, 1)).flops == 2 * 4 * 25 * 8
    assert count_operations(lambda: F.max_pool2d(x, 3, 1)).flops == 2 * 2 * 30 * 9
    assert count_operations(lambda: F.adaptive_avg_pool1d(x, 4)).flops == 2 * 4 * 32


def test_what_is_made_from_a_whole_row_bag_or_filter_costs_what_it_reads() -> None:
    a, x = torch.ones(16, 32), torch.ones(32)
    assert count_operations(lambda: a @ x).flops == 2 * 16 * 32
    assert count_operations(lambda: x.dot(x)).flops == 2 * 32
    assert count_operations(lambda: F.bilinear(a, a, torch.ones(3, 32, 32))).flops >= 2 * 3 * 16 * 32 * 32
    bags = torch.zeros(5, 7, dtype=torch.long)
    assert count_operations(lambda: F.embedding_bag(bags, a)).elements >= 5 * 7 * 32
    filtered = count_operations(lambda: torch.conv_tbc(torch.ones(9, 2, 4), torch.ones(3, 4, 6), torch.zeros(6)))
    assert filtered.flops == 2 * (7 * 2 * 6) * 3 * 4


@pytest.mark.parametrize("call", [torch.var_mean, torch.std_mean, torch.aminmax, torch.count_nonzero, torch.nansum])
def test_a_reduction_of_a_view_of_windows_costs_what_it_reads(call: Callable[[torch.Tensor], object]) -> None:
    windows = torch.ones(63).unfold(0, 32, 1)
    assert count_operations(lambda: call(windows)).elements >= 32 * 32


def test_views_are_free_and_a_reduction_costs_what_it_reads() -> None:
    x = torch.ones(64, 64)
    assert count_operations(lambda: x.expand(100, 64, 64).mT).elements == 0
    assert count_operations(lambda: x.sum()).elements == 64 * 64


def test_saved_tensors_are_counted_once() -> None:
    x = torch.ones(64, 64, requires_grad=True)
    assert count_operations(lambda: x.exp().sum()).saved_elements == 64 * 64
    with torch.no_grad():
        assert count_operations(lambda: x.exp().sum()).saved_elements == 0


def test_complex_numbers_cost_what_their_real_ones_do() -> None:
    a, b = torch.ones(8, 16, dtype=torch.complex64), torch.ones(16, 4, dtype=torch.complex64)
    assert count_operations(lambda: a @ b).flops == 4 * 2 * 8 * 16 * 4
    assert count_operations(lambda: a.cumsum(0)).flops == 2 * 8 * 16
    assert count_parameters(nn.ParameterList([nn.Parameter(a)])) == 2 * 8 * 16


def test_parameters_are_counted_once() -> None:
    module = nn.Linear(10, 10, bias=False)
    module.again = module.weight
    assert count_parameters(module) == 100


class Slotted:
    __slots__ = ("inner",)

    def __init__(self, inner: object) -> None:
        self.inner = inner


def sizes(*roots: object) -> list[int]:
    return [holding.elements for holding in held_numbers(roots, "no program") if holding.elements > 99]


def test_numbers_are_found_wherever_they_are_kept() -> None:
    table = torch.zeros(100, 2)
    places = {
        "slot in a list in a dictionary": {"a": [Slotted(table)]},
        "closure": lambda: table,
        "default": lambda x=table: x,
        "array": Slotted(np.zeros((100, 2))),
        "view of an array": np.zeros((100, 2))[:1],
        "row of a tensor": table[:1],
        "Python numbers": list(range(200)),
        "text": Slotted("x" * 800),
        "long integer": Slotted(1 << (200 * 32 - 1)),
    }
    assert {name: sizes(place) for name, place in places.items()} == {name: [200] for name in places}


def test_what_shares_memory_counts_once_and_what_is_expanded_counts_as_what_it_is() -> None:
    array = np.zeros(200, dtype=np.float32)
    assert sizes(array, torch.from_numpy(array), [array[:3]]) == [200]
    assert sizes(torch.zeros(1).expand(1000)) == []


def test_a_walk_ends_in_a_circle_and_in_a_heap_of_objects() -> None:
    ring: list[object] = []
    ring.append(ring)
    assert sizes(ring) == []
    chain = None
    for _ in range(MOST_OBJECTS + 10):
        chain = (chain,)
    assert sizes(chain) == [MOST_OBJECTS + 1]


def test_a_walk_does_not_leave_the_program() -> None:
    assert sum(sizes(torch, np, F.gelu, nn.Linear, lambda: torch)) < 1000


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda x: x + torch.ones(3, 4), 12),
        (lambda x: x + torch.ones(1, 4).expand(3, 4) * 1.0, 12),
        (lambda x: torch.arange(40).view(10, 4).float().cos()[x[0].to(torch.int64)], 40),
        (lambda x: x + torch.from_numpy(np.ones(4, dtype=np.float32)), 4),
        (lambda x: torch.zeros_like(x).copy_(x), 0),
        (lambda x: x * x.sum(), 0),
        (lambda x: torch.ones(1000).sum() + torch.ones(2), 0),
    ],
)
def test_a_constant_counts_when_it_meets_data(call: Callable[[torch.Tensor], object], expected: int) -> None:
    x = torch.zeros(3, 4)
    assert count_operations(lambda: call(x), [memory_address(x)]).constant_elements == expected


def test_memory_that_a_constant_gets_from_data_that_is_gone_is_not_taken_for_data() -> None:
    x = torch.zeros(3, 4)

    def call() -> torch.Tensor:
        data = x * 1.0
        array = np.ctypeslib.as_array((ctypes.c_float * 12).from_address(data.data_ptr())).reshape(3, 4)
        del data
        return x + torch.from_numpy(array)  # as when numpy gets the same block from malloc

    assert count_operations(call, [memory_address(x)]).constant_elements == 12


def test_a_recurrent_layer_is_one_operator_and_a_loop_in_python_is_not() -> None:
    layer, x = nn.GRU(4, 4, batch_first=True), torch.zeros(1, 50, 4)
    count = count_operations(lambda: layer(x))
    assert count.operators < 10 < 100 < count.dispatched
    loop = count_operations(lambda: [x[:, t] * 2 for t in range(50)])
    assert loop.operators == loop.dispatched == 50


def test_flops_per_token_of_a_linear_map_is_twice_its_weights() -> None:
    assert flops_per_token(nn.Linear(64, 64, bias=False), 64) == 2 * 64 * 64


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # matrix state, plus 3 tokens of q, k, v before the convolution
        ("delta-net", 64 * 32 + 3 * 64),
        ("gated-delta-net", 64 * 32 + 3 * 64),
        ("mamba2", 64 * 64 + 3 * 64),
        ("gla", 64 * 16 + 3 * 64),
        # one more column for the normaliser
        ("linear-attention", 64 * 33 + 3 * 64),
        ("softmax-attention", None),
        ("convolution-only", 3 * 64),
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
            if x.dtype is torch.float64:
                raise TypeError("float32 only")
            return x @ self.weight

    measured = measured_state(SinglePrecision, 64, 2)
    assert measured.size is None
    assert "does not run in double precision" in measured.reason


@pytest.mark.parametrize(
    "through", ["y.detach()", "y.detach() + 0 * y", "(1e6 * y).round() / 1e6", "self.out(y.detach())"]
)
def test_a_state_that_no_gradient_shows_is_not_taken_for_none(through: str) -> None:
    class Sums(nn.Module):
        def __init__(self, d_model: int, n_heads: int) -> None:
            super().__init__()
            self.out = nn.Linear(d_model, d_model)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return eval(through, {"self": self, "y": x.cumsum(1)})

    measured = measured_state(Sums, 64, 2)
    assert measured.size is None
    assert "no gradient leads there" in measured.reason


_GATED = "a = F.softplus(k)\nlz, lc, g = k - a, -a, torch.where(v > 0, v + 0.5, v.sigmoid())\n"
_LSTM = "f = F.softplus(-q) - F.softplus(-k)\nlz, lc, g = f - F.softplus(f), -F.softplus(f), v.exp()\n"
_LOGARITHMS = "a = lc.cumsum(1)\no = (a + (lz + g.log() - a).logcumsumexp(1)).exp()"
_LOOP = (
    "s, ys = torch.zeros_like(v[:, 0]), []\nfor i in range(t):\n"
    "    s = lc[:, i].exp() * s + lz[:, i].exp() * g[:, i]\n    ys.append(s)\no = torch.stack(ys, 1)"
)


@pytest.mark.parametrize("n_heads", [1, 2])
@pytest.mark.parametrize("scan", [_LOGARITHMS, _LOOP], ids=["sums of logarithms", "loop"])
@pytest.mark.parametrize("gates", [_GATED, _LSTM], ids=["minGRU", "minLSTM"])
def test_the_rounding_of_a_scan_in_log_space_is_not_taken_for_a_second_state(
    gates: str, scan: str, n_heads: int
) -> None:
    assert state_size(load_mixer(program(gates + scan)), 64, n_heads) == 64


class FaintBesideLogarithms(nn.Module):
    """[B, T, D] -> [B, T, D]: sums written through a matrix of which half the singular values are `small`, beside a
    scan in log-space."""

    def __init__(self, d_model: int, n_heads: int, small: float) -> None:
        super().__init__()
        self.into, self.out = nn.Linear(d_model, d_model), nn.Linear(d_model, d_model)
        left, right = (torch.linalg.qr(torch.randn(d_model, d_model, dtype=torch.float64))[0] for _ in range(2))
        self.register_buffer("mix", left * torch.ones(d_model).index_fill(0, torch.arange(d_model // 2), small) @ right)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        v, k = x @ self.mix, self.into(x) - 4  # it forgets slowly
        lz, a = k - F.softplus(k), -F.softplus(k).cumsum(1)
        return v.cumsum(1) + self.out((a + (lz - a).logcumsumexp(1)).exp())


@pytest.mark.parametrize("small", [1e-3, 1e-8, 1e-10, 1e-12])
def test_a_state_of_which_half_is_as_small_as_a_programs_rounding_may_be_is_counted_whole(small: float) -> None:
    assert state_size(functools.partial(FaintBesideLogarithms, small=small), 64, 1) == 128


def test_what_mixes_no_tokens_has_a_state_of_no_numbers() -> None:
    assert state_size(lambda d_model, _: nn.Linear(d_model, d_model), 64, 2) == 0


class LongLag(nn.Module):
    """[B, T, D] -> [B, T, D]: one tap, 32 tokens back."""

    def __init__(self, d_model: int, n_heads: int) -> None:
        super().__init__()
        self.out = nn.Linear(d_model, d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.out(x + F.pad(x, (0, 0, 32, 0))[:, : x.shape[1]])


class SquaredRelu(nn.Module):
    """[B, T, D] -> [B, T, D]: what is read of the past depends on which features are open."""

    def __init__(self, d_model: int, n_heads: int) -> None:
        super().__init__()
        self.qkv, self.out = nn.Linear(d_model, 3 * d_model), nn.Linear(d_model, d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        a, b, c = F.relu(self.qkv(x)).chunk(3, -1)
        past = sum(F.pad(b * c, (0, 0, lag, 0))[:, : x.shape[1]] for lag in range(4))
        return self.out(a * past)


@pytest.mark.parametrize("program", [LongLag, SquaredRelu])
def test_a_state_whose_ranks_follow_no_law_has_no_size_rather_than_a_wrong_one(program: type[nn.Module]) -> None:
    measured = measured_state(program, 64, 2)
    assert measured.size is None
    assert measured.reason


def test_a_state_that_fills_the_window_is_told_as_that() -> None:
    measured = measured_state(builtin_class("softmax-attention"), 64, 2)
    assert "grows with the length" in measured.reason


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_cast_does_not_hide_the_state(dtype: torch.dtype) -> None:
    class Casting(builtin_class("gated-delta-net")):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return super().forward(x.to(dtype).to(x.dtype)).to(dtype).double()

    assert state_size(Casting, 64, 2) == state_size(builtin_class("gated-delta-net"), 64, 2)
    assert torch.get_default_dtype() == torch.float32


def test_a_program_that_insists_on_wide_heads_is_measured_at_wider_ones() -> None:
    def make(d_model: int, n_heads: int) -> nn.Module:
        if d_model < 4 * n_heads:
            raise ValueError("heads of at least 4")
        return builtin_class("delta-net")(d_model, n_heads)

    assert state_size(make, 64, 1) == 64 * 64 + 3 * 64


def test_what_leaves_torch_is_counted_by_its_numbers_whatever_the_way() -> None:
    x = torch.zeros(5, 3)
    ways = {
        "numpy": lambda: x.numpy(),
        "numpy's own call": lambda: np.asarray(x),
        "a list": lambda: x.tolist(),
        "a pointer": lambda: x.data_ptr(),
        "numbers one by one": lambda: [float(n) for n in x.flatten()],
        "items": lambda: [n.item() for n in x.flatten()],
    }
    assert {name: count_operations(way).taken_out for name, way in ways.items()} == dict.fromkeys(ways, 15)
    assert count_operations(lambda: (x @ x.mT).softmax(-1).sum()).taken_out == 0
