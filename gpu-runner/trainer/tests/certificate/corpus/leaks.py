"""Programs that see the future: name -> (program, the tests that must fail, all of them)."""

from tests.certificate.corpus.program import program

FUTURE = {"causality by values", "causality by gradient", "prefix consistency"}
SELECTED = {"causality by values", "prefix consistency"}  # through an index: no gradient

_CHUNKS = "p = -t % 32\nqc, kc, vc = (F.pad(a, (0, 0, 0, p)).view(b, -1, 32, d) for a in (q, k, v))\n"
_CAUSAL_FFT = (
    "n, h = 2 * t, (-torch.arange(t)[:, None] / 64.0).exp()\n"
    "o = o + torch.fft.irfft(torch.fft.rfft(v, n, dim=1) * torch.fft.rfft(h, n, dim=0), n, dim=1)[:, :t]\n"
)

LEAKS: dict[str, tuple[str, set[str]]] = {
    # off by one, in every path that published programs have
    "off by one: mask of the attention inside a chunk": (
        program(
            _CHUNKS + "s = (qc @ kc.mT).masked_fill(torch.ones(32, 32).triu(2).bool(), -math.inf)\n"
            "o = o + (s.softmax(-1) @ vc).view(b, -1, d)[:, :t]"
        ),
        FUTURE,
    ),
    "off by one: short convolution padded by one too few": (
        program("o = o + sum(F.pad(v, (0, 0, 2, 1))[:, i : i + t] * 0.2 for i in range(4))"),
        FUTURE,
    ),
    "off by one: state of the present chunk instead of the one before": (
        program(
            _CHUNKS + "s = (kc.mT @ vc).cumsum(1)\no = o + (qc @ s).view(b, -1, d)[:, :t] / 1000",
        ),
        FUTURE,
    ),
    "off by one: gate of the next token": (
        program("g = torch.sigmoid(self.k(x))\no = o * F.pad(g, (0, 0, 0, 1))[:, 1:]"),
        FUTURE,
    ),
    "off by one: token shift forwards": (program("o = o + 0.5 * torch.roll(v, -1, 1)"), FUTURE),
    "off by one: cut of an FFT convolution": (
        program(
            "n = 2 * t + 2\nh = (-torch.arange(t + 1)[:, None] / 8.0).exp()\n"
            "f = torch.fft.rfft(v, n, dim=1) * torch.fft.rfft(h, n, dim=0)\n"
            "o = o + torch.fft.irfft(f, n, dim=1)[:, 1 : t + 1] * 0.1"
        ),
        FUTURE,
    ),
    "off by one: decay that includes the next step": (
        program(
            "g = -F.softplus(k).cumsum(1) * 0.01\ng = torch.cat((g[:, 1:], g[:, -1:]), 1)\no = o * g.exp()",
        ),
        FUTURE,
    ),
    "off by one: triangular solve with the upper half of K K^T": (
        program(
            _CHUNKS + "kn = F.normalize(kc, dim=-1)\na = (kn @ kn.mT).tril(0) - (kn @ kn.mT).tril(-1).mT * 0.01\n"
            "m = torch.eye(32) + 0.1 * a\no = o + torch.linalg.solve(m, vc).reshape(b, -1, d)[:, :t]"
        ),
        FUTURE,
    ),
    # statistics of the whole sequence
    "mean over the whole sequence": (program("o = o + o.mean(1, keepdim=True)"), FUTURE),
    "normalised by a maximum over the whole sequence": (program("o = o / (1 + o.abs().amax(1, keepdim=True))"), FUTURE),
    "normalised by a standard deviation over the whole sequence": (
        program("o = o / (o.std(1, keepdim=True, unbiased=False) + 1)"),
        FUTURE,
    ),
    "instance normalisation": (
        program("o = o + F.instance_norm(F.pad(o, (0, 0, 0, 1)).mT).mT[:, :t]"),
        FUTURE,
    ),
    "softmax over time": (program("o = o + v * k.softmax(1)"), FUTURE),
    "scan in both directions": (program("o = o + 0.01 * v.flip(1).cumsum(1).flip(1)"), FUTURE),
    "the last token is added to all": (program("o = o + v[:, -1:]"), FUTURE),
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
    "filter of frequencies": (
        program(
            "f = torch.fft.rfft(v, dim=1)\no = o + torch.fft.irfft(f * (torch.arange(f.shape[1]) < 4)[:, None], t, 1)"
        ),
        FUTURE,
    ),
    "chunk attention without a mask": (
        program(_CHUNKS + "o = o + ((qc @ kc.mT) @ vc).view(b, -1, d)[:, :t] / 32"),
        FUTURE,
    ),
    "pooled over a chunk and spread again": (
        program(_CHUNKS + "o = o + vc.mean(2, keepdim=True).expand_as(vc).reshape(b, -1, d)[:, :t]"),
        FUTURE,
    ),
    # selections: no gradient shows them
    "leak through an index": (
        program("o = o * (1 + 0.5 * (torch.arange(t)[None, :, None] >= x[..., :1].argmax(1, keepdim=True)))"),
        SELECTED,
    ),
    "leak through a sort over time": (
        program("r = x[..., :1].argsort(1).argsort(1)\no = o * (1 + r / (2.0 * t))"),
        SELECTED,
    ),
    "leak through the largest eight of all": (
        program("c = x[..., 0].topk(min(8, t), 1).values[:, -1:]\no = o * (1 + (x[..., 0] >= c)[..., None].float())"),
        SELECTED,
    ),
    "leak through a rounded mean": (program("o = o + (x.mean((1, 2), keepdim=True) * 40).round()"), SELECTED),
    "leak that needs the future to be zero": (
        program("o = o * (1 + (x[:, -1:].abs().amax(-1, keepdim=True) == 0))"),
        {"causality by values"},
    ),
    # under some condition only
    "look-ahead by one token, in training only": (
        program("if self.training:\n    o = o + F.pad(o, (0, 0, 0, 1))[:, 1:]"),
        FUTURE,
    ),
    "look-ahead without gradient, in training with gradients only": (
        program("if self.training and torch.is_grad_enabled():\n    o = o + 0.5 * v.detach().roll(-1, 1)"),
        SELECTED,
    ),
    "mean without gradient, where gradients are on": (
        program("if torch.is_grad_enabled():\n    o = o + 0.5 * v.detach().mean(1, keepdim=True)"),
        SELECTED,
    ),
    "look-ahead without gradient, where the input needs one": (
        program("if x.requires_grad:\n    o = o + v.detach().roll(-1, 1)"),
        SELECTED,
    ),
    "tokens scaled by how often they occur, the future included": (
        program(
            "s, i = (x * torch.arange(1, d + 1).sqrt()).sum(-1).sort(1)\n"
            "g = F.pad(((s[:, 1:] - s[:, :-1]).abs() > 1e-4).long().cumsum(1), (1, 0))\n"
            "n = torch.zeros_like(s).scatter_add(1, g, torch.ones_like(s)).gather(1, g)\n"
            "o = o * (1 + torch.zeros_like(s).scatter(1, i, n).log()[..., None])"
        ),
        SELECTED,
    ),
    "leak behind a gate initialised to zero": (
        program("o = o + self.g * v.flip(1).cumsum(1)", constructor="self.g = nn.Parameter(torch.zeros(1))"),
        FUTURE,
    ),
    "leak behind a gate that a bias keeps shut": (
        program(
            "o = o + torch.sigmoid(self.g) * v.mean(1, keepdim=True)",
            constructor="self.g = nn.Parameter(torch.full((d_model,), -200.0))",
        ),
        {"causality by values", "causality by gradient", "gradient flow"},
    ),
    "leak at the initial parameters only": (
        program(
            "if float(self.g.detach().abs().sum()) == 0:\n    o = o + v.mean(1, keepdim=True)\no = o + self.g * v",
            constructor="self.g = nn.Parameter(torch.zeros(d_model))",
        ),
        FUTURE,
    ),
    "leak below the rounding of the output": (
        program("o = o + 1e-9 * v.mean(1, keepdim=True)"),
        {"causality by gradient"},
    ),
    "leak far below the rounding of the output": (
        program("o = o + 1e-25 * v.mean(1, keepdim=True)"),
        {"causality by gradient"},
    ),
    # as small as the rounding of a causal FFT, beside one or through one
    "small look-ahead beside a causal FFT": (
        program(_CAUSAL_FFT + "o = o + 2e-5 * torch.roll(v, -1, 1)"),
        {"causality by values", "causality by gradient"},
    ),
    "small look-ahead by a comparison, beside a causal FFT": (
        program(_CAUSAL_FFT + "o = o + 5e-5 * (torch.roll(x[..., :1], -1, 1) > 0.5)"),
        {"causality by values"},
    ),
    "small look-ahead through an FFT with casts": (
        program(
            "h = 2e-7 * F.one_hot(torch.tensor(t - 1), t).float()[:, None]\n"
            "f = torch.fft.rfft(v.float(), dim=1) * torch.fft.rfft(h.float(), dim=0)\n"
            "o = o + torch.fft.irfft(f, t, dim=1).to(x.dtype)"
        ),
        {"causality by values", "causality by gradient"},
    ),
    # there in single precision only, without gradient
    "look-ahead by the type of a tensor": (
        program("if x.dtype == torch.float32:\n    o = o + 2e-7 * v.detach().roll(-1, 1)"),
        {"causality by values"},
    ),
    "look-ahead by the epsilon of a type, beside a causal FFT": (
        program(_CAUSAL_FFT + "o = o + 50 * torch.finfo(x.dtype).eps * v.detach().roll(-1, 1)"),
        {"causality by values"},
    ),
    "rounded to half precision at a scale of the whole sequence": (
        program(
            "s = o.detach().abs().amax(1, keepdim=True)\n"
            "o = o + 0.05 * ((o.detach() / s).to(torch.float16).to(x.dtype) * s - o.detach())"
        ),
        {"causality by values"},
    ),
    "leak only at lengths that are no multiple of the chunk": (
        program("if t % 32:\n    o = o + v[:, -(t % 32) :].mean(1, keepdim=True)"),
        FUTURE,
    ),
    "leak only at lengths that are multiples of 64": (
        program("if t % 64 == 0:\n    o = o + v.flip(1).cumsum(1) / t"),
        FUTURE,
    ),
    "leak only at lengths that are powers of two, in training": (
        program("if self.training and t & (t - 1) == 0:\n    o = o + v.mean(1, keepdim=True)"),
        SELECTED,
    ),
    "one position in sixteen sees the next token": (
        program("o = o + ((torch.arange(t) % 16) == 9)[:, None] * torch.roll(v, -1, 1)"),
        {"causality by values", "causality by gradient"},
    ),
    "one position sees the next token, below the rounding of the output": (
        program("o = o + 1e-9 * (torch.arange(t) == 20)[:, None] * torch.roll(v, -1, 1)"),
        {"causality by gradient"},
    ),
    "one late position sees whether the next token is large": (
        program("o = o + ((torch.arange(t) == 110) & (torch.roll(x[..., 0], -1, 1) > 0.5))[..., None]"),
        {"causality by values"},
    ),
    "leak only in sequences longer than 128": (program("if t > 128:\n    o = o + v.mean(1, keepdim=True)"), FUTURE),
    "leak only in sequences longer than 600": (
        program("if t > 600:\n    o = o + v.mean(1, keepdim=True)"),
        SELECTED,
    ),
    "leak in the second layer only": (
        program("if self.late:\n    o = o + v.mean(1, keepdim=True)", constructor="self.late = layer_idx > 0"),
        FUTURE,
    ),
    "leak in bfloat16 only": (
        program("if k.dtype != torch.float32:\n    o = o + v.mean(1, keepdim=True)"),
        {"bfloat16 causality", "bfloat16 prefix"},
    ),
}
