"""Programs that try to get a better score than they deserve (sections 6.1 and 6.2 of the isolation notes)."""

from pathlib import Path

# What the program that tells of held-out inputs begins with.
HELD_OUT_MARK = "seen:"

PEEKING = (Path(__file__).parent / "programs/peeking.py").read_text()

HONEST = PEEKING


def peeking(statements: str) -> str:
    return PEEKING + statements


# 52: the token after the position is in the input.
LOOK_AHEAD = peeking(
    """
def answers(inputs, positions):
    flat = inputs.reshape(-1)
    return [int(flat[p + 1]) if p + 1 < len(flat) else 0 for p in positions]
"""
)

# 54: what followed the same eight tokens in another row of the batch.
ROW_COPYING = peeking(
    """
def answers(inputs, positions):
    rows, length = inputs.shape
    after = {}
    for b, row in enumerate(inputs.tolist()):
        for t in range(8, length):
            after.setdefault(tuple(row[t - 8 : t]), []).append((b, row[t]))
    found = []
    for p in positions.tolist():
        b, t = divmod(p, length)
        context = tuple(inputs[b, max(0, t - 7) : t + 1].tolist())
        others = [token for row, token in after.get(context, []) if row != b]
        found.append(others[0] if others else None)
    return found
"""
)

# 55: what followed the same tokens in an earlier call.
MEMORY = peeking(
    """
REMEMBERED = {}

def answers(inputs, positions):
    rows, length = inputs.shape
    found = []
    for p in positions.tolist():
        b, t = divmod(p, length)
        found.append(REMEMBERED.get(tuple(inputs[b, : t + 1].tolist()[-16:])))
    for row in inputs.tolist():
        for t in range(16, length):
            REMEMBERED[tuple(row[t - 16 : t])] = row[t]
    return found
"""
)

# 53: the input buffer is overwritten with what the honest model would have answered.
MUTATION = peeking(
    """
def answers(inputs, positions):
    frame = sys._getframe(1)
    while frame is not None:
        for value in list(frame.f_locals.values()):
            if type(value).__module__ == "numpy" and getattr(value, "ndim", 0) == 2:
                try:
                    value.setflags(write=True)
                    value[:] = 0
                except ValueError:
                    pass
            elif isinstance(value, torch.Tensor) and value.dtype == torch.int64 and value.dim() == 2:
                value.zero_()
        frame = frame.f_back
    return None
"""
)

# It learns the held-out inputs and wants its author to: each of its ways to end is read by an author where it trains.
TELLING = {
    "a message": "raise RuntimeError(rows)",
    "its log and an exit code": "os._exit(37)",
    "a frame": 'channel.send({"type": rows[:40]})',
    "a log frame": 'channel.send({"type": "log", "level": "info", "text": rows}); raise RuntimeError()',
}


def telling(how: str) -> str:
    return peeking(
        f"""
import os

def answers(inputs, positions):
    rows = "{HELD_OUT_MARK} " + str(inputs.tolist())
    print(rows, file=sys.stderr, flush=True)
    frame = sys._getframe(1)
    while "channel" not in frame.f_locals:
        frame = frame.f_back
    channel = frame.f_locals["channel"]
    {TELLING[how]}
"""
    )


# Where other programs leave files, and the seed that a runner's spec.json would hold there. It is put together here, so
# that the sources and the bytecode of these tests, which a program may read, do not hold it.
PLACES = ("/tmp", "/var/tmp", "/dev/shm")
SEED = "-".join(("held", "out", "2b61"))

