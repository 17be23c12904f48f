"""Reads values from a worker's frames, believing nothing."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from trainer.protocol.failure import WORKER_REASONS, JobFailure
from trainer.protocol.frames import BadFrame, Frame
from trainer.protocol.numbers import number_from_json
from trainer.scorer.events import EventWriter
from trainer.scorer.worker_death import log_evidence
from trainer.scorer.worker_pool import WorkerPool, bad_frame
from trainer.scorer.worker_process import WorkerProcess
from trainer.suites.batch_shapes import ROWS_PER_BATCH

MAX_LOG_EVENTS = 200
MAX_COUNT = 2**53 - 1  # what a reader in JavaScript can hold


class Conversation:
    """A worker's frames, with `failed` and `log` already dealt with."""

    def __init__(self, pool: WorkerPool, worker: WorkerProcess, events: EventWriter) -> None:
        self.worker = worker
        self._pool = pool
        self._events = events
        self._logged = 0

    def next(self, *expected: str) -> Frame:
        """The next frame of one of the expected types.

        Raises:
            JobFailure: the worker failed, or sent something else (`bad-frame`).
        """
        while True:
            frame = self._pool.receive(self.worker)
            if frame.type == "log":
                self._log(frame)
            elif frame.type == "failed":
                raise self._failure(frame)
            elif frame.type in expected:
                return frame
            else:
                raise self.broken(f"it sent {frame.type!r:.40} where {' or '.join(expected)} was due")

    def broken(self, what: str) -> JobFailure:
        """A protocol violation."""
        return bad_frame(self.worker, what)

    def arrays(self, frame: Frame) -> dict[str, np.ndarray]:
        """The frame's arrays, or `bad-frame`."""
        try:
            return frame.arrays()
        except BadFrame as error:
            raise self.broken(str(error)) from error

    def number(self, value: Any, finite: bool = False) -> float:
        """A number of a header, or `bad-frame`."""
        try:
            number = number_from_json(value)
        except ValueError as error:
            raise self.broken(str(error)) from error
        if finite and not math.isfinite(number):
            raise self.broken("a number that must be finite is not")
        return number

    def amount(self, value: Any, name: str, least: float = 0.0, most: float = math.inf) -> float:
        """A number of a header, or `bad-frame` where it is outside of what is possible. One that is none (a loss that
        diverged) is let pass where `most` is infinite."""
        number = self.number(value, finite=most < math.inf)
        if number < least or number > most:
            raise self.broken(f"it claims {number:g} for {name}, which is outside of what is possible")
        return number

    def count(self, value: Any, name: str, most: int = MAX_COUNT) -> int:
        """A number of things of a header, from 0 to `most`, or `bad-frame`."""
        if type(value) is not int:
            raise self.broken(f"it claims for {name} what is no whole number")
        return int(self.amount(value, name, most=most))

    def _log(self, frame: Frame) -> None:
        self._logged += 1
        if self._logged > MAX_LOG_EVENTS or self.worker.knows_held_out_data:
            return
        level, text = frame.header.get("level"), frame.header.get("text")
        # No str() of anything else: that of a deeply nested list would end in a RecursionError.
        self._events.log(
            level if level in ("info", "warn", "error") else "info", text if isinstance(text, str) else "(no text)"
        )

    def _failure(self, frame: Frame) -> JobFailure:
        reason, message = frame.header.get("reason"), frame.header.get("message")
        if not isinstance(reason, str) or reason not in WORKER_REASONS or not isinstance(message, str):
            return self.broken("it failed with an unknown reason")
        if reason == "environment" and self.worker.said_hello:
            # After `hello` the candidate may speak: its failures must not pass for the machine's.
            return self.broken("it blames the environment after the program was loaded")
        if self.worker.knows_held_out_data:
            message = (
                f"The program failed while it was evaluated ({reason}). What it said is not shown, for it has seen "
                "held-out sequences: call the trained model in evaluation mode, without gradients, on "
                f"{ROWS_PER_BATCH} rows of the task's length to see it."
            )
        return JobFailure(reason, message, log_evidence(self.worker))
