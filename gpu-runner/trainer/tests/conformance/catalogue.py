"""Conformance programs that end their job: number in the table, what they do, and the reason the job must give.

`default`: part of every test run; the others belong to the slow suite. Section 9 of the isolation notes numbers them.
"""

from dataclasses import dataclass

from tests.jobs.misbehaving_programs import program

SHORT = {"wallSeconds": 25, "memoryBytes": 3 << 30}


@dataclass(frozen=True)
class Conformance:
    """`says`: part of the message or the log that the writer of the program gets to see."""

    number: int
    name: str
    program: dict
    reasons: tuple[str, ...]
    says: str = ""
    default: bool = False
    limits: dict | None = None


def at_import(statements: str) -> dict:
    return program(after=statements)


ENDS = [
    Conformance(2, "syntax error", {"source": "class Mixer(:\n"}, ("program-invalid",), "line 1"),
    Conformance(3, "raises", at_import("raise KeyError('gate')"), ("program-invalid",), "KeyError", default=True),
    Conformance(4, "no Mixer", {"source": "import torch\n"}, ("program-invalid",), "no class Mixer"),
    Conformance(5, "sys.exit(0) at import", at_import("sys.exit(0)"), ("program-invalid", "worker-died"), "SystemExit"),
    Conformance(6, "os._exit(0) at import", at_import("os._exit(0)"), ("worker-died",), "code 0", default=True),
    Conformance(
        7, "segmentation fault", at_import("import ctypes\nctypes.string_at(0)"), ("worker-died",), "SIGSEGV"
    ),
    Conformance(8, "abort", at_import("os.abort()"), ("worker-died",), "SIGABRT"),
    Conformance(9, "kills itself", at_import("os.kill(os.getpid(), 9)"), ("worker-killed",), "SIGKILL"),
    Conformance(
        19,
        "fork bomb",
        at_import("while True: os.fork()"),
        ("program-invalid", "crashed", "out-of-memory", "worker-died", "worker-killed", "timeout"),
        limits=SHORT,
    ),
    Conformance(
        21,
        "RAM bomb",
        at_import("hoard = []\nwhile True: hoard.append(bytearray(1 << 26))"),
        ("out-of-memory",),
        "memory",
        default=True,
        limits={**SHORT, "wallSeconds": 300},
    ),
    Conformance(27, "stdout flood", at_import("while True: print('x' * 65536)"), ("program-invalid",), "64 MiB"),
    Conformance(28, "sleeps for ever", at_import("while True: time.sleep(9)"), ("timeout",), limits=SHORT),
    Conformance(29, "spins", at_import("while True: pass"), ("timeout",), limits=SHORT),
    Conformance(
        30,
        "ignores all signals",
        at_import(
            """
            import signal
            for number in range(1, 65):
                try: signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError): pass
            while True: time.sleep(9)
            """
        ),
        ("timeout",),
        default=True,
        limits={**SHORT, "wallSeconds": 12},
    ),
    Conformance(31, "stops itself", at_import("os.kill(os.getpid(), 19)\ntime.sleep(99)"), ("timeout",), limits=SHORT),
    Conformance(
        32, "regex bomb", at_import("import re\nre.match('(a+)+$', 'a' * 64 + 'b')"), ("timeout",), limits=SHORT
    ),
    Conformance(
        33, "hangs in the constructor", program(construct="time.sleep(9999)"), ("timeout",), limits=SHORT
    ),
    Conformance(
        34,
        "double-fork daemon",
        at_import(
            """
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    while True: time.sleep(9)
                os._exit(0)
            raise RuntimeError("the daemon is away")
            """
        ),
        ("program-invalid",),
        "the daemon is away",
        default=True,
    ),
    Conformance(
        35,
        "daemon that holds every descriptor",
        at_import(
            """
            if os.fork() == 0:
                os.setsid()
                while True: time.sleep(9)
            os._exit(3)
            """
        ),
        ("worker-died", "timeout", "bad-frame"),
        limits=SHORT,
    ),
    Conformance(
        50,
        "infinite recursion",
        at_import("sys.setrecursionlimit(1 << 30)\ndef f(n): return f(n + 1) + 1\nf(0)"),
        ("program-invalid", "crashed", "out-of-memory", "worker-died", "timeout"),
        limits=SHORT,
    ),
    Conformance(
        51,
        "pickle in a frame",
        at_import(
            """
            import pickle
            class Bomb:
                def __reduce__(self): return (os.system, ("touch /tmp/asi-conformance-pickle",))
            for number in range(3, 32):
                try: os.write(number, pickle.dumps(Bomb()))
                except OSError: pass
            time.sleep(60)
            """
        ),
        ("bad-frame",),
        limits=SHORT,
    ),
    Conformance(
        51,
        "returns an object that runs code when it is pickled",
        program(
            forward="""
            class Bomb:
                def __reduce__(self): return (os.system, ("touch /tmp/asi-conformance-pickle",))
            return Bomb()
            """
        ),
        ("program-invalid", "crashed"),
    ),
    Conformance(51, "NaN logits", program(forward="if not self.training: y = y * float('nan')"), ("diverged",)),
    Conformance(51, "output too short", program(forward="if not self.training: y = y[:, 1:]"), ("program-invalid",)),
    Conformance(
        51,
        "writes to every descriptor",
        program(forward="[os.write(n, b'x' * 999) for n in range(3, 16) if os.path.exists(f'/proc/self/fd/{n}')]"),
        ("bad-frame",),
    ),
    Conformance(51, "hangs in evaluation", program(forward="if not self.training: time.sleep(999)"), ("timeout",),
                limits={**SHORT, "wallSeconds": 40}),
    Conformance(
        57,
        "weights over the cap of a frame",
        program(construct="self.big = nn.Parameter(torch.zeros(1 << 28))", forward="y = y + self.big[:64]"),
        ("out-of-memory", "bad-frame", "crashed", "program-invalid"),
        limits=SHORT,
    ),
]  # fmt: skip