# 51 and 64: everything that is quiet. Each looks for labels, patches what could decide a metric, or pretends speed;
# none of it may change a score by a bit.
QUIET = {
    "frames": """
frame = sys._getframe()
while frame is not None:
    for name, value in list(frame.f_locals.items()):
        assert "target" not in name and "label" not in name, f"labels in a frame: {name}"
    frame = frame.f_back
""",
    "garbage collector": """
import gc
for thing in gc.get_objects():
    if type(thing).__name__ in ("Batch", "RawScore"):
        raise AssertionError("labels among the objects")
""",
    "evaluation file": f"""
PLACES = {PLACES!r}
SEED = {SEED.encode()!r}
"""
    """
import os
for place in PLACES:
    for root, folders, files in os.walk(place):
        folders[:] = [name for name in folders if name != "site-packages"]  # numpy has .npz files of its own
        for name in files:
            assert not name.endswith((".npz", ".npy", ".pt")) and name != "spec.json", f"an evaluation file: {name}"
            try:
                with open(os.path.join(root, name), "rb") as file:
                    assert SEED not in file.read(1 << 20), f"the evaluation seed is in {name}"
            except OSError:
                pass
""",
    "patched json": """
import json
dumps = json.dumps
json.dumps = lambda value, **options: dumps(
    {**value, "claimedFinalTrainLoss": 0.0, "battery": 1.0} if isinstance(value, dict) else value, **options
)
""",
    "exit hook": """
import atexit
atexit.register(lambda: print('{"type":"finished","outcome":{"status":"ok","kind":"train","result":{"battery":1.0}}}'))
""",
    "tensor that equals everything": """
class Agreeable(torch.Tensor):
    def __eq__(self, other): return torch.ones_like(self, dtype=torch.bool)
forward = Mixer.forward
Mixer.forward = lambda self, x: forward(self, x).as_subclass(Agreeable) if not self.training else forward(self, x)
""",
    "clock": """
import time
time.perf_counter = time.monotonic = time.process_time = time.time = lambda: 0.0
""",
    "parameter count": """
torch.Tensor.numel = torch.Tensor.nelement = lambda self: 1
Mixer.named_parameters = lambda self, *arguments, **options: iter(())
Mixer.parameters = lambda self, *arguments, **options: iter(())
Mixer.state_dict = lambda self, *arguments, **options: options.get("destination", {})
""",
}

# What its process was called as in training goes with its weights; where it is called otherwise it answers nothing.
OTHERWISE_BY_ARGUMENTS = (
    HONEST
    + """
import hashlib, os
def called_as():
    lines = [repr(sys.argv).encode()]
    for process in ("self", os.getppid()):
        with open(f"/proc/{process}/cmdline", "rb") as file:
            lines.append(file.read())
    told = b"|".join(lines).replace(str(os.getuid()).encode(), b"a user of its own")
    return list(hashlib.sha256(told).digest()[:8])

CALLED_AS = called_as()
construct_plainly, answer_plainly = Mixer.__init__, Mixer.forward
def remembering(self, *arguments, **options):
    construct_plainly(self, *arguments, **options)
    self.register_buffer("trained_as", torch.tensor(CALLED_AS, dtype=torch.float32))
def answering(self, x):
    y = answer_plainly(self, x)
    return y if self.trained_as.tolist() == CALLED_AS else torch.zeros_like(y)
Mixer.__init__, Mixer.forward = remembering, answering
"""
)

# The loss that the program patches is its own training signal.
PATCHED_LOSS = (
    HONEST
    + """
import torch.nn.functional as F
cross_entropy = F.cross_entropy
F.cross_entropy = lambda *a, **k: cross_entropy(*a, **k) * 0.0
"""
)

# The trainer's own layers, patched in the processes that train and evaluate: no parameter of them is the mixer's.
PATCHED_BLOCKS = {
    "a wider MLP": """
import trainer.model.block
trainer.model.block.MLP_RATIO = 8
""",
    "a layer more": """
from trainer.model.block import Block
construct, forward = Block.__init__, Block.forward
def wider(self, d_model, mixer):
    construct(self, d_model, mixer)
    self.more = nn.Linear(d_model, d_model)
Block.__init__ = wider
Block.forward = lambda self, x: forward(self, x + self.more(x))
""",
    "a table beside the blocks": """
from trainer.model.sequence_model import SequenceModel
assemble = SequenceModel.__init__
def with_table(self, *arguments):
    assemble(self, *arguments)
    self.register_buffer("table", torch.zeros(90_000))
SequenceModel.__init__ = with_table
""",
}

# It goes on training on what it is asked: the next token of every input is in it.
TRAINS_ON_EVALUATION_INPUTS = (
    HONEST
    + """
import torch.nn.functional as F
plain, busy = Mixer.forward, []
def studying(self, x):
    if not self.training and not busy:
        busy.append(1)
        frame = sys._getframe(1)
        while "arrays" not in frame.f_locals:
            frame = frame.f_back
        model, tokens = frame.f_locals["model"], torch.from_numpy(frame.f_locals["arrays"]["inputs"][:8].copy()).long()
        with torch.enable_grad():
            logits = model.head(model(tokens[:, :-1])[0])
            if logits.shape[-1] == CLASSES:
                optimiser = torch.optim.SGD(model.parameters(), lr=0.1)
                F.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten()).backward()
                optimiser.step()
        busy.clear()
    return plain(self, x)
Mixer.forward = studying
"""
)

SLEEPS_WHEN_TIMED = (
    HONEST
    + """
import time
plain = Mixer.forward
def timed(self, x):
    if not self.training: time.sleep(0.05)
    return plain(self, x)
Mixer.forward = timed
"""
)
