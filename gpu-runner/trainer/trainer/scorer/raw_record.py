"""Raw values as they are stored: JSON with packed arrays, and back, believing nothing."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import numpy as np

from trainer.protocol.numbers import number_from_json
from trainer.scorer.leak_verdict import LARGEST_CHANGE, PrefixAudit
from trainer.scorer.score import RawScore

MAX_VALUES = 1 << 24


def raw_record(raw: RawScore) -> dict[str, Any]:
    """The stored form. `negativeLogLikelihood` and `accuracy` (per sequence) follow from the packed arrays."""
    record: dict[str, Any] = {
        "negativeLogLikelihood": raw.negative_log_likelihood.tolist(),
        "accuracy": raw.accuracy.tolist(),
        "answers": raw.answers.tolist(),
        "answerLosses": _packed(raw.losses, "<f4"),
        "answerHits": _packed_bits(raw.hits),
    }
    if raw.audit is not None:
        record["audit"] = {
            "device": raw.audit.device,
            "positions": raw.audit.positions.tolist(),
            "fullLosses": _packed(raw.audit.full_losses, "<f4"),
            "prefixLosses": _packed(raw.audit.prefix_losses, "<f4"),
            "prefixHits": _packed_bits(raw.audit.prefix_hits),
            "replacedChange": raw.audit.replaced_change,
            "cutChange": raw.audit.cut_change,
            "changedPosition": raw.audit.changed_position,
        }
    return record


def raw_from_record(record: Any) -> RawScore:
    """The raw values of a stored record.

    Raises:
        ValueError: it is not such a record, or its parts do not fit each other; says which.
    """
    if not isinstance(record, dict):
        raise ValueError("a task's raw values are no object")
    answers = _integers(record.get("answers"), "answers", least=1)
    total = int(answers.sum())
    losses = _unpacked(record.get("answerLosses"), "answerLosses", "<f4", total)
    audit = record.get("audit")
    return RawScore(
        answers,
        losses,
        _unpacked_bits(record.get("answerHits"), "answerHits", total),
        None if audit is None else _audit(audit),
    )


def _audit(record: Any) -> PrefixAudit:
    if not isinstance(record, dict) or record.get("device") not in LARGEST_CHANGE:
        raise ValueError("the audit is no object with a device")
    positions = _integers(record.get("positions"), "positions", least=0)
    changes = [number_from_json(record.get(name)) for name in ("replacedChange", "cutChange")]
    if type(record.get("changedPosition")) is not int:
        raise ValueError("the audit's position is no whole number")
    return PrefixAudit(
        device=record["device"],
        positions=positions,
        full_losses=_unpacked(record.get("fullLosses"), "fullLosses", "<f4", len(positions)),
        prefix_losses=_unpacked(record.get("prefixLosses"), "prefixLosses", "<f4", len(positions)),
        prefix_hits=_unpacked_bits(record.get("prefixHits"), "prefixHits", len(positions)),
        replaced_change=changes[0],
        cut_change=changes[1],
        changed_position=record["changedPosition"],
    )


def _packed(values: np.ndarray, dtype: str) -> str:
    return base64.b64encode(np.ascontiguousarray(values, dtype=dtype).tobytes()).decode()


def _packed_bits(values: np.ndarray) -> str:
    return base64.b64encode(np.packbits(values.astype(np.uint8)).tobytes()).decode()


def _unpacked_bits(text: Any, name: str, count: int) -> np.ndarray:
    bits = _unpacked(text, name, "u1", (count + 7) // 8)
    return np.unpackbits(bits, count=count).astype(bool)


def _unpacked(text: Any, name: str, dtype: str, count: int) -> np.ndarray:
    try:
        data = base64.b64decode(text, validate=True)
    except (TypeError, ValueError, binascii.Error) as error:
        raise ValueError(f"{name} is not base64") from error
    if len(data) != count * np.dtype(dtype).itemsize:
        raise ValueError(f"{name} holds {len(data)} bytes where {count} values are due")
    return np.frombuffer(data, dtype=dtype)


def _integers(value: Any, name: str, least: int) -> np.ndarray:
    if (
        not isinstance(value, list)
        or not value
        or len(value) > MAX_VALUES
        or not all(type(item) is int and least <= item < MAX_VALUES for item in value)
    ):
        raise ValueError(f"{name} is no list of whole numbers")
    return np.array(value, dtype=np.int32)
