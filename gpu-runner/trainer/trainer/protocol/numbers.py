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
        ValueError: the value is neither a number nor one of the three strings.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if value in ("NaN", "Infinity", "-Infinity"):
        return float(value)
    raise ValueError(f"not a number: {value!r:.60}")
