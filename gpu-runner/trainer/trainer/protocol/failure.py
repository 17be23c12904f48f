"""Why a job failed, in the closed set of reasons that the runner knows."""

from __future__ import annotations

from typing import Any, Literal

Reason = Literal[
    "program-invalid",
    "crashed",
    "diverged",
    "timeout",
    "out-of-memory",
    "bad-frame",
    "worker-died",
    "worker-killed",
    "spec-invalid",
    "environment",
    "stopped-early",
    "leak",
]

# What a worker may say about itself. The other reasons are verdicts of the trusted side.
WORKER_REASONS: frozenset[str] = frozenset({"program-invalid", "crashed", "diverged", "out-of-memory", "environment"})


class JobFailure(Exception):  # noqa: N818 - it is the outcome of a job, not a defect of this code
    """Ends a job with a typed reason and one sentence that an engineer or a language model can act on."""

    def __init__(self, reason: Reason, message: str, evidence: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.reason: Reason = reason
        self.message = message
        self.evidence = evidence or {}


class Cancelled(Exception):  # noqa: N818
    """The job was asked to stop (SIGTERM)."""
