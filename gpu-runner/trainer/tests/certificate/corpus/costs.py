"""Programs that are quadratic in disguise, slow, or hide capacity."""

from tests.certificate.corpus.program import program

FLOPS, ELEMENTS, PEAK = "FLOP exponent", "element exponent", "peak tensor exponent"
PREFIX = "prefix consistency"
UNCOUNTED = "uncounted work"
ROWS = {"batch independence"}

_SCORES = "s = (self.q(x)[..., :8] @ k[..., :8].mT).masked_fill(torch.ones(t, t).triu(1).bool(), -math.inf)\n"
_ATTENTION = (
    "    s = (self.q(x) @ k.mT).masked_fill(torch.ones(t, t).triu(1).bool(), -math.inf)\n    o = o + s.softmax(-1) @ v"
)

COSTS: dict[str, tuple[str, set[str]]] = {
    "softmax attention by hand": (
        program(
            "s = (self.q(x) @ k.mT).masked_fill(torch.ones(t, t).triu(1).bool(), -math.inf)\no = o + s.softmax(-1) @ v"
        ),
        {FLOPS, ELEMENTS, PEAK},
    ),
    "softmax attention in eval mode only": (program(f"if not self.training:\n{_ATTENTION}"), {FLOPS, ELEMENTS, PEAK}),
    "softmax attention without gradients only": (
        program(f"if not torch.is_grad_enabled():\n{_ATTENTION}"),
        {FLOPS, ELEMENTS, PEAK},
    ),
    "softmax attention in batches only": (
        program(f"if b > 1:\n{_ATTENTION}"),
        {FLOPS, ELEMENTS, PEAK} | ROWS,
    ),
    "fused softmax attention": (
        program("o = o + F.scaled_dot_product_attention(q[:, None], k[:, None], v[:, None], is_causal=True)[:, 0]"),
        {FLOPS, ELEMENTS, PEAK},
    ),
    "kernel of fused attention, called by its own name": (
        program(
            "a = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu\n"
            "o = o + a(q[:, None], k[:, None], v[:, None], 0.0, True)[0][:, 0]"
        ),
        {FLOPS, ELEMENTS, PEAK},
    ),
    "the largest eight of all past scores": (
        program(
            _SCORES + "w, i = s.topk(min(8, t), -1)\n"
            "o = o + (w.softmax(-1)[..., None] * v[torch.arange(b)[:, None, None], i]).sum(2)"
        ),
        {FLOPS, ELEMENTS, PEAK},
    ),
    "decay matrix of all pairs": (
        program(
            "i = torch.arange(t)\nw = (i[None] - i[:, None]).clamp(max=0).float().exp()\n"
            "o = o * w.tril().sum(-1)[:, None]"
        ),
        {ELEMENTS, PEAK},
    ),
    "gather with an index of all pairs": (
        program(
            "i = (torch.arange(t)[:, None] - torch.arange(t)).clamp(min=0)\n"
            "o = o + 0.01 * (v[..., 0][:, i] * torch.ones(t, t).tril()).sum(-1, keepdim=True)"
        ),
        {ELEMENTS, PEAK},
    ),
    "distances of all pairs": (
        program("c = torch.cdist(k[..., :4], k[..., :4]).tril()\no = o + 0.01 * c.sum(-1, keepdim=True)"),
        {FLOPS, ELEMENTS, PEAK},
    ),
    "window that grows with the length": (
        program("n = t // 4\no = o + sum(F.pad(v, (0, 0, i, 0))[:, :t] for i in range(0, n, 8)) * 0.01"),
        {ELEMENTS, PREFIX},
    ),
    "chunk that grows with the length": (
        program(
            "c = max(1, t // 4)\np = -t % c\n"
            "qc, kc, vc = (F.pad(a, (0, 0, 0, p)).view(b, -1, c, d) for a in (q, k, v))\n"
            "s = (qc @ kc.mT).masked_fill(torch.ones(c, c).triu(1).bool(), -math.inf)\n"
            "o = o + (s.softmax(-1) @ vc).view(b, -1, d)[:, :t]"
        ),
        {FLOPS, ELEMENTS, PEAK, PREFIX},
    ),
    "Toeplitz matrix of a long filter": (
        program(
            "h = (-torch.arange(t) / 9.0).exp()\ni = (torch.arange(t)[:, None] - torch.arange(t))\n"
            "o = o + (h[i.clamp(min=0)] * (i >= 0)) @ v * 0.1"
        ),
        {FLOPS, ELEMENTS, PEAK},
    ),
    "convolution as long as the sequence": (
        program(
            "h = (-torch.arange(t).flip(0) / 9.0).exp().expand(d, 1, t)\n"
            "o = o + F.conv1d(F.pad(v.mT, (t - 1, 0)), h, groups=d).mT * 0.1"
        ),
        {FLOPS},
    ),
    "average over a window as long as the sequence": (
        program(
            "n = torch.arange(1, t + 1)[:, None]\no = o + F.avg_pool1d(F.pad(v.mT, (t - 1, 0)), t, 1).mT * t / n",
        ),
        {FLOPS, ELEMENTS},
    ),
    "maximum over a window as long as the sequence": (
        program("o = o + F.max_pool1d(F.pad(v.mT, (t - 1, 0), value=-1e9), t, 1).mT"),
        {FLOPS, ELEMENTS},
    ),
    "mean and variance of windows as long as the sequence": (
        program(
            "w = F.pad(v[..., :8], (0, 0, t - 1, 0)).unfold(1, t, 1)\n"
            "m = torch.var_mean(w, -1, correction=0)[1] * t / torch.arange(1, t + 1)[:, None]\n"
            "o = o + F.pad(m, (0, d - 8))"
        ),
        {ELEMENTS, PEAK},
    ),
    "prefix sums recomputed at every step": (
        program(
            "y = [v[:, : i + 1].mean(1) for i in range(0, t, 16)]\n"
            "o = o + torch.stack(y, 1).repeat_interleave(16, 1)[:, :t]"
        ),
        {ELEMENTS},
    ),
    "scan whose levels are the square of the logarithm": (
        program(
            "y = v\nfor i in range(int(math.log2(t)) ** 2):\n"
            "    y = y + torch.sigmoid(k) * F.pad(y, (0, 0, 1, 0))[:, :t] * 0.01\no = o + 0.1 * y"
        ),
        {ELEMENTS, PEAK, PREFIX},
    ),
    "eigenvectors of matrices that grow with the length": (
        program(
            "n = math.isqrt(t)\na = torch.ones(n, n).tril() + 0 * x[0, 0, 0]\n"
            "w = torch.linalg.eigh((a + a.mT).expand(d, n, n))[0]\no = o + 0.0 * w.detach().sum()"
        ),
        {FLOPS},
    ),
    "a sixth of all operations for pairs": (
        program(
            "m = torch.arange(t)[:, None] < torch.arange(0, t, 84)\n"
            "o = o + ((q @ k[:, ::84].mT) * 0.1).masked_fill(m, -1e9).softmax(-1) @ v[:, ::84]"
        ),
        {FLOPS},
    ),
    "loop over tokens with many steps": (
        program(
            "s, ys = torch.zeros_like(v[:, 0]), []\nfor kt, vt in zip(k.unbind(1), v.unbind(1)):\n"
            "    for _ in range(4):\n        s = 0.9 * s + 0.1 * torch.tanh(kt * vt - s)\n    ys.append(s)\n"
            "o = o + torch.stack(ys, 1)"
        ),
        {"op count"},
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
        {"parameter budget", "hidden tables"},
    ),
    "capacity hidden in many small tensors": (
        program(
            "o = o + torch.stack(self.tables)[x[..., 0].mul(10).long().clamp(0, 39)]",
            constructor="self.tables = [torch.randn(50, d_model).mean(0) + torch.randn(d_model) for _ in range(40)]\n"
            "self.more = [torch.randn(50, d_model) for _ in range(40)]",
        ),
        {"parameter budget", "hidden tables"},
    ),
    "capacity hidden in a global": (
        program("o = o + TABLE[x[..., 0].mul(100).long().clamp(0, 1999)]") + "\n\nTABLE = torch.randn(2000, 64)\n",
        {"parameter budget", "hidden tables"},
    ),
    "table of positions": (
        program("o = o + self.p[:t]", constructor="self.p = nn.Parameter(torch.randn(4096, d_model) * 0.1)"),
        {"parameter growth", "parameter budget"},
    ),
    "parameters created by the first call": (
        program(
            "if not hasattr(self, 'w'):\n    self.w = nn.Parameter(torch.ones(t, d))\no = o + 0 * self.w[:t].sum()",
        ),
        {"parameter growth", "state hygiene"},
    ),
    "softmax attention in numpy": (
        program("o = o + Pairs.apply(q, k, v)")
        + """

class Pairs(torch.autograd.Function):
    @staticmethod
    def forward(ctx, q, k, v):
        import numpy as np
        queries, keys, values = (a.detach().float().numpy() for a in (q, k, v))
        scores = np.where(np.tri(q.shape[1]) > 0, queries @ keys.transpose(0, 2, 1), -np.inf)
        ctx.weights = np.exp(scores - scores.max(-1, keepdims=True))
        ctx.weights /= ctx.weights.sum(-1, keepdims=True)
        return torch.from_numpy(ctx.weights @ values).to(v.dtype)

    @staticmethod
    def backward(ctx, gradient):
        values = ctx.weights.transpose(0, 2, 1) @ gradient.float().numpy()
        return None, None, torch.from_numpy(values).to(gradient.dtype)
""",
        {UNCOUNTED},
    ),
    "softmax attention in another thread": (
        program(
            "import threading\nanswers, enabled = [], torch.is_grad_enabled()\ndef attend(q, k, v):\n"
            "    with torch.set_grad_enabled(enabled):\n"
            "        s = (q @ k.mT).masked_fill(torch.ones(t, t).triu(1).bool(), -math.inf)\n"
            "        answers.append(s.softmax(-1) @ v)\n"
            "thread = threading.Thread(target=attend, args=(q.float(), k.float(), v.float()))\n"
            "thread.start()\nthread.join()\no = o + answers[0].to(o.dtype)"
        ),
        {UNCOUNTED},
    ),
    "window as wide as the longest sequence that is trained": (
        program(
            "ys = []\nfor i in range(0, t, 256):\n    c, j = min(256, t - i), max(0, i - 255)\n"
            "    far = torch.arange(i, i + c)[:, None] - torch.arange(j, i + c)\n"
            "    s = (q[:, i : i + c] @ k[:, j : i + c].mT).masked_fill((far < 0) | (far > 255), -math.inf)\n"
            "    ys.append(s.softmax(-1) @ v[:, j : i + c])\no = o + torch.cat(ys, 1)"
        ),
        {"trained lengths"},
    ),
    "table of positions that repeats its last row": (
        program(
            "o = o + self.p[torch.arange(t).clamp(max=511)]",
            constructor="self.p = nn.Parameter(torch.randn(512, d_model) * 0.1)",
        ),
        {"parameter growth", "parameter budget"},
    ),
    "table of positions that begins again, before the core": (
        program(
            before="x = x + self.p[torch.arange(t) % 512]",
            constructor="self.p = nn.Parameter(torch.randn(512, d_model) * 0.1)",
        ),
        {"parameter growth", "parameter budget"},
    ),
    "filter as long as the longest sequence": (
        program(
            "w = self.h[-t:].mT.unsqueeze(1)\n"
            "o = o + F.conv1d(F.pad(v.mT, (t - 1, 0)), w.expand(d, 1, t), groups=d).mT",
            constructor="self.h = nn.Parameter(torch.randn(2048, 1) * 0.02)",
        ),
        {"parameter growth", "parameter budget", FLOPS},
    ),
    "sums over all earlier numbers, in Python": (
        program(
            "w = [float(n) for n in x[0, :, 0]]\n"
            "o = o + 0.01 * torch.tensor([sum(w[: i + 1]) / (i + 1) for i in range(t)])[:, None]"
        ),
        ROWS | {UNCOUNTED},
    ),
}
