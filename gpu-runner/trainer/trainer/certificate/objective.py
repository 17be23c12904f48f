"""What the tests train a program for."""

from __future__ import annotations

from torch import Tensor

from trainer.certificate.first_output import first_output
from trainer.certificate.subject import Subject


def objective(subject: Subject, result: object) -> Tensor:
    """<y, R> + aux, of what a call returned, with R drawn from the subject's seed."""
    y = first_output(result)
    loss = (y * subject.input(*y.shape[:2], seed=9)).sum()
    if isinstance(result, tuple) and len(result) > 1 and isinstance(result[1], dict):
        loss = loss + result[1].get("aux", 0.0)
    return loss
