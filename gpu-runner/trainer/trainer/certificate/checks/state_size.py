"""How many numbers the mixer carries from token to token: whether it can be decoded in constant memory."""

from __future__ import annotations

from trainer.certificate.finding import Finding, reported
from trainer.certificate.subject import Subject

TEST = "state size"


def check_state_size(subject: Subject) -> list[Finding]:
    """A capability: measured from outside, so it is what is carried, not what is declared."""
    size = subject.state_size
    if size is None:
        text = "it grows with the length or could not be measured, so no constant memory for decoding is certified"
        return [reported(TEST, 0.0, None, f"{text}.")]
    return [reported(TEST, float(size), None, f"{size} numbers at any length; it can be decoded in constant memory.")]
