"""Length-prefixed frames on a pipe between the trusted scorer and an untrusted worker.

A frame is `b"ASI1"`, the header's length and the payload's length (little-endian uint32 each), a JSON header and raw
little-endian arrays (float32, int32, float64, int64) in the order of the header's `arrays` list. No pickle, no objects.

Invariants:
F1  A length beyond its cap is refused before a byte of it is stored, so that a hostile peer cannot fill memory.
F2  The arrays' sizes must add up to the payload's length exactly: a short or long answer is an error, never a guess.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from trainer.protocol.numbers import to_json

MAGIC = b"ASI1"
PREFIX = struct.Struct("<4sII")
MAX_HEADER_BYTES = 1 << 20
MAX_PAYLOAD_BYTES = 64 << 20
_DTYPES: dict[str, np.dtype[Any]] = {
    "f32": np.dtype("<f4"),
    "i32": np.dtype("<i4"),
    "f64": np.dtype("<f8"),
    "i64": np.dtype("<i8"),
}


class BadFrame(ValueError):  # noqa: N818
    """Bytes that are not a frame of this protocol."""


@dataclass(frozen=True)
class Frame:
    """One message: `header["type"]` names it, `payload` holds the arrays that `header["arrays"]` describes."""

    header: dict[str, Any]
    payload: bytes

    @property
    def type(self) -> str:
        """The message's name."""
        return str(self.header["type"])

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays by name, read-only, in the header's order.

        Raises:
            BadFrame: the description is malformed or does not match the payload's length (F2).
        """
        found: dict[str, np.ndarray] = {}
        offset = 0
        for entry in self.header.get("arrays", []):
            name, dtype, shape = _described(entry)
            if name in found:
                raise BadFrame(f"array {name!r:.80} is there twice")
            count = math.prod(shape)
            end = offset + dtype.itemsize * count
            if end > len(self.payload):
                raise BadFrame(f"payload is shorter than array {name!r:.80} of shape {shape} needs")
            found[name] = np.frombuffer(self.payload, dtype, count, offset).reshape(shape)
            offset = end
        if offset != len(self.payload):
            raise BadFrame(f"payload holds {len(self.payload)} bytes, its arrays describe {offset}")
        return found


def _described(entry: Any) -> tuple[str, np.dtype[Any], tuple[int, ...]]:
    if not isinstance(entry, dict):
        raise BadFrame("an array description is not an object")
    name, dtype, shape = entry.get("name"), entry.get("dtype"), entry.get("shape")
    if not isinstance(name, str) or not isinstance(dtype, str) or dtype not in _DTYPES or not isinstance(shape, list):
        raise BadFrame("an array description lacks name, dtype or shape")
    if len(shape) > 16 or not all(type(size) is int and 0 <= size < 1 << 31 for size in shape):
        raise BadFrame(f"array {name!r:.80} has an impossible shape")
    # An empty array costs no payload, whatever its other sizes are; numpy refuses those that overflow.
    if math.prod(max(1, size) for size in shape) > MAX_PAYLOAD_BYTES:
        raise BadFrame(f"array {name!r:.80} has an impossible shape")
    return name, _DTYPES[dtype], tuple(shape)


def encode_frame(header: Mapping[str, Any], arrays: Mapping[str, np.ndarray] | None = None) -> bytes:
    """The bytes of one frame; what is neither float64 nor int64 is sent as float32 or, whole numbers, as int32."""
    described = []
    parts = []
    for name, array in (arrays or {}).items():
        dtype = ("f" if np.issubdtype(array.dtype, np.floating) else "i") + _width(array.dtype)
        described.append({"name": name, "dtype": dtype, "shape": list(array.shape)})
        parts.append(np.ascontiguousarray(array, dtype=_DTYPES[dtype]).tobytes())
    payload = b"".join(parts)
    text = to_json({**header, "arrays": described} if described else dict(header)).encode()
    if len(text) > MAX_HEADER_BYTES or len(payload) > MAX_PAYLOAD_BYTES:
        raise BadFrame(f"a frame of {len(text)} + {len(payload)} bytes is over the protocol's cap")
    return PREFIX.pack(MAGIC, len(text), len(payload)) + text + payload


def _width(dtype: np.dtype[Any]) -> str:
    return "64" if dtype in (np.dtype(np.float64), np.dtype(np.int64)) else "32"


class FrameDecoder:
    """Turns a byte stream, in pieces of any size, into frames."""

    def __init__(self, max_payload_bytes: int = MAX_PAYLOAD_BYTES) -> None:
        self._buffer = bytearray()
        self._max_payload_bytes = max_payload_bytes

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Adds bytes and yields every frame that is now complete.

        Raises:
            BadFrame: wrong magic, a length beyond its cap (F1), or a header that is no JSON object with a type.
        """
        self._buffer += data
        while len(self._buffer) >= PREFIX.size:
            magic, header_length, payload_length = PREFIX.unpack_from(self._buffer)
            if magic != MAGIC:
                raise BadFrame(f"expected a frame, got bytes that begin with {bytes(self._buffer[:24])!r}")
            if header_length > MAX_HEADER_BYTES or payload_length > self._max_payload_bytes:
                raise BadFrame(f"a frame announces {header_length} + {payload_length} bytes, over the cap")
            end = PREFIX.size + header_length + payload_length
            if len(self._buffer) < end:
                return
            text = bytes(self._buffer[PREFIX.size : PREFIX.size + header_length])
            payload = bytes(self._buffer[PREFIX.size + header_length : end])
            del self._buffer[:end]
            yield Frame(_header(text), payload)

    @property
    def incomplete(self) -> bool:
        """Whether the stream stopped in the middle of a frame."""
        return len(self._buffer) > 0


def _header(text: bytes) -> dict[str, Any]:
    try:
        header = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadFrame("a frame's header is not JSON") from error
    if not isinstance(header, dict) or not isinstance(header.get("type"), str):
        raise BadFrame("a frame's header is not an object with a type")
    if not isinstance(header.get("arrays", []), list):
        raise BadFrame("a frame's arrays are not a list")
    return header
