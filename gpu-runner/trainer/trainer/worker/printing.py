"""Standard output of a probe, sent to the scorer as it is written."""

from __future__ import annotations

import io

from trainer.worker.channel import Channel

MAX_CHARACTERS = 16 << 10


class Printing(io.TextIOBase):
    """Sends whole lines, up to a limit in all; what comes after that is dropped, and one line says so.

    At once and not at the end, so that a probe that is killed has told how far it came.
    """

    def __init__(self, channel: Channel) -> None:
        super().__init__()
        self._channel = channel
        self._line = ""
        self._left = MAX_CHARACTERS - 100

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, text: str) -> int:
        """Takes all of it, whether it is sent or dropped."""
        if self._left > 0:
            self._line += text[: self._left]
            self._left -= len(text)
            end = self._line.rfind("\n") + 1
            self._send(self._line[:end])
            self._line = self._line[end:]
            if self._left <= 0:
                self._send(self._line + "\n(the rest is cut: a probe may print 16 KiB)\n")
                self._line = ""
        return len(text)

    def finish(self) -> None:
        """Sends a last line that has no end."""
        self._send(self._line)
        self._line = ""

    def _send(self, text: str) -> None:
        if text:
            self._channel.send({"type": "printed", "text": text})
