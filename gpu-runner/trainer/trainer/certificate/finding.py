"""The result of one test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["hard", "soft", "reported"]
Status = Literal["pass", "fail", "reported", "unsupported"]


@dataclass(frozen=True)
class Finding:
    """`measured` and `threshold` have the unit of the test; `message` says what is wrong and what to do."""

    test: str
    kind: Kind
    status: Status
    measured: float
    threshold: float | None
    smallest_input: str
    message: str

    def to_json(self) -> dict[str, object]:
        return {
            "test": self.test,
            "kind": self.kind,
            "status": self.status,
            "measured": self.measured,
            "threshold": self.threshold,
            "smallestInput": self.smallest_input,
            "message": self.message,
        }


def passed(test: str, kind: Kind, measured: float, threshold: float | None, message: str) -> Finding:
    return Finding(test, kind, "pass", measured, threshold, "", f"{test}: {message}")


def failed(
    test: str, kind: Kind, measured: float, threshold: float | None, smallest_input: str, message: str
) -> Finding:
    return Finding(test, kind, "fail", measured, threshold, smallest_input, f"{test}: {message}")


def missing(test: str, what: str, where: str = "import") -> Finding:
    """A hard test that could not be made, for want of something that is no fault of the program."""
    return Finding(test, "hard", "unsupported", 1.0, 0.0, where, f"{test}: {what}")


def reported(test: str, measured: float, threshold: float | None, message: str) -> Finding:
    return Finding(test, "reported", "reported", measured, threshold, "", f"{test}: {message}")
