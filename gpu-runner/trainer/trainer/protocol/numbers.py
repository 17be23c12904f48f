"""JSON text in which a non-finite number is a string: standard JSON has no NaN and no Infinity."""

from __future__ import annotations

import json
import math
from typing import Any


def to_json(value: Any) -> str:
    """One line of JSON; NaN and the infinities become "NaN", "Infinity" and "-Infinity"."""
    return json.dumps(_encode(value), separators=(",", ":"), allow_nan=False)


def _encode(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        if math.isnan(value):
            return "NaN"
        return "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {str(key): _encode(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_encode(item) for item in value]
    return value


def number_from_json(value: Any) -> float:
    """The inverse of the encoding for one number.

    Raises:
        ValueError: the value is neither a number that a float can hold nor one of the three strings.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError as error:
            raise ValueError("not a number: an integer that is too large") from error
    if value in ("NaN", "Infinity", "-Infinity"):
        return float(value)
    # The repr of a deeply nested list would end in a RecursionError.
    shown = repr(value)[:60] if isinstance(value, str) else type(value).__name__
    raise ValueError(f"not a number: {shown}")
