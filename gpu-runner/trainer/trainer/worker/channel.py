"""A worker's end of the pipes to the scorer."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

from trainer.protocol.frames import Frame, FrameDecoder, encode_frame


class Channel:
    """Frames in from standard input, frames out to what was standard output.

    Standard output itself is turned into standard error, so that a program's print() is a log line and not a broken
    frame.
    """

    def __init__(self) -> None:
        self._out = os.dup(sys.stdout.fileno())
        os.set_inheritable(self._out, False)
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        self._in = sys.stdin.fileno()
        self._decoder = FrameDecoder()
        self._waiting: list[Frame] = []

    def send(self, header: Mapping[str, Any], arrays: Mapping[str, np.ndarray] | None = None) -> None:
        """Writes one frame, waiting while the pipe is full."""
        data = memoryview(encode_frame(header, arrays))
        while data:
            data = data[os.write(self._out, data) :]

    def receive(self) -> Frame | None:
        """The next frame, or None when the scorer has closed the pipe."""
        while not self._waiting:
            data = os.read(self._in, 1 << 20)
            if not data:
                return None
            self._waiting.extend(self._decoder.feed(data))
        return self._waiting.pop(0)
