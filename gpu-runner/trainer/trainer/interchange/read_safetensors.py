"""Reads the safetensors format with nothing but torch (see safetensors_file.py for the format)."""

from __future__ import annotations

import json
import math
from pathlib import Path

import torch
from torch import Tensor

from trainer.interchange.checkpoint_error import CheckpointError

MAX_HEADER_BYTES = 100_000_000  # the format's own cap
_DTYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "I64": torch.int64,
    "I32": torch.int32,
    "I16": torch.int16,
    "I8": torch.int8,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}


def read_safetensors(path: Path) -> dict[str, Tensor]:
    """The tensors by name.

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
    tensors: dict[str, Tensor] = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        try:
            dtype, shape, (start, end) = _DTYPES[entry["dtype"]], tuple(entry["shape"]), entry["data_offsets"]
            if not 0 <= start <= end <= len(data) or end - start != dtype.itemsize * math.prod(shape):
                raise ValueError("its offsets do not fit its shape")
            tensors[name] = _tensor(data[start:end], dtype).reshape(shape)
        except (KeyError, TypeError, ValueError) as error:
            raise CheckpointError(f"{path}: the array {name!r:.80} is malformed ({error})") from error
    return tensors


def _tensor(data: memoryview, dtype: torch.dtype) -> Tensor:
    """A copy, aligned and writable."""
    return torch.frombuffer(bytearray(data), dtype=dtype) if len(data) > 0 else torch.empty(0, dtype=dtype)
