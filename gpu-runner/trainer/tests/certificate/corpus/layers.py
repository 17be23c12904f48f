"""Programs that are another one in one layer of several: what a test of a single layer never sees."""

from tests.certificate.corpus.costs import ELEMENTS, FLOPS, PEAK
from tests.certificate.corpus.leaks import FUTURE
from tests.certificate.corpus.program import program

ROWS = {"batch independence"}
_SOFTMAX = (
    "    s = (self.q(x) @ k.mT).masked_fill(torch.ones(t, t).triu(1).bool(), -math.inf)\n    o = o + s.softmax(-1) @ v"
)

LAYERS: dict[str, tuple[str, set[str]]] = {
    "looks ahead in all layers but the last": (
        program(
            "if self.early:\n    o = o + v.mean(1, keepdim=True)", constructor="self.early = layer_idx < n_layers - 1"
        ),
        FUTURE,
    ),
    "mixes rows in all layers but the last": (
        program("o = o + self.early * v.roll(1, 0)", constructor="self.early = 0.1 * (layer_idx < n_layers - 1)"),
        ROWS,
    ),
    "looks ahead where there are several layers, by a function": (
        program(
            "o = self.mix(o)",
            constructor="self.mix = lambda o: o + o.mean(1, keepdim=True) if n_layers > 1 else o",
        ),
        FUTURE,
    ),
    "softmax attention in the second layer": (
        program(f"if self.late:\n{_SOFTMAX}", constructor="self.late = layer_idx > 0"),
        {FLOPS, ELEMENTS, PEAK},
    ),
    "softmax attention in the first of several layers": (
        program(f"if self.first:\n{_SOFTMAX}", constructor="self.first = layer_idx == 0 and n_layers > 1"),
        {FLOPS, ELEMENTS, PEAK},
    ),
    "hidden table in the second layer": (
        program(
            "if self.late:\n    o = o + self.table[x[..., 0].mul(100).long().clamp(0, 1999)]",
            constructor="self.late = layer_idx > 0\n"
            'self.register_buffer("table", torch.randn(2000 if self.late else 1, d_model))',
        ),
        {"hidden tables", "parameter budget"},
    ),
    "table of positions in the second layer": (
        program(
            "if self.late:\n    o = o + self.p[:t]",
            constructor="self.late = layer_idx > 0\n"
            "self.p = nn.Parameter(torch.randn(4096, d_model) * 0.1) if self.late else None",
        ),
        {"parameter growth", "parameter budget"},
    ),
    "wide in the second layer": (
        program(
            "if self.late:\n    o = o + self.m(o).relu() @ self.m.weight",
            constructor="self.late = layer_idx > 0\n"
            "self.m = nn.Linear(d_model, 4 * d_model, bias=False) if self.late else None",
        ),
        {"parameter budget"},
    ),
    "decay computed from a parameter by the constructor of the second layer": (
        program(
            "o = o * (self.a if self.late else self.rate.exp())",
            constructor="self.late = layer_idx > 0\nself.rate = nn.Parameter(torch.zeros(d_model))\n"
            "self.a = self.rate.exp() if self.late else None",
        ),
        {"training steps"},
    ),
    "crashes as the first of several layers": (
        program(constructor="assert layer_idx or n_layers == 1, 'no such layer'"),
        {"lengths"},
    ),
}
