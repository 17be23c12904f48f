"""Programs that mix rows, depend on the total length, or refuse some shapes."""

from tests.certificate.corpus.leaks import FUTURE
from tests.certificate.corpus.program import program

ROWS, PREFIX, LENGTHS = {"batch independence"}, {"prefix consistency"}, {"lengths"}

ROWS_AND_LENGTHS: dict[str, tuple[str, set[str]]] = {
    "mean over the batch": (program("o = o + o.mean(0, keepdim=True)"), ROWS),
    "the neighbouring row": (program("o = o + 0.1 * torch.roll(v, 1, 0)"), ROWS),
    "FFT over the batch": (program("o = o + torch.fft.fft(v, dim=0).real * 0.1"), ROWS),
    "normalised by the largest row": (
        program("o = o / o.abs().amax()"),
        {"causality by values", "prefix consistency"} | ROWS,
    ),
    "divided by the batch size": (program("o = o / b"), ROWS),
    "batch folded into heads": (
        program("o = o + v.reshape(t, b, d).cumsum(0).reshape(b, t, d) * 0.1"),
        FUTURE | ROWS,
    ),
    "batch normalisation": (
        program("o = self.n(o.mT).mT", constructor="self.n = nn.BatchNorm1d(d_model)"),
        FUTURE | ROWS,
    ),
    "rows packed into one sequence": (
        program("o = o + v.reshape(1, b * t, d).cumsum(1).view(b, t, d)"),
        FUTURE | ROWS,
    ),
    "position divided by the length": (program("o = o + torch.arange(t)[None, :, None] / max(1, t - 1)"), PREFIX),
    "position counted from the end": (program("o = o + torch.arange(t).flip(0)[None, :, None] / 64"), PREFIX),
    "temperature by the length": (program("o = o / math.log(t + 2)"), PREFIX),
    "as many scales as the length has octaves": (
        program("o = sum(o / 2**i for i in range(1 + int(math.log2(t))))"),
        PREFIX,
    ),
    "resolution by the length": (
        program("w = max(1, t // 16)\ni = torch.arange(t) // w * w\no = o + v[:, i]"),
        PREFIX,
    ),
    "another algorithm for long sequences": (program("if t > 700:\n    o = o * 1.5"), PREFIX),
    "a small dependence on the length, in training only": (
        program("if self.training:\n    o = o * (1 + 1e-4 * t)"),
        PREFIX,
    ),
    "rows mix where gradients are on": (
        program("if torch.is_grad_enabled():\n    o = o + 0.5 * v.mean(0, keepdim=True)"),
        ROWS,
    ),
    "position divided by the length, where gradients are on": (
        program("if torch.is_grad_enabled():\n    o = o * (1 + torch.arange(t)[:, None] / t)"),
        PREFIX,
    ),
    "length must be a multiple of 32": (program("o = o.view(b, t // 32, 32, d).reshape(b, t, d)"), LENGTHS),
    "a single token crashes": (program("o = o + 0 * torch.stack([o[:, 0], o[:, 1]]).sum()"), LENGTHS),
    "a single row crashes": (program("o = o + 0 * o[1:].sum() / (b - 1)"), LENGTHS | {"batch independence"}),
    "a largest length": (program("assert t <= 150, 'too long'"), LENGTHS),
    "a fully masked softmax row is NaN": (
        program(
            "m = (torch.arange(t)[:, None] > torch.arange(8)).float().log()\no = o + m.softmax(-1).sum(-1)[:, None]"
        ),
        LENGTHS,
    ),
}
