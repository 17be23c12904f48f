"""How many numbers the mixer carries from token to token: whether it can be decoded in constant memory."""

from __future__ import annotations

from trainer.certificate.finding import Finding, reported
from trainer.certificate.subject import Subject

TEST = "state size"


def check_state_size(subject: Subject) -> list[Finding]:
    """A capability: measured from outside, so it is what is carried, not what is declared."""
    size = subject.state.size
    if size is None:
        text = f"not told: {subject.state.reason}. No constant memory for decoding is certified."
        return [reported(TEST, 0.0, None, text)]
    return [reported(TEST, float(size), None, f"{size} numbers at any length; it can be decoded in constant memory.")]
