"""Programs that do something else in a batch of another size: what a test with two or three rows never sees."""

from tests.certificate.corpus.leaks import FUTURE
from tests.certificate.corpus.program import program
from trainer.suites.batch_shapes import ROWS_PER_BATCH
from trainer.suites.cpu_quick import CPU_QUICK

ROWS = {"batch independence"}
SCORED_LENGTH = CPU_QUICK.plan("associative-recall").task.length

BATCH_SIZES: dict[str, tuple[str, set[str]]] = {
    "leak in batches of the training size, in training": (
        program("if self.training and b >= 16:\n    o = o + v.flip(1).cumsum(1).flip(1) / t"),
        FUTURE | ROWS,
    ),
    "leak in batches of the scoring size": (
        program("if b == 64:\n    o = o + torch.roll(v, -1, 1)"),
        FUTURE | ROWS,
    ),
    "leak in batches of the scoring size and the scored length": (
        program(f"if b == {ROWS_PER_BATCH} and t == {SCORED_LENGTH}:\n    o = o + torch.roll(v, -2, 1)"),
        FUTURE | ROWS,
    ),
    "leak of one row alone": (program("if b < 2:\n    o = o / (1 + o.abs().amax(1, keepdim=True))"), FUTURE | ROWS),
    "leak in batches of an odd size": (program("if b % 2:\n    o = o + v * k.softmax(1)"), FUTURE | ROWS),
    "one position in sixteen sees the next token, in large batches": (
        program("if b > 7:\n    o = o + ((torch.arange(t) % 16) == 6)[:, None] * torch.roll(v, -1, 1)"),
        FUTURE | ROWS,
    ),
    "leak through an index in large batches": (
        program("if b > 7:\n    o = o * (1 + 0.5 * (torch.arange(t)[None, :, None] >= x[..., :1].argmax(1, True)))"),
        {"causality by values", "prefix consistency"} | ROWS,
    ),
    "leak in large batches, beside noise in training": (
        program(
            "if self.training:\n    o = o + 0.1 * torch.randn_like(o)\n    if b > 7:\n"
            "        o = o + v.mean(1, keepdim=True)"
        ),
        {"causality by values", "causality by gradient"},
    ),
    "leak in large batches behind a shut gate": (
        program(
            "if b > 7:\n    o = o + torch.sigmoid(self.g) * v.mean(1, keepdim=True)",
            constructor="self.g = nn.Parameter(torch.full((1, 1, d_model), -90.0))",
        ),
        {"causality by values", "causality by gradient", "gradient flow"},
    ),
    "leak in large batches of the second layer": (
        program("if b > 7 and self.late:\n    o = o + v.mean(1, True)", constructor="self.late = layer_idx > 0"),
        FUTURE | ROWS,
    ),
    "leak below the rounding of the output, in large batches": (
        program("if b > 7:\n    o = o + 1e-9 * v.mean(1, keepdim=True)"),
        {"causality by gradient"},
    ),
    "rows mix in large batches": (program("if b > 7:\n    o = o + 0.1 * torch.roll(v, 1, 0)"), ROWS),
    "rows mix in large batches, in training": (
        program("if self.training and b > 7:\n    o = o / o.abs().mean(0, keepdim=True).clamp(min=0.1)"),
        ROWS,
    ),
    "another algorithm in large batches": (program("if b > 20:\n    o = 1.01 * o"), ROWS),
    "prefixes differ in large batches only": (
        program("if b > 7:\n    o = o + torch.arange(t)[None, :, None] / t"),
        {"prefix consistency"} | ROWS,
    ),
    "crashes in large batches": (
        program("assert b <= 20, 'too many rows'"),
        {"lengths"},
    ),
    "rows from the fourth on get the values of another row": (
        program("o = torch.cat((o[:3], o[3:] + 0.1 * v[:-3]))"),
        ROWS,
    ),
    "late rows change places, in pieces": (
        program("o = torch.cat((o[:8], o[8:] - 0.1 * v[8:] + 0.1 * v[8:].roll(2, 0)))"),
        ROWS,
    ),
    "the last row of a large batch gets the values of the row before": (
        program("if b > 7:\n    o = torch.cat((o[:-1], o[-1:] + 0.1 * (v[-2:-1] - v[-1:])))"),
        ROWS,
    ),
    "late rows get the values of another row behind a shut gate": (
        program(
            "o = torch.cat((o[:3], o[3:] + torch.sigmoid(self.g) * v[:-3]))",
            constructor="self.g = nn.Parameter(torch.full((1, 1, d_model), -90.0))",
        ),
        ROWS | {"gradient flow"},
    ),
    "late rows see the future and another row": (
        program("o = torch.cat((o[:3], o[3:] + 0.1 * v[:-3].mean(1, keepdim=True)))"),
        FUTURE | ROWS,
    ),
}
