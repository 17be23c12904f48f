"""The workers of one job and the one loop that reads and writes all their pipes.

Invariants:
P1  No wait is without a deadline: it ends with a frame, the worker's end, the job's wall limit or a cancellation.
P2  While one worker is waited for, the others' pipes are served too, so that none blocks on a full pipe.
"""

from __future__ import annotations

import os
import secrets
import selectors
import signal
import time
from typing import IO

from trainer.protocol.failure import Cancelled, JobFailure
from trainer.protocol.frames import MAX_PAYLOAD_BYTES, BadFrame, Frame
from trainer.scorer.out_of_time import is_starved, out_of_time
from trainer.scorer.process_tree import kill_descendants, usage, waiting_seconds
from trainer.scorer.worker_death import death_failure, log_evidence
from trainer.scorer.worker_process import Role, WorkerProcess, start_worker
from trainer.scorer.worker_settings import WorkerSettings

_READ_BYTES = 1 << 18
_MAX_WAITING_FRAMES = 4096
_EXCHANGE_SECONDS = 10  # between two signs of a worker that works, also on a small share of a processor
_NUMBERS = 8  # users of a slot (launcher/settings.go)


class WorkerPool:
    """Starts workers, exchanges frames with them, ends them."""

    def __init__(
        self, settings: WorkerSettings, started: float, wall_seconds: float, prepared: WorkerProcess | None = None
    ) -> None:
        """The job began at `started`, on the clock of time.monotonic(). A `prepared` worker that was started with these
        settings is the first that the job gets; what it used before the job is no time of the job.
        """
        self._settings = settings
        self._started = started
        self._deadline = started + wall_seconds
        self._prepared = prepared
        self._cpu_before = 0.0 if prepared is None else usage(os.getpid()).cpu_seconds
        self._selector = selectors.DefaultSelector()
        self._workers: list[WorkerProcess] = []
        self._cancelled = False
        self._wake_read, self._wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._selector.register(self._wake_read, selectors.EVENT_READ, None)

    def seconds_left(self) -> float:
        """Until the job's wall-clock limit."""
        return self._deadline - time.monotonic()

    def enforced_memory_bytes(self) -> int:
        """Each worker's limit of private memory; 0 on an accelerator, where none is enforced here."""
        return self._settings.memory_bytes if self._settings.device == "cpu" else 0

    def cancel(self) -> None:
        """Ends the current or next wait with Cancelled; may be called from a signal handler."""
        self._cancelled = True
        os.write(self._wake_write, b"x")

    def start(self, role: Role) -> WorkerProcess:
        """Starts a worker.

        Raises:
            JobFailure: `environment`.
        """
        try:
            worker = self._take_prepared(role) or start_worker(self._settings, self._free_number(), role)
        except OSError as error:
            raise JobFailure("environment", f"A worker cannot be started: {error}.") from error
        self._workers.append(worker)
        for pipe in (worker.process.stdout, worker.process.stderr):
            assert pipe is not None
            self._selector.register(pipe, selectors.EVENT_READ, worker)
        return worker

    def send(self, worker: WorkerProcess, frame: bytes) -> None:
        """Queues a frame; it is written during the waits."""
        stdin = worker.process.stdin
        assert stdin is not None
        if not worker.outgoing and not stdin.closed:
            self._selector.register(stdin, selectors.EVENT_WRITE, worker)
        worker.outgoing.append(memoryview(frame))

    def receive(self, worker: WorkerProcess) -> Frame:
        """The worker's next frame.

        Raises:
            JobFailure: it sent `failed` or something that is no frame, it died, or the job's time is up.
            Cancelled: see `cancel`.
        """
        while not worker.frames:
            if worker.ended:
                raise death_failure(worker)
            self._serve(worker)
        frame = worker.frames.popleft()
        if frame.type == "hello":
            worker.said_hello = True
        return frame

    def stop(self, worker: WorkerProcess) -> None:
        """Kills one worker."""
        for pipe in (worker.process.stdin, worker.process.stdout, worker.process.stderr):
            if pipe is not None and not pipe.closed and pipe.fileno() in self._selector.get_map():
                self._selector.unregister(pipe)
        worker.kill()
        if worker in self._workers:
            self._workers.remove(worker)

    def close(self) -> None:
        """Kills all workers and whatever they started."""
        for worker in list(self._workers):
            self.stop(worker)
        if self._prepared is not None:
            self._prepared.kill()
            self._prepared = None
        kill_descendants(os.getpid())

    def _take_prepared(self, role: Role) -> WorkerProcess | None:
        """The prepared worker, once, where it is what the job wants and lives."""
        worker, self._prepared = self._prepared, None
        if worker is None:
            return None
        if worker.settings != self._settings or worker.process.poll() is not None:
            worker.kill()
            return None
        worker.role = role
        worker.exchanged_at = time.monotonic()
        return worker

    def _free_number(self) -> int:
        """Drawn: a worker sees its user, which follows from its number, and weights can bring the one that they were
        trained under. Counted, it would tell an evaluation worker which of the two it is."""
        taken = {worker.number for worker in self._workers}
        return secrets.choice([number for number in range(_NUMBERS) if number not in taken])

    def _serve(self, awaited: WorkerProcess) -> None:
        """Waits once for any pipe and serves those that are ready."""
        if self._cancelled:
            raise Cancelled
        remaining = self._deadline - time.monotonic()
        if remaining <= 0:
            raise self._out_of_time(awaited)
        for key, _ in self._selector.select(remaining):
            worker: WorkerProcess | None = key.data
            if worker is None:
                continue
            pipe = key.fileobj
            assert not isinstance(pipe, int)
            if pipe is worker.process.stdin:
                self._write(worker)
            elif pipe is worker.process.stdout:
                self._read_frames(worker, pipe)
                self._check_backlog(worker, awaited)
            else:
                self._read_log(worker, pipe)

    def is_starved(self, worker: WorkerProcess) -> bool:
        """Whether the job wanted a processor for `worker` and got much less than one."""
        return is_starved(*self._times(worker))

    def _out_of_time(self, awaited: WorkerProcess) -> JobFailure:
        return out_of_time(awaited, *self._times(awaited))

    def _times(self, worker: WorkerProcess) -> tuple[float, float, float]:
        """Seconds of the job since it began, on the wall and on processors; and those that `worker` waited for one."""
        now = time.monotonic()
        waited = waiting_seconds(worker.process.pid, now - worker.exchanged_at < _EXCHANGE_SECONDS)
        return now - self._started, usage(os.getpid()).cpu_seconds - self._cpu_before, waited

    def _write(self, worker: WorkerProcess) -> None:
        stdin = worker.process.stdin
        assert stdin is not None
        try:
            written = os.write(stdin.fileno(), worker.outgoing[0])
        except BlockingIOError:
            return
        except BrokenPipeError:
            written = -1  # its output will close too, and tell why
        if written < 0:
            worker.outgoing.clear()
        else:
            worker.exchanged_at = time.monotonic()
            rest = worker.outgoing.popleft()[written:]
            if rest:
                worker.outgoing.appendleft(rest)
        if not worker.outgoing:
            self._selector.unregister(stdin)

    def _read_frames(self, worker: WorkerProcess, pipe: IO[bytes]) -> None:
        data = _read(pipe)
        if data is None:
            return
        if not data:
            self._selector.unregister(pipe)
            worker.ended = True
            return
        worker.exchanged_at = time.monotonic()
        try:
            worker.frames.extend(worker.decoder.feed(data))
        except BadFrame as error:
            raise bad_frame(worker, str(error)) from error

    def _check_backlog(self, worker: WorkerProcess, awaited: WorkerProcess) -> None:
        """A cap per frame is no cap on frames: what waits to be read is bounded too."""
        waiting = 0 if worker is awaited else sum(len(frame.payload) for frame in worker.frames)
        if waiting > MAX_PAYLOAD_BYTES or len(worker.frames) > _MAX_WAITING_FRAMES:
            raise bad_frame(worker, "it floods its output with frames that nobody asked for")

    def _read_log(self, worker: WorkerProcess, pipe: IO[bytes]) -> None:
        data = _read(pipe)
        if data is None:
            return
        if not data:
            self._selector.unregister(pipe)
            return
        worker.log.write(data)
        if worker.log.flooded:
            raise JobFailure(
                "program-invalid",
                "The program printed more than 64 MiB; remove its print statements and repeated warnings.",
                log_evidence(worker),
            )


def prepare_worker(settings: WorkerSettings) -> WorkerProcess | None:
    """A worker for a job that is still to come; None where it cannot be started: the job will try it, and tell why."""
    try:
        return start_worker(settings, secrets.choice(range(_NUMBERS)))
    except OSError:
        return None


def bad_frame(worker: WorkerProcess, what: str) -> JobFailure:
    """The verdict on a worker that breaks the protocol; what it did is told only where that may not hold its words."""
    how = "" if worker.knows_held_out_data else f" ({what})"
    return JobFailure(
        "bad-frame",
        f"The {worker.role} worker broke the protocol{how}; a program must not write to the trainer's pipes.",
        log_evidence(worker),
    )


def _read(pipe: IO[bytes]) -> bytes | None:
    try:
        return os.read(pipe.fileno(), _READ_BYTES)
    except BlockingIOError:
        return None


def install_cancellation(pool: WorkerPool) -> None:
    """SIGTERM and SIGINT end the job as cancelled."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: pool.cancel())
