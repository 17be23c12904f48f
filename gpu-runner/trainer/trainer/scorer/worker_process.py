"""One untrusted process and the three pipes to it."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from trainer.protocol.frames import Frame, FrameDecoder
from trainer.scorer.kernel import die_with_parent
from trainer.scorer.log_tail import LogTail
from trainer.scorer.process_tree import Usage, usage
from trainer.scorer.worker_settings import WorkerSettings

Role = Literal["train", "evaluate", "certify", "probe"]

# What a worker may inherit: enough to find Python, torch and the accelerator, and no secret.
_INHERITED = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "LANG", "PYTHONDONTWRITEBYTECODE")
_FIXED = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONHASHSEED": "0", "TORCHDYNAMO_DISABLE": "1"}


@dataclass
class WorkerProcess:
    """State of one worker. `outgoing` waits to be written, `frames` to be read; `ended` once its output is closed.

    `role` is None until a job wants it.
    """

    role: Role | None
    number: int
    settings: WorkerSettings
    process: subprocess.Popen[bytes]
    home: tempfile.TemporaryDirectory[str]
    decoder: FrameDecoder = field(default_factory=FrameDecoder)
    frames: deque[Frame] = field(default_factory=deque)
    outgoing: deque[memoryview] = field(default_factory=deque)
    log: LogTail = field(default_factory=LogTail)
    said_hello: bool = False
    ended: bool = False
    last_usage: Usage = field(default_factory=lambda: Usage(0.0, 0))
    exchanged_at: float = field(default_factory=time.monotonic)  # when bytes last went to it or came from it

    @property
    def knows_held_out_data(self) -> bool:
        """Whether its words may hold held-out inputs, so that no author of programs may read one of them."""
        return self.role == "evaluate" and self.said_hello

    def measure(self) -> Usage:
        """CPU time and peak memory so far, by the scorer's own reading."""
        seen = usage(self.process.pid)
        self.last_usage = Usage(
            max(seen.cpu_seconds, self.last_usage.cpu_seconds), max(seen.peak_bytes, self.last_usage.peak_bytes)
        )
        return self.last_usage

    def kill(self) -> None:
        """Ends the worker's whole session at once and frees its pipes."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None and not pipe.closed:
                pipe.close()
        self.home.cleanup()
        # The launcher's folder for a worker with a user of its own (landlock.go, ownFolder).
        for folder in Path("/tmp").glob(f"asi-worker-*-{self.process.pid}"):
            shutil.rmtree(folder, ignore_errors=True)


def start_worker(settings: WorkerSettings, number: int = 0, role: Role | None = None) -> WorkerProcess:
    """Starts `[...launcher, python, -m, trainer.worker]` in its own session with clean environment and limits.

    Nothing that the process can read of itself depends on the role: that is in the first frame. Workers of a job with
    different values of `number` get users of their own from the launcher.

    Raises:
        OSError: the launcher or Python cannot be started.
    """
    home = tempfile.TemporaryDirectory(prefix="trainer-worker-", ignore_cleanup_errors=True)
    package = str(Path(__file__).parents[2])
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    environment.update(_FIXED, HOME=home.name, TMPDIR=home.name, ASI_WORKER=str(number))
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (package, environment.get("PYTHONPATH"))))

    def in_child() -> None:
        die_with_parent()
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        # Private writable memory, not address space: torch's CUDA builds map 3 GiB of libraries when they are imported,
        # and CUDA itself reserves far more than it uses, so on an accelerator only the launcher can limit memory.
        if settings.device == "cpu":
            resource.setrlimit(resource.RLIMIT_DATA, (settings.memory_bytes, settings.memory_bytes))

    try:
        process = subprocess.Popen(
            [*settings.launcher, sys.executable, "-m", "trainer.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd=home.name,
            env=environment,
            start_new_session=True,
            preexec_fn=in_child,
        )
    except BaseException:
        home.cleanup()
        raise
    for pipe in (process.stdin, process.stdout, process.stderr):
        assert pipe is not None
        os.set_blocking(pipe.fileno(), False)
    return WorkerProcess(role, number, settings, process, home)
