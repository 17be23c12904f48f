"""Programs that keep numbers where no parameter count finds them, or make them up anew in every call."""

from tests.certificate.corpus.program import program

TABLE = {"hidden tables", "parameter budget"}

_LOOKED_UP = "[x[..., 0].mul(100).long().clamp(0, 1999)]"


def _kept(constructor: str, table: str, top: str = "") -> str:
    return program(f"o = o + {table}{_LOOKED_UP}", constructor=constructor) + top


def _made(lines: str) -> str:
    return program(f"{lines}\no = o + table{_LOOKED_UP}")


TABLES: dict[str, tuple[str, set[str]]] = {
    "table in a slot": (
        _kept(
            "self.held = Held(torch.randn(2000, d_model))",
            "self.held.rows",
            "\n\nclass Held:\n    __slots__ = ('rows',)\n    def __init__(self, rows):\n        self.rows = rows\n",
        ),
        TABLE,
    ),
    "table in a data class in a dictionary": (
        _kept(
            "self.held = {'a': [Held(torch.randn(2000, d_model))]}",
            "self.held['a'][0].rows",
            "\n\nimport dataclasses\n@dataclasses.dataclass\nclass Held:\n    rows: object\n",
        ),
        TABLE,
    ),
    "table in an array in an object of a class of the function's own": (
        _kept(
            "import numpy as np\nclass Held:\n    def __init__(self):\n"
            "        self.rows = np.random.randn(2000, d_model).astype('float32')\nself.held = Held()",
            "torch.from_numpy(self.held.rows)",
        ),
        TABLE,
    ),
    "table in a closure": (
        _kept("rows = torch.randn(2000, d_model)\nself.rows = lambda: rows", "self.rows()"),
        TABLE,
    ),
    "table in a default argument": (
        _kept(
            "",
            "rows()",
            "\n\ndef rows(table=torch.randn(2000, 64)):\n    return table\n",
        ),
        TABLE,
    ),
    "table in a cache that the first call fills": (
        _kept(
            "",
            "rows()",
            "\n\nimport functools\n@functools.lru_cache\ndef rows():\n    return torch.randn(2000, 64)\n",
        ),
        TABLE,
    ),
    "table in a partial function": (
        _kept("import functools\nself.rows = functools.partial(torch.mul, torch.randn(2000, d_model))", "self.rows(1)"),
        TABLE,
    ),
    "table in a list of Python numbers": (
        _kept(
            "self.rows = torch.randn(2000 * d_model).tolist()",
            "torch.tensor(self.rows).view(2000, d)",
        ),
        TABLE,
    ),
    "table in bytes": (
        _kept(
            "",
            "torch.frombuffer(bytearray(TEXT), dtype=torch.int8).view(2000, 256)[:, ::4].float()",
            "\n\nTEXT = torch.randn(2000, 64).numpy().tobytes()\n",
        ),
        TABLE,
    ),
    "table of which one row is looked at": (
        _kept("self.rows = torch.randn(2000, d_model)[:1]", "self.rows.as_strided((2000, d), (d, 1))"),
        TABLE,
    ),
    "table drawn from a seed in every call": (
        _made("table = torch.empty(2000, d).normal_(generator=torch.Generator().manual_seed(1))"),
        TABLE,
    ),
    "table drawn by numpy in every call": (
        _made("import numpy as np\ntable = torch.from_numpy(np.random.default_rng(1).normal(size=(2000, d))).float()"),
        TABLE,
    ),
    "table drawn in the shape of a parameter": (
        _made("torch.manual_seed(3)\ntable = torch.cat([torch.randn_like(self.q.weight) for _ in range(32)])"),
        TABLE,
    ),
    "table of sines of whole numbers": (
        _made("table = (torch.arange(2000 * d) * 12.9898).sin().mul(43758.5).frac().view(2000, d)"),
        TABLE,
    ),
    "table drawn in long sequences only, somewhat longer with the sequence": (
        _made(
            "torch.manual_seed(3)\ntable = torch.randn(2000 + t, d) if t > 300 else torch.zeros(1, d).expand(2000, d)"
        ),
        TABLE,
    ),
    "table drawn in large batches only": (
        program(
            f"if b > 7:\n    table = torch.randn(2000, d, generator=torch.Generator().manual_seed(1))\n"
            f"    o = o + 1e-9 * table{_LOOKED_UP}"
        ),
        TABLE,
    ),
}
