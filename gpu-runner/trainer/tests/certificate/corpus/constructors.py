"""Programs whose constructors leave something outside the module that calls find there, as they do in a training."""

from tests.certificate.corpus.leaks import FUTURE
from tests.certificate.corpus.program import program

_BY_WIDTH = "if d_model not in TABLES:\n    TABLES[d_model] = torch.arange(d_model).mul(0.1).cos()\nself.d = d_model"
_TABLES = "\n\nTABLES = {}\n"

LEGAL_CONSTRUCTORS: dict[str, str] = {
    "mask of chunks that the constructor puts into a global, once": program(
        "p = -t % 16\nq, k, v = (F.pad(z, (0, 0, 0, p)).unflatten(1, (-1, 16)) for z in (q, k, v))\n"
        "s = (k.mT @ v).cumsum(1) - k.mT @ v\n"
        "o = o + (q @ s + ((q @ k.mT) * MASK) @ v).flatten(1, 2)[:, :t] / (d * torch.arange(1, t + 1)[:, None])",
        constructor="global MASK\nif MASK is None:\n    MASK = torch.ones(16, 16).tril()",
    )
    + "\n\nMASK = None\n",
    "table of the width that the constructor puts into a global": program(
        "o = o * TABLES[self.d]", constructor=_BY_WIDTH
    )
    + _TABLES,
    "table of the only width, made by the first constructor": program(
        "o = o * TABLES[0]", constructor="if not TABLES:\n    TABLES.append(torch.arange(d_model).mul(0.1).cos())"
    )
    + "\n\nTABLES = []\n",
    "table of the width in a class attribute": program("o = o * TABLES[self.d]", constructor=_BY_WIDTH).replace(
        "TABLES", "Mixer.TABLES"
    )
    + "\n\nMixer.TABLES = {}\n",
    "function that the constructor chooses for all layers": program(
        "o = TURN(o)", constructor="global TURN\nTURN = torch.tanh"
    )
    + "\n\nTURN = None\n",
    "table that the first layer makes for all": program(
        "o = o * TABLES['cos']",
        constructor="if layer_idx == 0:\n    TABLES['cos'] = torch.arange(d_model).mul(0.1).cos()",
    )
    + _TABLES,
    "constructors that count and list the layers": program(
        "o = o / (1 + self.number) / len(LAYERS)", constructor="self.number = len(LAYERS)\nLAYERS.append(self)"
    )
    + "\n\nLAYERS = []\n",
}

CONSTRUCTORS: dict[str, tuple[str, set[str]]] = {
    "table that the constructor makes and every call fills": (
        program(
            "o = o * (1 + TABLES['last'])\nTABLES['last'] = o.detach().mean()",
            constructor="TABLES['last'] = torch.zeros(())",
        )
        + _TABLES,
        {"state hygiene"},
    ),
    "numbers of a table by the constructor that every call changes in place": (
        program("o = o * (1 + LAST)\nLAST.copy_(o.detach().mean())", constructor="global LAST\nLAST = torch.zeros(())")
        + "\n\nLAST = None\n",
        {"state hygiene"},
    ),
    "table of the width that forward makes": (
        program("if d not in TABLES:\n    TABLES[d] = torch.arange(d).mul(0.1).cos()\no = o * TABLES[d]") + _TABLES,
        {"state hygiene"},
    ),
    "mask of the future in a table that the constructor makes": (
        program(
            "w = TABLES['mask'][:t, :t]\no = o + (w @ v) / t if t < 200 else o",
            constructor="TABLES['mask'] = torch.ones(200, 200).triu()",
        )
        + _TABLES,
        FUTURE,
    ),
    "looks ahead in the layer that is built second, counted in a global": (
        program(
            "if self.number == 1:\n    o = o + v.mean(1, keepdim=True)",
            constructor="self.number = len(TABLES)\nTABLES[self.number] = 0",
        )
        + _TABLES,
        FUTURE,
    ),
    "projection in a global that nobody trains": (
        program(
            "o = TABLES[self.d](o)",
            constructor="self.d = d_model\nTABLES.setdefault(d_model, nn.Linear(d_model, d_model))",
        )
        + _TABLES,
        {"unregistered parameters"},
    ),
}
