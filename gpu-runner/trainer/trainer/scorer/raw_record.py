"""Raw values as they are stored: JSON with packed arrays, and back, believing nothing."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import numpy as np

from trainer.protocol.numbers import number_from_json
from trainer.scorer.leak_moves import Moves
from trainer.scorer.leak_verdict import LOSS_LIMITS, LeakAudit, PrefixAnswers
from trainer.scorer.older_audit import OlderAudit
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
        older = isinstance(raw.audit, OlderAudit)
        record["audit"] = _older_audit_record(raw.audit) if older else _audit_record(raw.audit)
    return record


def _audit_record(audit: LeakAudit) -> dict[str, Any]:
    prefix = audit.prefix
    return {
        "device": audit.device,
        "length": audit.length,
        "cuts": audit.cuts.tolist(),
        **_moves_record(audit.losses),
        "hits": None if audit.hits is None else _moves_record(audit.hits),
        "prefix": None
        if prefix is None
        else {"losses": _packed(prefix.losses, "<f4"), "hits": _packed_bits(prefix.hits)},
    }


def _moves_record(moves: Moves) -> dict[str, Any]:
    return {
        "changes": _packed(moves.changes, "<f4"),
        "changedAt": moves.changed_at.tolist(),
        "gains": _packed(moves.gains, "<f4"),
        "meanGains": _packed(moves.mean_gains, "<f4"),
    }


def _older_audit_record(audit: OlderAudit) -> dict[str, Any]:
    return {
        "device": audit.device,
        "positions": audit.positions.tolist(),
        "fullLosses": _packed(audit.full_losses, "<f4"),
        "prefixLosses": _packed(audit.prefix.losses, "<f4"),
        "prefixHits": _packed_bits(audit.prefix.hits),
        "replacedChange": audit.replaced_change,
        "cutChange": audit.cut_change,
        "changedPosition": audit.changed_position,
    }


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
        None if audit is None else _audit(audit, total),
    )


def _audit(record: Any, answers: int) -> LeakAudit | OlderAudit:
    if not isinstance(record, dict) or record.get("device") not in LOSS_LIMITS:
        raise ValueError("the audit is no object with a device")
    if "positions" in record:
        return _older_audit(record)
    length, prefix = record.get("length"), record.get("prefix")
    if type(length) is not int or length < 1:
        raise ValueError("the audit's length is no whole number above 0")
    cuts = _integers(record.get("cuts"), "cuts", least=1)
    hits = record.get("hits")
    if hits is not None and not isinstance(hits, dict):
        raise ValueError("the audit's hits are no object")
    if prefix is not None and not isinstance(prefix, dict):
        raise ValueError("the audit's prefix is no object")
    return LeakAudit(
        device=record["device"],
        length=length,
        cuts=cuts,
        losses=_moves(record, "", len(cuts)),
        hits=None if hits is None else _moves(hits, "hits.", len(cuts)),
        prefix=None
        if prefix is None
        else PrefixAnswers(
            _unpacked(prefix.get("losses"), "prefix.losses", "<f4", answers),
            _unpacked_bits(prefix.get("hits"), "prefix.hits", answers),
        ),
    )


def _moves(record: dict[str, Any], of: str, pairs: int) -> Moves:
    changed_at = _integers(record.get("changedAt"), f"{of}changedAt", least=0)
    if len(changed_at) != pairs:
        raise ValueError(f"{of}changedAt and cuts are of different length")
    changes, gains, mean_gains = (
        _unpacked(record.get(name), of + name, "<f4", pairs) for name in ("changes", "gains", "meanGains")
    )
    return Moves(changes, changed_at, gains, mean_gains)


def _older_audit(record: dict[str, Any]) -> OlderAudit:
    positions = _integers(record.get("positions"), "positions", least=0)
    if type(record.get("changedPosition")) is not int:
        raise ValueError("the audit's position is no whole number")
    return OlderAudit(
        device=record["device"],
        positions=positions,
        full_losses=_unpacked(record.get("fullLosses"), "fullLosses", "<f4", len(positions)),
        prefix=PrefixAnswers(
            _unpacked(record.get("prefixLosses"), "prefixLosses", "<f4", len(positions)),
            _unpacked_bits(record.get("prefixHits"), "prefixHits", len(positions)),
        ),
        replaced_change=number_from_json(record.get("replacedChange")),
        cut_change=number_from_json(record.get("cutChange")),
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
