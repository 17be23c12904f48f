"""How many numbers the mixer carries from token to token: whether it can be decoded in constant memory."""

from __future__ import annotations

import dataclasses
import math

from trainer.certificate.finding import Finding, reported
from trainer.certificate.subject import Subject

TEST = "state size"
_PROMISE = "it can be decoded in constant memory"


def check_state_size(subject: Subject) -> list[Finding]:
    """A capability: measured from outside, so it is what is carried, not what is declared."""
    size = subject.state.size
    if size is None:
        text = f"not told: {subject.state.reason}. No constant memory for decoding is certified."
        return [reported(TEST, math.nan, None, text)]
    return [reported(TEST, float(size), None, f"{size} numbers at any length; {_PROMISE}.")]


def without_promise(finding: Finding) -> Finding:
    """The finding of a program that fails: what looks ahead, or breaks at some length, cannot be decoded like that."""
    if finding.test != TEST:
        return finding
    return dataclasses.replace(finding, message=finding.message.replace(f"; {_PROMISE}", ""))
