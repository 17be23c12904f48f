"""The last part of a log of any length, in bounded memory."""

from __future__ import annotations

KEPT_BYTES = 1 << 20
MAX_TOTAL_BYTES = 64 << 20


class LogTail:
    """Keeps the last MiB that was written."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.total_bytes = 0

    def write(self, data: bytes) -> None:
        """Adds bytes and forgets the oldest ones beyond the cap."""
        self.total_bytes += len(data)
        self._buffer += data
        if len(self._buffer) > 2 * KEPT_BYTES:
            del self._buffer[:-KEPT_BYTES]

    @property
    def flooded(self) -> bool:
        """Whether more was written than any honest program logs."""
        return self.total_bytes > MAX_TOTAL_BYTES

    def text(self, last_bytes: int = KEPT_BYTES) -> str:
        """The last bytes as text; what is no UTF-8 is replaced."""
        return bytes(self._buffer[-last_bytes:]).decode("utf-8", "replace")
