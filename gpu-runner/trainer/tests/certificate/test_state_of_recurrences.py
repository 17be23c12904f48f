"""A state that is told too small makes a program look cheaper to decode than it is."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from tests.certificate.corpus.memories import MEMORIES
from tests.certificate.corpus.program import program
from trainer.accounting.same_law import departure_from_law
from trainer.accounting.state_size import measured_state, state_size
from trainer.worker.program import load_mixer

_CONVOLUTION = "self.conv = nn.Conv1d(d_model, d_model, 4, groups=d_model)\n"
_MORE = "self.r, self.i = nn.Linear(d_model, d_model), nn.Linear(d_model, d_model)\n"
_CONVOLVED = "u = self.conv(F.pad(x.mT, (3, 0))).mT\n"
_SHIFTED = "u = 0.3 * x + 0.7 * F.pad(x, (0, 0, 1, 0))[:, :-1]\n"
_LOOP = (
    "s, ys = torch.zeros_like(w[:, 0]), []\nfor i in range(t):\n"
    "    s = a[:, i] * s + w[:, i]\n    ys.append(s)\no = torch.stack(ys, 1)\n"
)
_RG_LRU = (
    "a = (8 * self.r(u).sigmoid() * F.logsigmoid(torch.linspace(2, 6, d, dtype=x.dtype))).exp()\n"
    "w = (1 - a * a).clamp_min(1e-6).sqrt() * self.i(u).sigmoid() * u\n"
)
_LOGARITHMS = (
    "z = self.r(u)\na = -F.softplus(z).cumsum(1)\n"
    "o = (a + (F.logsigmoid(z) + F.logsigmoid(self.i(u)) - a).logcumsumexp(1)).exp()"
)
_DELTA_RULE = (
    "q, k, v = (self.q(x), F.pad(self.k(x), (0, 0, 1, 0))[:, :-1], self.v(x))\n"
    "q, k, v = (y.unflatten(-1, (-1, d // self.h)) for y in (q, F.silu(k), v))\n"
    "k = k * (k.square().sum(-1, keepdim=True) + 1e-6).rsqrt()\n"
    "s, ys = x.new_zeros(b, self.h, d // self.h, d // self.h), []\nfor i in range(t):\n"
    "    e = v[:, i] - torch.einsum('bhk,bhkv->bhv', k[:, i], s)\n"
    "    s = s + 0.5 * k[:, i, :, :, None] * e[:, :, None]\n"
    "    ys.append(torch.einsum('bhk,bhkv->bhv', q[:, i], s))\no = torch.stack(ys, 1).flatten(2)"
)
GATED_BY_THE_PAST = {
    "Griffin's block (arXiv 2402.19427)": (_CONVOLUTION, _CONVOLVED + _RG_LRU + _LOOP, 3 * 64 + 64),
    "convolution before a gated mean": (
        _CONVOLUTION,
        _CONVOLVED + "a = self.r(u).sigmoid()\nw = (1 - a) * self.i(u)\n" + _LOOP,
        3 * 64 + 64,
    ),
    "convolution before minGRU in log-space": (_CONVOLUTION, _CONVOLVED + _LOGARITHMS, 3 * 64 + 64),
    "token shift before a decay by data (RWKV)": (
        "",
        _SHIFTED + "a, w = self.r(u).sigmoid(), self.i(u)\n" + _LOOP,
        64 + 64,
    ),
    "delta rule along the key of the token before": ("self.h = n_heads\n", _DELTA_RULE, 64 * 32 + 64),
}


@pytest.mark.parametrize("name", GATED_BY_THE_PAST)
def test_what_a_convolution_holds_is_not_merged_with_the_state_it_will_be_written_into(name: str) -> None:
    constructor, forward, expected = GATED_BY_THE_PAST[name]
    assert state_size(load_mixer(program(forward, constructor=constructor + _MORE)), 64, 2) == expected


def test_a_maximum_of_the_past_is_counted_though_each_future_reads_only_a_part_of_it() -> None:
    assert state_size(load_mixer(program("o = self.k(x).cummax(1).values")), 64, 2) == 64


class RoutedConvolutions(nn.Module):
    """[B, T, D] -> [B, T, D]: a recurrent layer of half the width, and two of three convolutions, as a router says."""

    def __init__(self, d_model: int, n_heads: int) -> None:
        super().__init__()
        self.recurrent = nn.GRU(d_model, d_model // 2, batch_first=True)
        self.router, self.out = nn.Linear(d_model, 3), nn.Linear(d_model // 2, d_model)
        self.paths = nn.ModuleList(nn.Conv1d(d_model, d_model, 3, dilation=2**i, groups=d_model) for i in range(3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        chances = self.router(x).softmax(-1)
        most, which = chances.topk(2, -1)
        gates = torch.zeros_like(chances).scatter(-1, which, most / most.sum(-1, keepdim=True))
        paths = [path(F.pad(x.mT, (2 * 2**i, 0))).mT for i, path in enumerate(self.paths)]
        return (torch.stack(paths, -1) * gates[..., None, :]).sum(-1) + self.out(self.recurrent(x)[0])


def test_convolutions_that_a_router_leaves_out_at_some_tokens_are_counted() -> None:
    assert state_size(RoutedConvolutions, 64, 2) == 8 * 64 + 32  # dilation 4 with 3 taps looks 8 tokens back


def linear_attention(keys: str, width: str) -> str:
    """Linear attention whose heads have keys of `width` numbers, taken from the queries and keys by `keys`."""
    return program(
        f"q, k = ({keys} for y in (q, k))\nv = v.unflatten(-1, (self.h, -1))\n"
        "o = torch.einsum('bthk,bthkv->bthv', q, (k[..., None] * v[..., None, :]).cumsum(1)).flatten(2)",
        constructor=(
            f"self.h, self.n = n_heads, {width}\nself.p = nn.Parameter(torch.randn(d_model // n_heads, self.n) * 0.3)\n"
        ),
    )


CAPPED = {
    "keys projected to at most 16 numbers": linear_attention(
        "y.unflatten(-1, (self.h, -1)) @ self.p", "min(16, d_model // n_heads)"
    ),
    "keys cut to 16 numbers": linear_attention(
        "(y.unflatten(-1, (self.h, -1)) + 0 * self.p.mean())[..., :16]", "d_model // n_heads"
    ),
    "keys rounded to multiples of 16": linear_attention(
        "y.unflatten(-1, (self.h, -1)) @ self.p", "-(-(d_model // n_heads) // 16) * 16"
    ),
    "a lag that grows with the width to at most 8 tokens": program(
        "o = o + F.pad(v, (0, 0, self.lag, 0))[:, :t]", constructor="self.lag = min(8, d_model // n_heads)"
    ),
}


@pytest.mark.parametrize("name", CAPPED)
def test_a_width_that_is_capped_above_the_small_ones_gives_no_size_rather_than_a_wrong_one(name: str) -> None:
    measured = measured_state(load_mixer(CAPPED[name]), 64, 2)
    assert measured.size is None
    assert "size could not be told" in measured.reason


def test_what_departs_from_the_law_of_the_width_is_said_with_the_number_that_would_follow() -> None:
    measured = measured_state(load_mixer(CAPPED["keys projected to at most 16 numbers"]), 64, 2)
    assert "2048 numbers would follow" in measured.reason
    assert "parameters at d_model=64" in measured.reason


def test_a_cap_below_the_small_widths_and_a_width_that_was_measured_lose_no_size() -> None:
    assert state_size(load_mixer(linear_attention("y.unflatten(-1, (self.h, -1)) @ self.p", "2")), 64, 2) == 2 * 64
    capped = load_mixer(CAPPED["keys projected to at most 16 numbers"])
    assert state_size(capped, 16, 2) == 16 * 8
    assert departure_from_law(capped, [4, 8, 12, 16], 32, 2) is None


def through(width: int, core: str = "y = y.cumsum(1)", constructor: str = "") -> str:
    """A mixer that computes in `width` numbers, whatever the width of the model."""
    return program(
        f"y = self.narrow(x)\n{core}",
        constructor=f"self.narrow, self.wide = nn.Linear(d_model, {width}), nn.Linear({width}, d_model)\n{constructor}",
        result="self.wide(y)",
    )


_PATHS = (
    "self.narrow = nn.ModuleList(nn.Linear(d_model, 8) for _ in range(3))\n"
    "self.wide = nn.ModuleList(nn.Linear(8, d_model) for _ in range(3))"
)
_COMPLEX = (
    "self.b = nn.Parameter(torch.randn(d_model, 12, dtype=torch.cfloat) / d_model**0.5)\n"
    "self.c = nn.Parameter(torch.randn(12, d_model, dtype=torch.cfloat) / 3)"
)
FIXED = {
    "a mean of 24 numbers": (through(24), 24),
    "a filter of 32 channels": (
        through(32, "y = self.conv(F.pad(y.mT, (7, 0))).mT", "self.conv = nn.Conv1d(32, 32, 8, groups=32)"),
        7 * 32,
    ),
    "keys of 4 numbers, values of 32": (
        through(
            32,
            "k = F.elu(self.few(x)) + 1\ny = (k[..., None] * (k[..., None] * y[..., None, :]).cumsum(1)).sum(-2)",
            "self.few = nn.Linear(d_model, 4)",
        ),
        4 * 32,
    ),
    "three paths of 8 numbers": (
        program("return sum(o(i(x).cumsum(1)) for i, o in zip(self.narrow, self.wide))", constructor=_PATHS),
        24,
    ),
    "12 complex numbers": (
        program("return ((x.to(self.b.dtype) @ self.b).cumsum(1) @ self.c).real", constructor=_COMPLEX),
        24,
    ),
}


@pytest.mark.parametrize("name", FIXED)
def test_an_inner_width_that_small_models_do_not_fill_is_the_state_and_not_the_width_of_the_model(name: str) -> None:
    source, expected = FIXED[name]
    assert measured_state(load_mixer(source), 64, 2).size == expected


def test_where_a_small_state_is_another_at_the_programs_width_and_nothing_says_why_its_size_is_not_told() -> None:
    made_in_forward = program(
        "m = torch.arange(24.0).add(1).outer(torch.arange(1.0, d + 1)).sin()\no = (x @ m.mT).cumsum(1) @ m"
    )
    measured = measured_state(load_mixer(made_in_forward), 64, 2)
    assert measured.size is None
    assert "24 were measured there" in measured.reason


_FEATURES = (
    "q, k = (y.unflatten(-1, (self.h, -1)) @ self.features for y in (q, k))\nv = v.unflatten(-1, (self.h, -1))\n"
    "return torch.einsum('bthk,bthkv->bthv', q, (k[..., None] * v[..., None, :]).cumsum(1)).flatten(2)"
)
_KEYS = (
    "return sum(torch.einsum('btk,btkv->btv', k(x), (k(x)[..., None] * v[..., None, :]).cumsum(1)) for k in self.keys)"
)
LARGE = {
    "12 fixed random features in each head": program(
        _FEATURES,
        constructor=("self.h = n_heads\nself.register_buffer('features', torch.randn(d_model // n_heads, 12) / 3)\n"),
    ),
    "keys of six times 8 numbers": program(
        _KEYS, constructor="self.keys = nn.ModuleList(nn.Linear(d_model, 8) for _ in range(6))"
    ),
}


@pytest.mark.parametrize("name", LARGE)
def test_where_a_fixed_width_may_cap_a_state_that_is_too_large_to_measure_its_size_is_not_told(name: str) -> None:
    measured = measured_state(load_mixer(LARGE[name]), 64, 2)
    assert measured.size is None
    assert "inner width that does not grow with d_model" in measured.reason


FILTER = "o = sum(F.pad(v, (0, 0, i, 0))[:, :t] * self.taps[i] for i in range(10))"
FILLED = {
    "a recurrent layer of 24 numbers beside a convolution": (
        program(
            "return self.wide(self.gru(x)[0]) + self.conv(F.pad(x.mT, (3, 0))).mT",
            constructor=(
                "self.gru, self.wide = nn.GRU(d_model, 24, batch_first=True), nn.Linear(24, d_model)\n" + _CONVOLUTION
            ),
        ),
        24 + 3 * 64,
    ),
    "ten taps of a filter": (
        program(FILTER, constructor="self.taps = nn.Parameter(torch.linspace(0.5, 1, 10)[:, None].repeat(1, d_model))"),
        9 * 64,
    ),
    "a feed-forward part of 512 behind a mean": (
        program(
            "return self.b(F.gelu(self.a(v.cumsum(1) / 8)))",
            constructor="self.a, self.b = nn.Linear(d_model, 512), nn.Linear(512, d_model)",
        ),
        64,
    ),
    "a gate through 16 numbers": (
        program(
            "o = (self.wide(self.narrow(x)).sigmoid() * v).cumsum(1)",
            constructor="self.narrow, self.wide = nn.Linear(d_model, 16), nn.Linear(16, d_model)",
        ),
        64,
    ),
}


@pytest.mark.parametrize("name", FILLED)
def test_a_fixed_width_that_caps_no_state_loses_no_size(name: str) -> None:
    source, expected = FILLED[name]
    assert measured_state(load_mixer(source), 64, 2).size == expected


def test_a_module_that_the_file_keeps_is_as_it_was_after_the_measurement() -> None:
    mixer = load_mixer(MEMORIES["a module of the file that all modules share"][0])
    shared = mixer(64, 2).shared.weight
    before = shared.detach().clone()
    state_size(mixer, 64, 2)
    assert shared.dtype == torch.float32
    assert torch.equal(shared, before)


def test_products_of_matrices_of_the_state_whose_cost_is_cubic_follow_their_law() -> None:
    def make(d_model: int, _: int) -> nn.Module:
        return _Squares(d_model)

    assert departure_from_law(make, [4, 8, 12, 16], 64, 2) is None


class _Squares(nn.Module):
    def __init__(self, d_model: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.eye(d_model))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x @ (self.weight @ self.weight)


def test_a_state_that_fades_into_a_programs_own_rounding_is_said_to_do_so_and_not_to_grow() -> None:
    scan = (
        "def scan(z):\n    a = -F.softplus(z).cumsum(1)\n"
        "    return (a + (F.logsigmoid(z) - a).logcumsumexp(1)).exp()\n"
        "o = scan(self.r(x)) + 1e-12 * scan(self.i(x))"
    )
    measured = measured_state(load_mixer(program(scan, constructor=_MORE)), 64, 2)
    assert measured.size is None
    assert "from rounding" in measured.reason
