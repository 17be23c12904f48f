"""Programs that keep something where no attribute shows it: a memory is no leak, and does not hide one."""

from tests.certificate.corpus.leaks import FUTURE
from tests.certificate.corpus.program import program

MEMORY = {"state hygiene"}
COUNTED = {"state hygiene", "determinism"}

_CLOSURE = """
def swapped():
    kept = [0.0]
    def swap(new):
        old, kept[0] = kept[0], new
        return old
    return swap
swap = swapped()
"""

_GENERATOR = """
def averages():
    mean = 0.0
    while True:
        mean = 0.5 * mean + 0.5 * (yield mean)
AVERAGES = averages()
next(AVERAGES)
"""

_FILE = """
import tempfile
FILE = tempfile.TemporaryFile()
def from_file(new):
    FILE.seek(0)
    old = float(FILE.read() or 0)
    FILE.seek(0)
    FILE.truncate()
    FILE.write(str(new).encode())
    FILE.flush()
    return old
"""

_COUNTER = "\nimport itertools\nCOUNT = itertools.count()\n"

_CALLS = 'self.register_buffer("n", torch.zeros(()))'

MEMORIES: dict[str, tuple[str, set[str]]] = {
    "weights in a global that all modules share": (
        "SHARED = {}\n"
        + program(
            constructor="for name, child in list(self.named_children()):\n"
            "    setattr(self, name, SHARED.setdefault(name, child))"
        ),
        {"shared parameters"},
    ),
    "a module of the file that all modules share": (
        program("o = self.shared(o)", constructor="self.shared = SHARED") + "\n\nSHARED = nn.LayerNorm(64)\n",
        {"shared parameters"},
    ),
    "numbers of a global generator in evaluation": (
        program("o = o + 0.1 * torch.randn(d, generator=G)") + "\n\nG = torch.Generator()\n",
        {"state hygiene"},
    ),
    "memory of the last call in a closure": (
        program("o = o * (1 + swap(float(o.detach().mean())))") + _CLOSURE,
        MEMORY,
    ),
    "average of all calls in a generator": (
        program("o = o * (1 + AVERAGES.send(float(o.detach().abs().mean())))") + _GENERATOR,
        COUNTED,
    ),
    "memory in a module of Python": (
        program("o = o + getattr(math, '_kept', 0.0)\nmath._kept = float(o.detach().std())"),
        MEMORY,
    ),
    "another default dtype for all of torch": (program("torch.set_default_dtype(torch.float64)"), MEMORY),
    "memory in the environment": (
        program(
            "import os\no = o * (1 + float(os.environ.get('KEPT', 0)))\nos.environ['KEPT'] = f'{float(v.std()):.4f}'"
        ),
        MEMORY,
    ),
    "memory in a file": (program("o = o * (1 + from_file(float(o.detach().mean())))") + _FILE, MEMORY),
    "calls counted in an iterator": (program("o = o * (1 + 0.01 * next(COUNT))") + _COUNTER, COUNTED),
    "memory in a closure, in training only": (
        program("if self.training:\n    o = o * (1 + swap(float(o.detach().mean())))") + _CLOSURE,
        MEMORY,
    ),
    "leak beside a memory in a closure": (
        program("o = o * (1 + swap(float(o.detach().mean()))) + v.mean(1, keepdim=True)") + _CLOSURE,
        FUTURE | MEMORY,
    ),
    "leak through an index beside a memory": (
        program("o = o * (1 + swap(float(o.detach().mean())) + x[..., :1].argmax(1, True) % 2)") + _CLOSURE,
        {"causality by values", "prefix consistency"} | MEMORY,
    ),
    "leak beside calls that are counted": (
        program("o = o * (1 + 0.01 * next(COUNT)) + v.flip(1).cumsum(1) / t") + _COUNTER,
        FUTURE | COUNTED,
    ),
    "rows mix beside a memory in a closure": (
        program("o = o * (1 + swap(float(o.detach().mean()))) + 0.1 * torch.roll(v, 1, 0)") + _CLOSURE,
        {"batch independence"} | MEMORY,
    ),
    "look-ahead that opens after ten calls in training": (
        program("if self.training:\n    self.n += 1\nif self.n > 10:\n    o = o + v.roll(-1, 1)", constructor=_CALLS),
        {"schedules"},
    ),
    "look-ahead without gradient that ten calls in training open in evaluation": (
        program(
            "if self.training:\n    self.n += 1\nelif self.n > 10:\n    o = o + v.detach().roll(-1, 1)",
            constructor=_CALLS,
        ),
        {"schedules"},
    ),
    "leak beside a counter of calls": (
        program(
            "if self.training:\n    self.n += 1\no = o * (1 + self.n / 100) + v.mean(1, keepdim=True)",
            constructor=_CALLS,
        ),
        FUTURE,
    ),
}
