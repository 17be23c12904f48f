"""Programs whose initialisation heeds no seed of the trainer, and programs that change torch for everyone."""

from tests.certificate.corpus.program import program

_LUCKY, _SETTINGS = {"initialisation"}, {"torch settings"}
_WEIGHTS = "with torch.no_grad():\n    self.q.weight.copy_({})"
_OF_NUMPY = "torch.from_numpy({}).float() / 8"

DRAWS: dict[str, tuple[str, set[str]]] = {
    "seeds torch in its constructor": (
        program().replace("super().__init__()", "super().__init__()\n        torch.manual_seed(42)"),
        _LUCKY,
    ),
    "seeds torch by its layer's number": (
        program(constructor="torch.manual_seed(7 + layer_idx)\nnn.init.xavier_uniform_(self.out.weight)"),
        _LUCKY,
    ),
    "seeds torch in the second layer only": (
        program(constructor="if layer_idx:\n    torch.manual_seed(7)\n    nn.init.xavier_uniform_(self.out.weight)"),
        _LUCKY,
    ),
    "seeds torch and puts its generator back": (
        program(
            constructor="with torch.random.fork_rng():\n    torch.manual_seed(3)\n"
            "    nn.init.normal_(self.k.weight, std=0.1)"
        ),
        _LUCKY,
    ),
    "draws from a generator of its own with a fixed seed": (
        program(constructor=_WEIGHTS.format("torch.randn(d_model, d_model, generator=torch.Generator()) / 8")),
        _LUCKY,
    ),
    "draws its weights at import": (
        program(constructor=_WEIGHTS.format("START / 8")) + "\n\ntorch.manual_seed(42)\nSTART = torch.randn(64, 64)\n",
        _LUCKY,
    ),
    "seeds at import a generator that its constructor puts back": (
        program(constructor="G.manual_seed(5)\n" + _WEIGHTS.format("torch.randn(d_model, d_model, generator=G) / 8"))
        + "\n\nG = torch.Generator()\n",
        _LUCKY,
    ),
    "draws from a generator of numpy with a fixed seed": (
        program(
            constructor="import numpy as np\n"
            + _WEIGHTS.format(_OF_NUMPY.format("np.random.default_rng(0).standard_normal((d_model, d_model))"))
        ),
        _LUCKY,
    ),
    "seeds numpy in its constructor": (
        program(
            constructor="import numpy as np\nnp.random.seed(0)\n"
            + _WEIGHTS.format(_OF_NUMPY.format("np.random.randn(d_model, d_model)"))
        ),
        _LUCKY,
    ),
    "draws at import from an older generator of numpy": (
        program(constructor=_WEIGHTS.format(_OF_NUMPY.format("START")))
        + "\n\nfrom numpy.random import RandomState\nSTART = RandomState(seed=1).randn(64, 64)\n",
        _LUCKY,
    ),
    "draws from a generator of Python with a fixed seed": (
        program(
            constructor="import random\nr = random.Random(4)\n"
            + _WEIGHTS.format("torch.tensor([[r.gauss(0, 0.1) for _ in range(d_model)] for _ in range(d_model)])")
        ),
        _LUCKY,
    ),
    "a random projection with a fixed seed, in a buffer": (
        program(
            "o = o + v @ self.features",
            constructor="g = torch.Generator().manual_seed(0)\n"
            'self.register_buffer("features", torch.randn(d_model, d_model, generator=g) / 8)',
        ),
        _LUCKY,
    ),
    "random features with a fixed seed, in a list of a global": (
        program("o = o + v @ features[0]")
        + "\n\nfeatures = [torch.randn(64, 64, generator=torch.Generator().manual_seed(7)) / 8]\n",
        _LUCKY,
    ),
    "a permutation of numpy without a seed, as an array": (
        program(
            before="x = x[..., torch.as_tensor(self.order)]",
            constructor="import numpy as np\nself.order = np.random.default_rng().permutation(d_model)",
        ),
        _LUCKY,
    ),
    "double precision by default, at import": (
        program() + "\n\ntorch.set_default_dtype(torch.float64)\n",
        _SETTINGS,
    ),
    "four threads, at import": (program() + "\n\ntorch.set_num_threads(4)\n", _SETTINGS),
    "coarse matrix products, at import": (
        program() + '\n\ntorch.set_float32_matmul_precision("medium")\n',
        _SETTINGS,
    ),
    "coarse matrix products of one backend, at import": (
        program() + '\n\nif hasattr(torch.backends.mkldnn, "matmul"):\n'
        '    torch.backends.mkldnn.matmul.fp32_precision = "bf16"\nelse:\n'
        '    torch.set_float32_matmul_precision("medium")\n',
        _SETTINGS,
    ),
    "no gradients from its constructor on": (program(constructor="torch.set_grad_enabled(False)"), _SETTINGS),
    "a default device, set in its constructor": (program(constructor='torch.set_default_device("cpu")'), _SETTINGS),
}
