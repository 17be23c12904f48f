"""The shape of a certificate: a worker's report is passed on only when every field is what the contract says."""

from __future__ import annotations

import re
from typing import Any

from trainer.scorer.checked import Conversation

_VERDICTS = ("pass", "flagged", "fail", "unsupported")
_KINDS = ("hard", "soft", "reported")
_STATUSES = ("pass", "fail", "reported", "unsupported")
_MAX_FINDINGS = 200
_MAX_FINGERPRINT = 4096
_MAX_TEXT = 4000


def checked_certificate(conversation: Conversation, value: Any) -> dict[str, Any]:
    """A copy with exactly the contract's fields.

    Raises:
        JobFailure: `bad-frame`, naming the field.
    """

    def require(holds: bool, field: str) -> None:
        if not holds:
            raise conversation.broken(f"its certificate's {field} is malformed")

    require(isinstance(value, dict), "object")
    require(value.get("verdict") in _VERDICTS, "verdict")
    findings = value.get("findings")
    require(isinstance(findings, list) and len(findings) <= _MAX_FINDINGS, "findings")
    fingerprint = value.get("fingerprint")
    require(isinstance(fingerprint, list) and all(isinstance(segment, list) for segment in fingerprint), "fingerprint")
    require(sum(len(segment) for segment in fingerprint) <= _MAX_FINGERPRINT, "fingerprint")
    program_hash = value.get("programHash")
    require(isinstance(program_hash, str) and bool(re.fullmatch(r"[0-9a-f]{64}", program_hash)), "programHash")
    for field in ("parameters", "referenceParameters"):
        require(type(value.get(field)) is int, field)
    require(value.get("stateSize") is None or type(value["stateSize"]) is int, "stateSize")
    return {
        "verdict": value["verdict"],
        "findings": [_finding(conversation, finding) for finding in findings],
        "parameters": value["parameters"],
        "referenceParameters": value["referenceParameters"],
        "parameterRatio": conversation.number(value.get("parameterRatio")),
        "stateSize": value.get("stateSize"),
        "flopsPerToken": conversation.number(value.get("flopsPerToken")),
        "flopExponent": conversation.number(value.get("flopExponent")),
        "programHash": program_hash,
        "fingerprint": [[conversation.number(number) for number in segment] for segment in fingerprint],
    }


def _finding(conversation: Conversation, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or value.get("kind") not in _KINDS or value.get("status") not in _STATUSES:
        raise conversation.broken("its certificate's finding is malformed")
    texts = {field: value.get(field) for field in ("test", "smallestInput", "message")}
    if not all(isinstance(text, str) for text in texts.values()):
        raise conversation.broken("its certificate's finding lacks a text")
    threshold = value.get("threshold")
    return {
        "test": texts["test"][:200],
        "kind": value["kind"],
        "status": value["status"],
        "measured": conversation.number(value.get("measured")),
        "threshold": None if threshold is None else conversation.number(threshold),
        "smallestInput": texts["smallestInput"][:_MAX_TEXT],
        "message": texts["message"][:_MAX_TEXT],
    }
