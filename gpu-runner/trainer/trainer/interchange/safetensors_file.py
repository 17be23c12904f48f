"""The safetensors format: 8 bytes of header length, a JSON header, the arrays' bytes. Neither torch nor pickle.

https://huggingface.co/docs/safetensors: offsets count from the end of the header, without gaps; little-endian.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

MAX_HEADER_BYTES = 100_000_000  # the format's own cap
_DTYPES = {
    "F64": np.dtype("<f8"),
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "I64": np.dtype("<i8"),
    "I32": np.dtype("<i4"),
    "I16": np.dtype("<i2"),
    "I8": np.dtype("i1"),
    "U8": np.dtype("u1"),
    "BOOL": np.dtype("?"),
}
_NAMES = {dtype: name for name, dtype in _DTYPES.items()}


class CheckpointError(ValueError):
    """A checkpoint that cannot be read, with what is wrong in it."""


def safetensors_bytes(arrays: Mapping[str, np.ndarray], metadata: Mapping[str, str]) -> bytes:
    """The file's content, arrays by name in sorted order."""
    header: dict[str, Any] = {"__metadata__": dict(metadata)}
    parts, end = [], 0
    for name in sorted(arrays):
        array = np.asarray(arrays[name])
        data = np.ascontiguousarray(array).tobytes()
        header[name] = {
            "dtype": _NAMES[array.dtype.newbyteorder("<")],
            "shape": list(array.shape),
            "data_offsets": [end, end + len(data)],
        }
        parts.append(data)
        end += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # so that the arrays are aligned
    return len(text).to_bytes(8, "little") + text + b"".join(parts)


def read_safetensors(path: Path) -> dict[str, np.ndarray]:
    """The arrays by name.

    Raises:
        CheckpointError: the file does not follow the format.
    """
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    if len(content) < 8 or length > min(MAX_HEADER_BYTES, len(content) - 8):
        raise CheckpointError(f"{path} is no safetensors file: its header is longer than the file")
    try:
        header = json.loads(content[8 : 8 + length])
    except ValueError as error:
        raise CheckpointError(f"{path} is no safetensors file: its header is not JSON") from error
    data = memoryview(content)[8 + length :]
    arrays: dict[str, np.ndarray] = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        try:
            dtype, shape, (start, end) = _DTYPES[entry["dtype"]], tuple(entry["shape"]), entry["data_offsets"]
            if not 0 <= start <= end <= len(data) or end - start != dtype.itemsize * math.prod(shape):
                raise ValueError("its offsets do not fit its shape")
            arrays[name] = np.frombuffer(data[start:end], dtype).reshape(shape)
        except (KeyError, TypeError, ValueError) as error:
            raise CheckpointError(f"{path}: the array {name!r:.80} is malformed ({error})") from error
    return arrays