def sends(kind: str, change: str) -> dict:
    """A program that changes what its worker sends: `header` and `arrays` of every frame of a kind."""
    return at_import(
        f"""
        from trainer.worker.channel import Channel
        import numpy as np
        send = Channel.send
        late = []
        def changed(self, header, arrays=None):
            if header["type"] == "{kind}":
                {change}
            send(self, header, arrays)
        Channel.send = changed
        """
    )


FRAMES = [
    Conformance(56, "NaN", sends("logits", "arrays['logits'][:] = np.nan"), ("diverged",)),
    Conformance(56, "infinity", sends("logits", "arrays['logits'][:] = np.inf"), ("diverged",)),
    Conformance(56, "wrong shape", sends("logits", "arrays['logits'] = arrays['logits'].T.copy()"), ("bad-frame",)),
    Conformance(56, "short", sends("logits", "arrays['logits'] = arrays['logits'][1:]"), ("bad-frame",)),
    Conformance(
        56,
        "long",
        sends("logits", "arrays['logits'] = np.vstack([arrays['logits'], arrays['logits']])"),
        ("bad-frame",),
    ),
    Conformance(
        56, "another type", sends("logits", "arrays['logits'] = arrays['logits'].astype('i4')"), ("bad-frame",)
    ),
    Conformance(56, "another array", sends("logits", "arrays['extra'] = arrays['logits']"), ("bad-frame",)),
    Conformance(56, "duplicate", sends("task", "send(self, header, arrays)"), ("bad-frame",), default=True),
    Conformance(56, "out of order", sends("metric", "header['step'] += 1"), ("bad-frame",)),
    Conformance(
        56,
        "answers that nobody asked for",
        sends("logits", "[send(self, header, arrays) for _ in range(3)]"),
        ("bad-frame", "diverged"),
    ),
    Conformance(56, "late", sends("metric", "time.sleep(999)"), ("timeout",), limits=SHORT),
    Conformance(
        57,
        "a header that lies about its arrays",
        at_import(
            """
            import struct
            text = b'{"type":"task","task":"parity","arrays":[{"name":"a","dtype":"f32","shape":[1073741824]}]}'
            [os.write(n, struct.pack("<4sII", b"ASI1", len(text), 0) + text) for n in range(3, 16)
             if os.path.exists(f"/proc/self/fd/{n}") and "pipe" in os.readlink(f"/proc/self/fd/{n}")]
            time.sleep(60)
            """
        ),
        ("bad-frame", "timeout"),
        limits=SHORT,
    ),
    Conformance(
        57,
        "a header of 10 GB",
        at_import(
            """
            import struct
            [os.write(n, struct.pack("<4sII", b"ASI1", 0xffffffff, 0xffffffff)) for n in range(3, 16)
             if os.path.exists(f"/proc/self/fd/{n}") and "pipe" in os.readlink(f"/proc/self/fd/{n}")]
            time.sleep(60)
            """
        ),
        ("bad-frame",),
        default=True,
        limits=SHORT,
    ),
    # None of these may pass for a failure of the trainer itself, after which the program would be trained again.
    Conformance(
        56, "a number beyond all floats", sends("metric", "header['values']['loss'] = 10**400"), ("bad-frame",)
    ),
    Conformance(
        56,
        "an empty array of impossible size",
        sends(
            "weights",
            "header['arrays'] = [{'name': 'a', 'dtype': 'f32', 'shape': [0, *[2**31 - 1] * 3]}]\n"
            "                arrays = None",
        ),
        ("bad-frame",),
        default=True,
    ),
    Conformance(
        56,
        "a reason that is a list",
        sends("metric", "header = {'type': 'failed', 'reason': [], 'message': ''}"),
        ("bad-frame",),
    ),
    Conformance(
        57,
        "a name of a weight that is too long",
        sends("weights", "arrays = {**arrays, 'é' * 301: arrays['parameter/head.bias']}"),
        ("bad-frame",),
    ),
    Conformance(
        57,
        "names that fit a frame only as they are sent",
        at_import(
            """
            import json, struct
            import trainer.protocol.numbers, trainer.protocol.frames, trainer.worker.channel
            def short(value): return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            trainer.protocol.frames.to_json = short
            encode = trainer.worker.channel.encode_frame
            def many(header, arrays=None):
                if header["type"] == "weights":
                    zero = next(iter(arrays.values())).reshape(-1)[:0]
                    arrays = {**arrays, **{f"buffer/blocks.0.mixer.{n}{'é' * 250}": zero for n in range(1500)}}
                return encode(header, arrays)
            trainer.worker.channel.encode_frame = many
            """
        ),
        ("bad-frame",),
        "over the protocol's cap",
        default=True,
    ),
    Conformance(
        57,
        "weights of another shape than they were constructed with",
        sends("weights", "arrays = {name: array.reshape(-1) for name, array in arrays.items()}"),
        ("program-invalid", "bad-frame"),
    ),
]
