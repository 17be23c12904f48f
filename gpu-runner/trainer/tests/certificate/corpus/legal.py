"""Legal programs with features that a careless test would mistake for a defect."""

from tests.certificate.corpus.constructors import LEGAL_CONSTRUCTORS
from tests.certificate.corpus.functional import FUNCTIONAL
from tests.certificate.corpus.program import program

LEGAL: dict[str, str] = {
    "diagonal linear attention": program(),
    "causal convolution by zero-padded FFT": program(
        "n = 2 * t\nh = (-self.rate.exp() * torch.arange(t)[:, None]).exp()\n"
        "o = o + torch.fft.irfft(torch.fft.rfft(v, n, dim=1) * torch.fft.rfft(h, n, dim=0), n, dim=1)[:, :t]",
        constructor="self.rate = nn.Parameter(torch.zeros(d_model))",
    ),
    "recurrence as a loop over tokens": program(
        "s, ys = torch.zeros_like(v[:, 0]), []\n"
        "for kt, vt in zip(k.unbind(1), v.unbind(1)):\n    s = 0.9 * s + kt * vt\n    ys.append(s)\n"
        "o = o + torch.stack(ys, 1)"
    ),
    "dropout by module and by function": program(
        "o = F.dropout(self.drop(o), 0.2, self.training)", constructor="self.drop = nn.Dropout(0.1)"
    ),
    "noise in training of a global generator of torch": program(
        "if self.training:\n    o = o * (torch.rand(b, 1, 1, generator=G) > 0.02)"
    )
    + "\n\nG = torch.Generator()\n",
    "noise in training of a global generator of numpy": program(
        "if self.training:\n    o = o * torch.from_numpy(N.random((b, 1, 1)) > 0.02)"
    )
    + "\n\nimport numpy as np\nN = np.random.default_rng(3)\n",
    "noise in training of Python, kept by the module": program(
        "if self.training:\n    o = o * torch.tensor([float(self.r.random() > 0.02) for _ in range(b)]).view(b, 1, 1)",
        constructor="import random\nself.r = random.Random(3)",
    ),
    "noise in training": program("if self.training:\n    o = o + 0.1 * torch.randn_like(o)"),
    "auxiliary loss": program(
        result='(self.out(o), {"aux": 0.01 * (self.balance(x).softmax(-1).mean((0, 1)) ** 2).sum()})',
        constructor="self.balance = nn.Linear(d_model, 4)",
    ),
    "output projection initialised to zero": program(constructor="nn.init.zeros_(self.out.weight)"),
    "initialised by formulas": program(
        "o = o * (-self.decay.exp()).exp() + self.c(v.mT)[:, :, :t].mT + v @ self.hippo",
        constructor="nn.init.eye_(self.q.weight)\n"
        "self.decay = nn.Parameter(torch.arange(d_model).float() / d_model)\n"
        "self.c = nn.Conv1d(d_model, d_model, 3, padding=2, groups=8)\nnn.init.dirac_(self.c.weight, groups=8)\n"
        "p = torch.sqrt(1 + 2 * torch.arange(d_model).float())\n"
        "self.hippo = nn.Parameter(-torch.tril(p[:, None] * p, -1) / d_model**2)",
    ),
    "random features by the trainer's seed, beside a generator of its own for noise": program(
        "o = o + v @ self.features\nif self.training:\n    o = o + 0.01 * torch.randn(o.shape, generator=self.g)",
        constructor="self.g = torch.Generator().manual_seed(3)\n"
        'self.register_buffer("features", torch.randn(d_model, d_model) / 8)',
    ),
    "random features drawn at import by the trainer's seed, and tables of all kinds by formulas": program(
        "o = o + v @ FEATURES * self.scale(SCALES['half'][0]) * self.turn",
        constructor="self.turn = [i / d_model for i in range(1, d_model)][-1]\n"
        "self.places = [id(p) for p in self.parameters()]\nself.scratch = [torch.empty(d_model), N.empty(d_model)]\n"
        "self.scale = lambda by, decays=N.linspace(0, 1, 8): by * float(decays[-1])",
    )
    + "\n\nimport numpy as N\nFEATURES = torch.randn(64, 64) / 8\n"
    "SCALES = {'half': (torch.tensor(0.5), N.arange(9))}\n",
    "closed gate": program(
        "o = o * torch.sigmoid(self.gate(x) - 8)", constructor="self.gate = nn.Linear(d_model, d_model, bias=False)"
    ),
    "frozen parameter": program(
        "o = o * self.scale",
        constructor="self.scale = nn.Parameter(torch.ones(d_model), requires_grad=False)",
    ),
    "parameters of a teacher that is not trained, in a list": program(
        "o = o + self.teacher[0](x)",
        constructor="self.teacher = [nn.Linear(d_model, d_model).requires_grad_(False)]",
    ),
    "parameters seen through views that the constructor makes": program(
        "o = o * self.first + o @ self.turned",
        constructor="self.w = nn.Parameter(torch.randn(d_model, d_model) / d_model)\n"
        "self.turned, self.first = self.w.T, self.w[0]",
    ),
    "weights that torch computes once for one call": program(
        "with nn.utils.parametrize.cached():\n    o = o + self.p(v) + self.p(o)",
        constructor="self.p = nn.utils.parametrizations.orthogonal(nn.Linear(d_model, d_model, bias=False))",
    ),
    "weights of several heads as parameters, beside a template for torch.func": program(
        "call = torch.func.functional_call\n"
        "o = o + torch.vmap(lambda p: call(self.template[0], p, (o,)))(dict(self.stacked)).tanh().mean(0)",
        constructor="stacked, _ = torch.func.stack_module_state([nn.Linear(d_model, d_model) for _ in range(2)])\n"
        "self.stacked = nn.ParameterDict(stacked)\n"
        'self.template = [nn.Linear(d_model, d_model, device="meta")]',
    ),
    "tensors that ask for gradients for one call": program(
        "with torch.enable_grad():\n    w = torch.zeros(d, requires_grad=True)\n"
        "    (step,) = torch.autograd.grad((w.sigmoid() * 2).sum(), w)\no = o * step"
    ),
    "registered parameters in lists, closures and globals too": program(
        "self.v.weight = self.weights[0]\no = o + self.again(o)",
        constructor="self.weights = [self.v.weight]\nself.again = lambda z: self.k(z)\nLAYERS.append(self)",
    )
    + "\n\nLAYERS = []\n",
    "views whose conjugation or sign is still to be done": program(
        "o = o + ((o * self.turns).real + (o * self.phase.conj()).imag) * self.sines + o * self.backwards",
        constructor="angles = torch.arange(d_model) / d_model\nz = torch.polar(torch.ones(d_model), angles)\n"
        'self.register_buffer("turns", z.conj())\nself.register_buffer("backwards", z.conj().imag)\n'
        "self.phase = nn.Parameter(z.conj())\nself.sines = nn.Parameter(z.conj().imag)",
    ),
    "small constant buffer": program(
        "o = o * self.scale", constructor='self.register_buffer("scale", torch.linspace(0.5, 1, d_model))'
    ),
    "attention in a window of 16 tokens": program(
        "p = -t % 16\n"
        "qc, kc, vc = (F.pad(a, (0, 0, 0, p)).view(b, -1, 16, d) for a in (q, k, v))\n"
        "s = (qc @ kc.mT).masked_fill(torch.ones(16, 16).triu(1).bool(), -math.inf)\n"
        "o = o + (s.softmax(-1) @ vc).view(b, -1, d)[:, :t]"
    ),
    "gradient checkpointing": program(
        "from torch.utils.checkpoint import checkpoint\no = o + checkpoint(self.v, o, use_reentrant=False)"
    ),
    "delta rule in chunks": program(
        "p = -t % 16\n"
        "qc, kc, vc = (F.pad(a, (0, 0, 0, p)).view(b, -1, 16, d) for a in (q, F.normalize(k, dim=-1), v))\n"
        "a = (kc @ kc.mT).tril(-1) + torch.eye(16)\nu = torch.linalg.solve_triangular(a, vc, upper=False)\n"
        "o = o + ((qc @ kc.mT).tril() @ u).view(b, -1, d)[:, :t]"
    ),
    "delta rule in chunks by an inverse": program(
        "p = -t % 16\n"
        "qc, kc, vc = (F.pad(a, (0, 0, 0, p)).view(b, -1, 16, d) for a in (q, F.normalize(k, dim=-1), v))\n"
        "u = torch.linalg.inv((kc @ kc.mT).tril(-1) + torch.eye(16)) @ vc\n"
        "o = o + ((qc @ kc.mT).tril() @ u).view(b, -1, d)[:, :t]"
    ),
    "decay in log space, masked before exp": program(
        "g = -F.softplus(k[..., :1]).mul(0.1)\ng = F.pad(g, (0, 0, 0, -t % 32)).view(b, -1, 32).cumsum(-1)\n"
        "w = (g[..., :, None] - g[..., None, :]).masked_fill(torch.ones(32, 32).triu(1).bool(), -math.inf).exp()\n"
        "vc = F.pad(v, (0, 0, 0, -t % 32)).view(b, -1, 32, d)\no = o + (w @ vc).view(b, -1, d)[:, :t]"
    ),
    "mixture of experts with a top-2 router per token": program(
        "w, i = self.router(x).topk(2, -1)\nw = w.softmax(-1)\n"
        "w = torch.zeros(b, t, 4, dtype=w.dtype).scatter(-1, i, w)\n"
        "o = o * (1 + torch.einsum('bte,ed->btd', w, self.experts))",
        constructor="self.router = nn.Linear(d_model, 4)\nself.experts = nn.Parameter(torch.randn(4, d_model) * 0.1)",
    ),
    "running maximum and running mean": program(
        "m = v.cummax(1).values\nn = torch.arange(1, t + 1)[None, :, None]\no = o + 0.1 * m + v.cumsum(1) / n"
    ),
    "windows of eight tokens by pooling": program(
        "w = F.pad(v.mT, (7, 0))\n"
        "o = o + (F.avg_pool1d(w, 8, 1) + F.max_pool1d(w, 8, 1) + F.lp_pool1d(w.abs() + 1, 2, 8, 1)).mT"
    ),
    "tokens that equal the one before": program(
        "o = o * (1 + F.pad((x[:, 1:] == x[:, :-1]).all(-1).float(), (1, 0))[..., None])"
    ),
    "another algorithm in training, of the same values": program(
        "o = o + (v.cumsum(1) if self.training else torch.stack(v.unbind(1), 1).double().cumsum(1).float()) / 32"
    ),
    "rotation by position": program(
        "a = torch.arange(t)[:, None] * 0.5 ** torch.arange(d // 2)\n"
        "v1, v2 = v.chunk(2, -1)\no = o + torch.cat((v1 * a.cos() - v2 * a.sin(), v1 * a.sin() + v2 * a.cos()), -1)"
    ),
    "learned filter of 64 taps": program(
        "n = 2 * t + 64\n"
        "o = o + torch.fft.irfft(torch.fft.rfft(v, n, dim=1) * torch.fft.rfft(self.h, n, dim=0), n, dim=1)[:, :t]",
        constructor="self.h = nn.Parameter(torch.randn(64, d_model) * 0.1)",
    ),
    "step counter with a schedule, in training only": program(
        "if self.training:\n    self.step += 1\no = o * (1 + 0.5 ** (1 + self.step.item()))",
        constructor='self.register_buffer("step", torch.zeros((), dtype=torch.long))',
    ),
    "stochastic depth in training": program("if self.training and torch.rand(()).item() < 0.3:\n    o = o * 0.5"),
    "stochastic depth of one row in ten": program("if self.training:\n    o = o * (torch.rand(b, 1, 1) > 0.1) / 0.9"),
    "stochastic depth by a generator of its own": program(
        "if self.training:\n    o = o * (torch.rand(b, 1, 1, generator=self.g) > 0.1) / 0.9",
        constructor="self.g = torch.Generator()\nself.g.manual_seed(3)",
    ),
    "one head in ten dropped": program(
        "if self.training:\n    o = (o.view(b, t, 2, -1) * (torch.rand(b, 1, 2, 1) > 0.1)).view(b, t, d) / 0.9"
    ),
    # Filters whose spectrum is full of large values: what is rounded there reaches the past with a few 1e-5 of it.
    "Toeplitz network by FFT": program(
        "s, n = torch.arange(t, dtype=torch.float32)[:, None], 2 * t\nw = self.r(s) * 0.99**s\n"
        "f = torch.fft.rfft(v.float(), n, dim=1) * torch.fft.rfft(w.float(), n, dim=0)\n"
        "o = q * k * torch.fft.irfft(f, n, dim=1)[:, :t]",
        constructor="self.r = nn.Sequential(nn.Linear(1, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), "
        "nn.Linear(32, d_model))",
    ),
    "Toeplitz network by FFT, its positions made by the constructor": program(
        "s, n = self.s[:t], 2 * t\nw = self.r(s) * 0.99**s\n"
        "f = torch.fft.rfft(v.float(), n, dim=1) * torch.fft.rfft(w.float(), n, dim=0)\n"
        "o = q * k * torch.fft.irfft(f, n, dim=1)[:, :t]",
        constructor="self.r = nn.Sequential(nn.Linear(1, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), "
        "nn.Linear(32, d_model))\nself.s = torch.arange(4096.0)[:, None]",
    ),
    "Hyena by FFT": program(
        "s, n = torch.arange(t, dtype=torch.float32)[:, None] / 256, 1 << (2 * t - 1).bit_length()\n"
        "w = torch.cat([s, *(f(s * 2**i) for i in range(4) for f in (torch.sin, torch.cos))], -1)\n"
        "h = self.f(w) * torch.exp(-s * self.a.abs())\n"
        "f = torch.fft.rfft((k * v).float(), n, dim=1) * torch.fft.rfft(h.float(), n, dim=0)\n"
        "o = q * torch.fft.irfft(f, n, dim=1)[:, :t]",
        constructor="self.f = nn.Sequential(nn.Linear(9, 32), nn.SiLU(), nn.Linear(32, d_model))\n"
        "self.a = nn.Parameter(torch.linspace(1, 5, d_model))",
    ),
    "negative eigenvalues": program(
        "beta = 2 * torch.sigmoid(self.beta(x))\na = 1 - beta.unsqueeze(-1)\n"
        "s, ys = torch.zeros(b, d), []\n"
        "for at, vt in zip(a.unbind(1), v.unbind(1)):\n    s = at[..., 0] * s + vt\n    ys.append(s)\n"
        "o = o + torch.stack(ys, 1) * 0.1",
        constructor="self.beta = nn.Linear(d_model, 1)",
    ),
    "a state that may be passed on": program(
        result='(self.out(o), {"state": None})',
    ),
    "heads by reshape, group norm per head": program(
        "h = o.view(b, t, 4, -1)\nh = h * torch.rsqrt(h.square().mean(-1, keepdim=True) + 1e-5)\n"
        "o = h.reshape(b, t, d) * self.w",
        constructor="self.w = nn.Parameter(torch.ones(d_model))",
    ),
    "many fast Fourier transforms": program(
        "n = 2 * t\nfor i in range(4):\n    h = (-(0.5 + i) * torch.arange(t)[:, None] / 16.0).exp() / 8\n"
        "    o = o + torch.fft.irfft(torch.fft.rfft(v, n, dim=1) * torch.fft.rfft(h, n, dim=0), n, dim=1)[:, :t]"
    ),
    "scan of log T levels": program(
        "a, y, n = torch.sigmoid(k), v, 1\nwhile n < t:\n    y = y + a * F.pad(y, (0, 0, n, 0))[:, :t]\n"
        "    a = a * F.pad(a, (0, 0, n, 0))[:, :t]\n    n *= 2\no = o + 0.1 * y"
    ),
    "scan of log T levels by slices, decay per head": program(
        "a, y, n = torch.sigmoid(k[..., :2]).repeat_interleave(d // 2, -1), v * q, 1\nwhile n < t:\n"
        "    y = torch.cat((y[:, :n], y[:, n:] + a[:, n:] * y[:, :-n]), 1)\n"
        "    a = torch.cat((a[:, :n], a[:, n:] * a[:, :-n]), 1)\n    n *= 2\no = o + 0.1 * y"
    ),
    "scan of products of matrices": program(
        "m = torch.eye(8) - 0.1 * torch.einsum('bti,btj->btij', k[..., :8].tanh(), v[..., :8].tanh())\nn = 1\n"
        "while n < t:\n    m = torch.cat((m[:, :n], m[:, n:] @ m[:, :-n]), 1)\n    n *= 2\n"
        "o = o + F.pad(m[..., 0], (0, d - 8))"
    ),
    "recurrent layer of torch": program(
        "o = o + self.g(v)[0]", constructor="self.g = nn.GRU(d_model, d_model, batch_first=True)"
    ),
    "recurrent layer of torch with memory cells": program(
        "o = o + self.g(v)[0]", constructor="self.g = nn.LSTM(d_model, d_model, 2, batch_first=True)"
    ),
    "gate of three axes, nearly shut": program(
        "o = o + torch.sigmoid(self.g) * v", constructor="self.g = nn.Parameter(torch.full((1, 1, d_model), -8.0))"
    ),
    "gates with thresholds, per head and feature": program(
        "o = o * (1 + F.relu(self.g - 0.5).reshape(-1)) + F.hardtanh(self.h) * v",
        constructor="self.g = nn.Parameter(torch.rand(n_heads, d_model // n_heads))\n"
        "self.h = nn.Parameter(torch.rand(1, 1, d_model) * 0.5)",
    ),
    "rows in groups of eight": program("o = torch.cat([torch.tanh(r) * r.cumsum(1) / t**0 for r in o.split(8)])"),
    "rotations in a cache by length": program(
        "o = o * rotations(t, d)",
    )
    + "\n\nimport functools\n@functools.lru_cache\ndef rotations(t, d):\n"
    "    return torch.cos(torch.arange(t)[:, None] / 10000 ** torch.linspace(0, 1, d))\n",
    "small random projection drawn in every call": program(
        "o = o + v @ torch.randn(d, d, generator=torch.Generator().manual_seed(1)) / d**0.5"
    ),
    "masks of three sizes made in every call": program(
        "for c in (32, 64, 128):\n    m = torch.ones(c, c).tril() / c\n"
        "    w = F.pad(v, (0, 0, 0, -t % c)).view(b, -1, c, d)\n    o = o + (m @ w).view(b, -1, d)[:, :t]"
    ),
    "states of zeros for every row": program(
        "s = torch.zeros(b, d, d)\nys = []\nfor kc, vc in zip(k.split(64, 1), v.split(64, 1)):\n"
        "    ys.append(kc @ s / 64)\n    s = s + kc.mT @ vc / 64\no = o + torch.cat(ys, 1)"
    ),
    "casts that change nothing on the CPU": program(
        "o = (q.to(torch.bfloat16) * (k.float() * v.to(torch.float16)).cumsum(1)).to(x.dtype) / (k.cumsum(1) + 1e-6)"
    ).replace("torch.float16", "torch.float32"),
    "noise of a router, in training": program(
        "g = self.r(x)\nif self.training:\n    g = g - torch.log(-torch.log(torch.rand_like(g) + 1e-9) + 1e-9)\n"
        "o = o * (1 + g.softmax(-1)[..., :1])",
        constructor="self.r = nn.Linear(d_model, 4)",
    ),
    "weight norm": program(
        "o = o + self.p(v)",
        constructor="self.p = nn.utils.parametrizations.weight_norm(nn.Linear(d_model, d_model, bias=False))",
    ),
    "weight norm of older torch": program(
        "o = o + self.p(v)",
        constructor="self.p = nn.utils.weight_norm(nn.Linear(d_model, d_model, bias=False))",
    ),
    "spectral norm of older torch": program(
        "o = o + self.p(v)",
        constructor="self.p = nn.utils.spectral_norm(nn.Linear(d_model, d_model, bias=False))",
    ),
    "learned filter of 512 taps by FFT before the core": program(
        before="n = t + 512\n"
        "x = x + torch.fft.irfft(torch.fft.rfft(x, n, dim=1) * torch.fft.rfft(self.h, n, dim=0), n, dim=1)[:, :t]",
        constructor="self.h = nn.Parameter(torch.randn(512, d_model) * 0.05)",
    ),
    "complex decays in chunks": program(
        "a = torch.complex(-self.a.exp(), self.f)\ni = torch.arange(32)\n"
        "u = F.pad(v, (0, 0, 0, -t % 32)).view(b, -1, 32, d)\n"
        "w = torch.exp(a[:, None, None] * (i[:, None] - i).clamp(min=0)) * torch.ones(32, 32).tril()\n"
        "o = o + torch.einsum('dij,bcjd->bcid', w, u.to(w.dtype)).real.reshape(b, -1, d)[:, :t]",
        constructor="self.a = nn.Parameter(torch.linspace(-3, 0, d_model))\n"
        "self.f = nn.Parameter(torch.linspace(0, 3, d_model))",
    ),
    "complex parameters by a scan that doubles (LRU)": program(
        "a = torch.exp(torch.complex(-self.a.exp(), self.f.exp()))\n"
        "u, n = (v.to(torch.cfloat) @ self.i.mT) * (1 - a.abs() ** 2).sqrt(), 1\n"
        "while n < t:\n"
        "    u = u + a * torch.cat((torch.zeros_like(u[:, :n]), u[:, :-n]), 1)\n"
        "    a, n = a * a, 2 * n\n"
        "o = o + (u @ self.c.mT).real",
        constructor="self.a = nn.Parameter(torch.linspace(-4, -1, d_model // 2))\n"
        "self.f = nn.Parameter(torch.linspace(-2, 1, d_model // 2))\n"
        "self.i = nn.Parameter(torch.randn(d_model // 2, d_model, dtype=torch.cfloat) / d_model ** 0.5)\n"
        "self.c = nn.Parameter(torch.randn(d_model, d_model // 2, dtype=torch.cfloat) / d_model ** 0.5)",
    ),
    "statistics of the past in double precision": program(
        "n = torch.arange(1, t + 1)[None, :, None]\nm = v.double().cumsum(1) / n\n"
        "s = ((v.double() ** 2).cumsum(1) / n - m * m).clamp_min(0)\no = o + ((v - m) / (s + 1e-3).sqrt()).float()"
    ),
    "gate shut by a bias": program(
        "o = o + torch.sigmoid(self.gate(x)) * v",
        constructor="self.gate = nn.Linear(d_model, d_model)\nnn.init.constant_(self.gate.bias, -6.0)",
    ),
    "layers that know their place": program(
        "o = o * self.scale",
        constructor="self.layer_idx, self.n_layers = layer_idx, n_layers\nself.scale = 0.5 ** (layer_idx + 1)\n"
        "self.mix = lambda o: o * n_layers",
    ),
    "narrow in one layer and wide in the other": program(
        "o = o + self.m(o).relu() @ self.m.weight",
        constructor="self.m = nn.Linear(d_model, 8 if layer_idx % 2 else d_model // 8, bias=False)",
    ),
    "learned filter of 512 taps per head": program(
        "w = self.h.repeat_interleave(d // len(self.h), 0)\no = o + F.conv1d(F.pad(v.mT, (511, 0)), w, groups=d).mT",
        constructor="self.h = nn.Parameter(torch.randn(n_heads, 1, 512) * 0.02)",
    ),
    "learned filter of 512 taps before the core, nearest first": program(
        before="w = self.h[:t].flip(0).mT.expand(d, 1, -1)\n"
        "x = x + F.conv1d(F.pad(x.mT, (w.shape[2] - 1, 0)), w, groups=d).mT",
        constructor="self.h = nn.Parameter(torch.randn(512, 1) * 0.05)",
    ),
    "linear attention in chunks of 256": program(
        "ys, s = [], 0\nfor i in range(0, t, 256):\n    qc, kc, vc = (a[:, i : i + 256] for a in (q, k, v))\n"
        "    ys.append(((qc @ kc.mT).tril() @ vc + qc @ (s + torch.zeros(d, d))) / 64)\n    s = s + kc.mT @ vc\n"
        "o = o + torch.cat(ys, 1)"
    ),
    "states before chunks as those behind them less the chunks": program(
        "parts = F.elu(q) + 1, F.elu(k) + 1, v\n"
        "a, b, c = (F.pad(z, (0, 0, 0, -t % 64)).unflatten(1, (-1, 64)) for z in parts)\nkv = b.mT @ c\n"
        "y = a @ (kv.cumsum(1) - kv) + (a @ b.mT).tril() @ c\no = o + y.flatten(1, 2)[:, :t] / 64"
    ),
    "attention in a window of 64 tokens": program(
        "n = F.pad(k, (0, 0, 63, 0)).unfold(1, 64, 1), F.pad(v, (0, 0, 63, 0)).unfold(1, 64, 1)\n"
        "i = torch.arange(t)[:, None] - 63 + torch.arange(64)\n"
        "s = torch.einsum('btd,btdw->btw', q, n[0]).masked_fill(i < 0, -math.inf)\n"
        "o = o + torch.einsum('btw,btdw->btd', (s / 8).softmax(-1), n[1])"
    ),
    "numbers of heads and chunks read in Python": program(
        "r = self.r.tolist()\nys = [a * (1 + 0 * float(a.detach().amax())) for a in o.split(32, 1)]\n"
        "o = torch.cat(ys, 1) * r[0]",
        constructor='self.register_buffer("r", torch.linspace(0.5, 1, n_heads))',
    ),
    **FUNCTIONAL,
    **LEGAL_CONSTRUCTORS,
}
