"""Programs that remember, draw lots, cannot be trained, or are no mixer at all."""

from tests.certificate.corpus.program import program

STATE, FLOW, FINITE, BUILD = {"state hygiene"}, {"gradient flow"}, {"finite gradients"}, {"construct"}
STEPS = {"training steps"}

BEHAVIOUR: dict[str, tuple[str, set[str]]] = {
    "step counter in evaluation": (
        program(
            "self.step += 1\no = o * (1 + 0.01 * self.step)",
            constructor='self.register_buffer("step", torch.zeros(()))',
        ),
        STATE,
    ),
    "memory of the last call": (
        program("o = o + self.memory\nself.memory = float(o.mean())", constructor="self.memory = 0.0"),
        STATE,
    ),
    "memory of the last call in a class attribute": (
        program("o = o + Mixer.memory\nMixer.memory = float(o.detach().mean())") + "\n\nMixer.memory = 0.0\n",
        STATE,
    ),
    "memory of all calls in a global list": (
        program("SEEN.append(float(x.detach().sum()))\no = o * (1 + 0.01 * len(SEEN))") + "\n\nSEEN = []\n",
        STATE,
    ),
    "state carried from call to call": (
        program(
            "o = o + self.carried\nself.carried = (0.5 * self.carried + o.detach().mean((0, 1)))",
            constructor='self.register_buffer("carried", torch.zeros(d_model))',
        ),
        STATE,
    ),
    "cache that grows with the length": (
        program(
            "if self.cache.shape[0] < t:\n    self.cache = torch.arange(t).float().cos()[:, None]\n"
            "o = o * self.cache[:t]",
            constructor="self.cache = torch.zeros(0, 1)",
        ),
        STATE,
    ),
    "memory beside an older weight norm": (
        program(
            "y = self.p(v).mean(-1, keepdim=True)\no = o + y + self.p.seen\nself.p.seen = float(y.detach().mean())",
            constructor="self.p = nn.utils.weight_norm(nn.Linear(d_model, 8, bias=False))\nself.p.seen = 0.0",
        ),
        STATE,
    ),
    "writes into its input": (program(before="x.mul_(0.5)"), STATE),
    "random numbers in evaluation": (program("o = o + 0.1 * torch.randn(d)"), {"determinism"}),
    "random numbers of Python in evaluation": (
        program("import random\no = o * (1 + 0.1 * random.random())"),
        {"determinism"},
    ),
    "dropout in evaluation, as the function has it by default": (program("o = F.dropout(o, 0.3)"), {"determinism"}),
    "dropout of a module that stays in training mode": (
        program("o = self.drop(o)", constructor="self.drop = nn.Dropout(0.2)")
        + "\n    def train(self, mode=True):\n        return super().train(True)\n",
        {"determinism"},
    ),
    "sparse gradients": (
        program(
            "o = o + self.e((x[..., :3] > 0).long() @ torch.tensor([1, 2, 4]))",
            constructor="self.e = nn.Embedding(8, d_model, sparse=True)",
        ),
        FINITE,
    ),
    "parameters in a plain list": (
        program(
            "for layer in self.layers:\n    o = o + layer(o).tanh()",
            constructor="self.layers = [nn.Linear(d_model, d_model) for _ in range(2)]",
        ),
        {"unregistered parameters"},
    ),
    "parameter of the program and not of the module": (
        program("o = o * SCALE") + "\n\nSCALE = nn.Parameter(torch.ones(()))\n",
        {"unregistered parameters"},
    ),
    "tensors that ask for gradients and are no parameters": (
        program(
            "o = o * self.rate + v @ self.w",
            constructor="self.w = (torch.randn(d_model, d_model) / d_model**0.5).requires_grad_()\n"
            "self.rate = torch.linspace(0.1, 3, d_model, requires_grad=True)",
        ),
        {"unregistered parameters"},
    ),
    "buffer that asks for gradients": (
        program("o = o * self.w", constructor='self.register_buffer("w", torch.ones(d_model).requires_grad_())'),
        {"unregistered parameters"},
    ),
    "weights of several heads stacked by torch.func, beside a template": (
        program(
            "call = torch.func.functional_call\n"
            "o = o + torch.vmap(lambda p: call(self.template[0], p, (o,)))(self.stacked).tanh().mean(0)",
            constructor="heads = [nn.Linear(d_model, d_model) for _ in range(2)]\n"
            "self.stacked, _ = torch.func.stack_module_state(heads)\n"
            'self.template = [nn.Linear(d_model, d_model, device="meta")]',
        ),
        {"unregistered parameters"},
    ),
    "decay computed from a parameter by the constructor": (
        program(
            "o = o * (v * self.a).exp()",
            constructor="self.rate = nn.Parameter(torch.linspace(-4, -2, d_model))\nself.a = -self.rate.exp()",
        ),
        STEPS,
    ),
    "buffer computed from a parameter by the constructor": (
        program(
            "o = o * self.a",
            constructor='self.rate = nn.Parameter(torch.zeros(d_model))\nself.register_buffer("a", self.rate.exp())',
        ),
        STEPS,
    ),
    "decay computed by the constructor, with nothing saved for the backward pass": (
        program(
            "o = o * (0.1 * v * self.a).exp()",
            constructor="self.rate = nn.Parameter(torch.linspace(0.1, 1, d_model))\nself.a = -self.rate",
        ),
        {"stale values"},
    ),
    "value of a parameter computed once for all calls": (
        program("o = o * kept(self.rate)", constructor="self.rate = nn.Parameter(torch.zeros(d_model))")
        + "\n\nimport functools\n@functools.lru_cache\ndef kept(rate):\n    return rate.exp()\n",
        STEPS,
    ),
    "state carried from step to step with its graph, in training": (
        program(
            "if self.training:\n    o = o + self.carried\n    self.carried = 0.1 * v.square().mean((0, 1))",
            constructor="self.carried = torch.zeros(d_model)",
        ),
        STEPS,
    ),
    "parameter made by a call, in a list": (
        program("if not self.late:\n    self.late.append(nn.Parameter(torch.ones(d)))\no = o * self.late[0]").replace(
            "super().__init__()", "super().__init__()\n        self.late = []"
        ),
        {"unregistered parameters", "state hygiene"},
    ),
    "another parameter in the place of the first, in training": (
        program(
            before="if self.training:\n"
            "    self.v.weight = nn.Parameter(self.v.weight / self.v.weight.norm(dim=1, keepdim=True))"
        ),
        {"parameter growth"},
    ),
    "another parameter in the place of the first, from the second call on": (
        program(
            before="if self.training and self.calls > 0:\n    self.v.weight = nn.Parameter(self.v.weight.detach())\n"
            "self.calls += self.training",
            constructor='self.register_buffer("calls", torch.zeros((), dtype=torch.long))',
        ),
        {"parameter growth"},
    ),
    "the clock": (
        program("import time\no = o * (1 + 0.5 * math.sin(time.perf_counter_ns()))"),
        # it could hide a look at the future
        {"causality by values", "determinism", "state hygiene"},
    ),
    "mask after exp": (
        program(
            "g = F.pad(k[:, :, 0], (0, 31 - (t - 1) % 32)).view(b, -1, 32).mul(50).cumsum(-1)\n"
            "w = torch.where(torch.ones(32, 32).tril().bool(), (g[:, :, None] - g[:, :, :, None]).exp(), 0.0)\n"
            "o = o * (1 + w.sum(-1).view(b, -1, 1)[:, :t] / 32)"
        ),
        FINITE | {"saturated gates"},
    ),
    "square root at zero": (
        program("o = o * (1 + (o - o).square().sum(-1, keepdim=True).sqrt())"),
        FINITE | {"saturated gates"},
    ),
    "norm of a difference of equal tokens": (
        program("u = x - F.pad(x, (0, 0, 3, 0))[:, :t]\no = o + 0.1 * u / u.norm(dim=-1, keepdim=True)"),
        FINITE | {"saturated gates"},
    ),
    "NaN at beta = 2": (
        program("beta = 2 * torch.sigmoid(v)\no = o * (2 - beta) / (2 - beta)"),
        {"saturated gates"},
    ),
    "logarithm of a gate": (program("o = o + 0.1 * torch.sigmoid(8 * v).log()"), {"saturated gates"}),
    "unbounded exponential": (program("o = o / (1 + (v * v).exp())"), {"saturated gates"}),
    "unused parameter": (program(constructor="self.extra = nn.Parameter(torch.ones(d_model))"), FLOW),
    "parameter times zero": (
        program("o = o + 0.0 * self.extra", constructor="self.extra = nn.Parameter(torch.ones(d_model))"),
        FLOW,
    ),
    "parameter behind detach": (program("o = o.detach()"), FLOW),
    "parameter behind a rounding": (
        program("o = o * (1 + self.w.round())", constructor="self.w = nn.Parameter(torch.ones(d_model))"),
        FLOW,
    ),
    "crashes in bfloat16": (
        program("with torch.autocast('cpu', enabled=False):\n    o = o + (k @ self.v.weight) * 0.01"),
        {"bfloat16"},
    ),
    "every token by itself": (
        program("o = q * F.silu(k) * v").replace("o = q * (k * v).cumsum(1) / (k.cumsum(1) + 1e-6)", "o = v"),
        {"token mixing"},
    ),
    "nothing at all": (
        "import torch\n\n\nclass Mixer(torch.nn.Module):\n"
        "    def __init__(self, d_model, n_heads, *, layer_idx=0, n_layers=1):\n        super().__init__()\n\n"
        "    def forward(self, x):\n        return x\n",
        {"token mixing"},
    ),
    "wrong output shape": (program(result="self.out(o)[:, :, :1]"), BUILD),
    "another dtype": (program(result="self.out(o).double()"), BUILD),
    "a second output that is no dict": (program(result="(self.out(o), None)"), BUILD),
    "an auxiliary loss per token": (program(result='(self.out(o), {"aux": o.mean(-1)})'), BUILD),
    "exits in forward": (program("raise SystemExit(0)"), BUILD),
    "recursion without end": (program("self.forward(x)"), BUILD),
    "constructor without the layer index": (program().replace(", layer_idx=0, n_layers=1", ", width=1"), BUILD),
    "syntax error": ("class Mixer(:\n", BUILD),
    "no Python": ("\x00\x01\x02PK not a program", BUILD),
    "no class Mixer": (program().replace("class Mixer", "class Mixers"), BUILD),
    "a class that is no module": (program().replace("class Mixer(nn.Module)", "class Mixer"), BUILD),
    "exits at import": ("import sys\nsys.exit(0)\n", BUILD),
}
