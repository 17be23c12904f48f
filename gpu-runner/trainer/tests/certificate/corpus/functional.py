"""Programs that differentiate in forward by torch.func, or have sparse or nested tensors: legal, and with defects."""

from tests.certificate.corpus.costs import ELEMENTS, FLOPS, PEAK
from tests.certificate.corpus.program import program
from tests.certificate.corpus.tables import TABLE

_HEADS = "kk, vv, qq = (a.view(b, t, 2, d // 2).transpose(1, 2) for a in (F.normalize(k, dim=-1), v, q))\n"
_JOINED = "o = o + torch.cat(ys, 2).transpose(1, 2).reshape(b, t, d)"

FUNCTIONAL: dict[str, str] = {
    "fast weights trained in forward by torch.func.grad": program(
        _HEADS + "def loss(w, kc, vc):\n    return 0.5 * ((kc @ w - vc) ** 2).sum()\n"
        "w, ys = torch.zeros(b, 2, d // 2, d // 2), []\n"
        "for i in range(0, t, 32):\n    c = slice(i, i + 32)\n    ys.append(qq[:, :, c] @ w)\n"
        "    w = w - 0.01 * torch.func.grad(loss)(w, kk[:, :, c], vv[:, :, c])\n" + _JOINED
    ),
    "memory of two layers with momentum by torch.func.vjp": program(
        _HEADS + "w = [p.expand(b, 2, -1, -1) for p in (self.w1, self.w2)]\nm, ys = [0 * p for p in w], []\n"
        "for i in range(0, t, 32):\n    c = slice(i, i + 32)\n"
        "    y, pull = torch.func.vjp(lambda w1, w2, kc=kk[:, :, c]: F.silu(kc @ w1) @ w2, *w)\n"
        "    ys.append(F.silu(qq[:, :, c] @ w[0]) @ w[1])\n"
        "    m = [0.9 * s - 0.1 * g / 32 for s, g in zip(m, pull(y - vv[:, :, c]))]\n"
        "    w = [0.95 * p + s for p, s in zip(w, m)]\n" + _JOINED,
        constructor="self.w1, self.w2 = (nn.Parameter(torch.randn(2, d_model // 2, d_model // 2) * 0.1) for _ in 'ab')",
    ),
    "memory of two layers by vmap over torch.func.grad": program(
        _HEADS + "def loss(w, kc, vc):\n    return ((F.silu(kc @ w[0]) @ w[1] - vc) ** 2).mean()\n"
        "step = torch.func.vmap(torch.func.vmap(torch.func.grad(loss)))\n"
        "w, ys = [p.expand(b, 2, -1, -1) for p in (self.w1, self.w2)], []\n"
        "for i in range(0, t, 32):\n    c = slice(i, i + 32)\n    ys.append(F.silu(qq[:, :, c] @ w[0]) @ w[1])\n"
        "    w = [0.9 * p - 0.1 * g for p, g in zip(w, step(w, kk[:, :, c], vv[:, :, c]))]\n" + _JOINED,
        constructor="self.w1, self.w2 = (nn.Parameter(torch.randn(2, d_model // 2, d_model // 2) * 0.1) for _ in 'ab')",
    ),
    "sums of the past by vmap over rows": program(
        "o = o + torch.func.vmap(lambda kr, vr: (kr * vr).cumsum(0))(k, v) * 1e-2"
    ),
    "band of a sparse matrix": program(
        "i = torch.arange(t)\nband = torch.stack((torch.cat((i, i[1:])), torch.cat((i, i[:-1]))))\n"
        "m = torch.sparse_coo_tensor(band, torch.full((2 * t - 1,), 0.5), (t, t)).to(v.dtype)\n"
        "o = o + torch.sparse.mm(m, v.transpose(0, 1).reshape(t, b * d)).view(t, b, d).transpose(0, 1)"
    ),
    "small sparse constant": program(
        "o = o * self.m.to_dense().sum(0)", constructor="self.m = torch.eye(d_model).to_sparse()"
    ),
    "rows as a nested tensor": program(
        "o = o + 0.1 * torch.nested.to_padded_tensor(torch.nested.as_nested_tensor(list(v.unbind(0))), 0.0)"
    ),
}

_OF_GRAD = "o = o + torch.func.grad(lambda u: ({} * u).sum())(v)"
_ATTENTION = "(q @ k.mT).masked_fill(torch.ones(t, t).triu(1).bool(), -math.inf).softmax(-1) @ v"

FUNCTIONAL_DEFECTS: dict[str, tuple[str, set[str]]] = {
    "softmax attention under torch.func.grad": (program(_OF_GRAD.format(f"({_ATTENTION})")), {FLOPS, ELEMENTS, PEAK}),
    "decay matrix of all pairs under torch.func.grad": (
        program(
            "i = torch.arange(t)\n"
            + _OF_GRAD.format("(i[None] - i[:, None]).clamp(max=0).float().exp().tril().sum(-1)[:, None]")
        ),
        {ELEMENTS, PEAK},
    ),
    "levels that are the square of the logarithm under torch.func.grad": (
        program(
            "def loss(u):\n    y = v\n    for i in range(int(math.log2(t)) ** 2):\n"
            "        y = y + torch.sigmoid(k) * F.pad(y, (0, 0, 1, 0))[:, :t] * 0.01\n    return (0.1 * y * u).sum()\n"
            "o = o + torch.func.grad(loss)(v)"
        ),
        {ELEMENTS, PEAK, "prefix consistency"},
    ),
    "table drawn from a seed under torch.func.grad": (
        program(
            "table = torch.randn(2000, d, generator=torch.Generator().manual_seed(1))\n"
            + _OF_GRAD.format("table[x[..., 0].mul(100).long().clamp(0, 1999)]")
        ),
        TABLE,
    ),
    "sums of the past by a sparse matrix of all pairs": (
        program(
            "p = torch.tril_indices(t, t)\nm = torch.sparse_coo_tensor(p, torch.ones(p.shape[1]), (t, t)).to(v.dtype)\n"
            "o = o + torch.sparse.mm(m, v.transpose(0, 1).reshape(t, b * d)).view(t, b, d).transpose(0, 1) * 0.1"
        ),
        {FLOPS, ELEMENTS, PEAK},
    ),
    "table in a sparse tensor": (
        program(
            "o = o + self.rows.to_dense()[x[..., 0].mul(100).long().clamp(0, 1999)]",
            constructor="self.rows = torch.randn(2000, d_model).to_sparse()",
        ),
        TABLE,
    ),
}
