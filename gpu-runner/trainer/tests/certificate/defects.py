"""Planted defects: name -> (program, the tests that must fail, all of them)."""

from tests.certificate.programs import program

FUTURE = {"causality by values", "causality by gradient", "prefix consistency"}
QUADRATIC = {"FLOP exponent", "element exponent", "peak tensor exponent"}

DEFECTS: dict[str, tuple[str, set[str]]] = {
    "mean over the whole sequence": (program("o = o + o.mean(1, keepdim=True)"), FUTURE),
    "normalised by a maximum over the whole sequence": (
        program("o = o / (1 + o.abs().amax(1, keepdim=True))"),
        FUTURE,
    ),
    "softmax over time": (program("o = o + v * k.softmax(1)"), FUTURE),
    "convolution padded on both sides": (
        program(
            "o = o + self.c(o.mT).mT", constructor="self.c = nn.Conv1d(d_model, d_model, 3, padding=1, groups=d_model)"
        ),
        FUTURE,
    ),
    "circular convolution by FFT": (
        program("f = torch.fft.rfft(o, dim=1)\no = torch.fft.irfft(f * f[:1].abs().tanh(), n=t, dim=1) + o"),
        FUTURE | {"batch independence"},
    ),
    "chunk attention without a mask": (
        program(
            "p = -t % 32\nqc, kc, vc = (F.pad(a, (0, 0, 0, p)).view(b, -1, 32, d) for a in (q, k, v))\n"
            "o = o + ((qc @ kc.mT) @ vc).view(b, -1, d)[:, :t] / 32"
        ),
        FUTURE,
    ),
    "look-ahead by one token, in training only": (
        program("if self.training:\n    o = o + F.pad(o, (0, 0, 0, 1))[:, 1:]"),
        FUTURE,
    ),
    "leak behind a gate initialised to zero": (
        program("o = o + self.g * v.flip(1).cumsum(1)", constructor="self.g = nn.Parameter(torch.zeros(1))"),
        FUTURE,
    ),
    "leak below the rounding of the output": (
        program("o = o + 1e-9 * v.sum(1, keepdim=True)"),
        {"causality by gradient"},
    ),
    "leak through an index": (
        program("o = o * (1 + 0.5 * (torch.arange(t)[None, :, None] >= x[..., :1].argmax(1, keepdim=True)))"),
        {"causality by values", "prefix consistency"},
    ),
    "leak only in sequences longer than 128": (
        program("if t > 128:\n    o = o + v.mean(1, keepdim=True)"),
        {"causality by values", "prefix consistency"},
    ),
    "position divided by the length": (
        program("o = o + torch.arange(t)[None, :, None] / max(1, t - 1)"),
        {"prefix consistency"},
    ),
    "as many scales as the length has octaves": (
        program("o = sum(o / 2**i for i in range(1 + int(math.log2(t))))"),
        {"prefix consistency"},
    ),
    "mean over the batch": (program("o = o + o.mean(0, keepdim=True)"), {"batch independence"}),
    "batch normalisation": (
        program("o = self.n(o.mT).mT", constructor="self.n = nn.BatchNorm1d(d_model)"),
        FUTURE | {"batch independence"},
    ),
    "rows packed into one sequence": (
        program("o = o + v.reshape(1, b * t, d).cumsum(1).view(b, t, d)"),
        FUTURE | {"batch independence"},
    ),
    "length must be a multiple of 32": (program("o = o.view(b, t // 32, 32, d).reshape(b, t, d)"), {"lengths"}),
    "a single token crashes": (program("o = o + 0 * torch.stack([o[:, 0], o[:, 1]]).sum()"), {"lengths"}),
    "a fully masked softmax row is NaN": (
        program(
            "m = (torch.arange(t)[:, None] > torch.arange(8)).float().log()\no = o + m.softmax(-1).sum(-1)[:, None]"
        ),
        {"lengths"},
    ),
    "mask after exp": (
        program(
            "g = F.pad(k[:, :, 0], (0, 31 - (t - 1) % 32)).view(b, -1, 32).mul(50).cumsum(-1)\n"
            "w = torch.where(torch.ones(32, 32).tril().bool(), (g[:, :, None] - g[:, :, :, None]).exp(), 0.0)\n"
            "o = o * (1 + w.sum(-1).view(b, -1, 1)[:, :t] / 32)"
        ),
        {"finite gradients"},
    ),
    "unused parameter": (
        program(constructor="self.extra = nn.Parameter(torch.ones(d_model))"),
        {"gradient flow"},
    ),
    "parameter behind detach": (program("o = o.detach()"), {"gradient flow"}),
    "random numbers in evaluation": (program("o = o + 0.1 * torch.randn(d)"), {"determinism"}),
    "step counter": (
        program(
            "self.step += 1\no = o * (1 + 0.01 * self.step)",
            constructor='self.register_buffer("step", torch.zeros(()))',
        ),
        {"state hygiene"},
    ),
    "memory of the last call": (
        program("o = o + self.memory\nself.memory = float(o.mean())", constructor="self.memory = 0.0"),
        {"state hygiene"},
    ),
    "writes into its input": (program(before="x.mul_(0.5)"), {"state hygiene"}),
    "softmax attention by hand": (
        program(
            "s = (self.q(x) @ k.mT).masked_fill(torch.ones(t, t).triu(1).bool(), -math.inf)\no = o + s.softmax(-1) @ v"
        ),
        QUADRATIC,
    ),
    "fused softmax attention": (
        program("o = o + F.scaled_dot_product_attention(q[:, None], k[:, None], v[:, None], is_causal=True)[:, 0]"),
        QUADRATIC,
    ),
    "decay matrix of all pairs": (
        program(
            "i = torch.arange(t)\nw = (i[None] - i[:, None]).clamp(max=0).float().exp()\n"
            "o = o * w.tril().sum(-1)[:, None]"
        ),
        {"element exponent", "peak tensor exponent"},
    ),
    "window that grows with the length": (
        program("n = t // 4\no = o + sum(F.pad(v, (0, 0, i, 0))[:, :t] for i in range(0, n, 8)) * 0.01"),
        {"element exponent", "prefix consistency"},
    ),
    "too many parameters": (
        program("o = o + self.m(o)", constructor="self.m = nn.Linear(d_model, d_model)"),
        {"parameter budget"},
    ),
    "capacity hidden in a buffer": (
        program(
            "o = o + self.table[x[..., 0].mul(100).long().clamp(0, 1999)]",
            constructor='self.register_buffer("table", torch.randn(2000, d_model))',
        ),
        {"parameter budget"},
    ),
    "leak in the second layer only": (
        program("if self.late:\n    o = o + v.mean(1, keepdim=True)", constructor="self.late = layer_idx > 0"),
        FUTURE,
    ),
    "wrong output shape": (program(result="self.out(o)[:, :, :1]"), {"construct"}),
    "constructor without the layer index": (
        program().replace(", layer_idx=0, n_layers=1", ", width=1"),
        {"construct"},
    ),
    "syntax error": ("class Mixer(:\n", {"construct"}),
    "no class Mixer": (program().replace("class Mixer", "class Mixers"), {"construct"}),
}
