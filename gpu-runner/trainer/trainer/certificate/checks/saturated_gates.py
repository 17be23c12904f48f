"""The program stays finite where its gates saturate: weights grow in training, and beta = 2 or decay = 0 comes."""

from __future__ import annotations

import torch

from trainer.certificate.checks.gradients import gradients_of
from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.shrink import shortest_length
from trainer.certificate.subject import Subject

TEST = "saturated gates"
FACTORS = (4.0, 16.0)


def check_saturated_gates(subject: Subject) -> list[Finding]:
    """Inputs of 4 and 16 times the usual size stand for weights of that size; forward and backward."""
    for factor in FACTORS:
        for repeated in (False, True):
            what = _breaks(subject, subject.length, factor, repeated)
            if what:
                return [_failure(subject, factor, repeated, what)]
    return [passed(TEST, "soft", FACTORS[-1], FACTORS[-1], f"finite with inputs {FACTORS[-1]:g} times as large")]


def _failure(subject: Subject, factor: float, repeated: bool, what: str) -> Finding:
    smallest = shortest_length(lambda t: bool(_breaks(subject, t, factor, repeated)), subject.length)
    kind = "repeated" if repeated else "random"
    message = (
        f"with inputs {factor:g} times as large (as with grown weights: gates at 0 or 1, beta at 2) {what} is NaN or "
        f"infinite ({kind} tokens). Bound what goes into exp, keep eps in divisions and logarithms, normalise keys, "
        "and invert with a triangular solve."
    )
    return failed(TEST, "soft", factor, FACTORS[-1], f"B=2 T={smallest}, {kind} tokens times {factor:g}", message)


def _breaks(subject: Subject, length: int, factor: float, repeated: bool) -> str:
    x = factor * subject.input(2, length)
    x = x[:, torch.arange(length) % 3] if repeated else x
    if not bool(subject.values(x).isfinite().all()):
        return "the output"
    broken = [
        name
        for name, gradient in gradients_of(subject, subject.fresh().train(), x).items()
        if gradient is not None and not bool(gradient.isfinite().all())
    ]
    return f"the gradient of {broken[0]}" if broken else ""
