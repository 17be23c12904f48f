"""What a padding mask does, where a program takes one. Reported: the trainer never passes a mask."""

from __future__ import annotations

import inspect

import torch
from torch import Tensor

from trainer.certificate.finding import Finding, reported
from trainer.certificate.first_output import first_output
from trainer.certificate.program_globals import restored_globals
from trainer.certificate.relative import relative_difference
from trainer.certificate.subject import Subject
from trainer.seed_everything import seed_everything
from trainer.worker.program import describe, is_out_of_memory

TEST = "padding mask"
LIMIT = 1e-4
NAMES = ("attention_mask", "padding_mask", "mask")
PADDING = 16


def check_padding_mask(subject: Subject) -> list[Finding]:
    """Pads one row of three on the left; compares it with the unpadded row, and the others with a changed row 0.

    Told apart from the tests of legality: published programs pack rows and mix them when a mask is given, and are
    independent without one. No finding for a program without a mask.
    """
    name = mask_argument(subject)
    if name is None:
        return []
    length = subject.length
    x, mask = subject.input(3, length), torch.ones(3, length, dtype=torch.long)
    mask[0, :PADDING] = 0
    try:
        y = _masked(subject, x, name, mask)
        alone = _masked(subject, x[:1, PADDING:], name, mask[:1, PADDING:])
        other = x.clone()
        other[0] = 3 * subject.input(1, length, seed=5)[0]
        mixed = float(relative_difference(_masked(subject, other, name, mask)[1:], y[1:], y).max())
    except Exception as error:
        if is_out_of_memory(error):
            raise
        return [
            reported(TEST, 1.0, LIMIT, f"with {name} the program raised {describe(error)}; the trainer passes none.")
        ]
    padded = float(relative_difference(y[:1, PADDING:], alone, y).max())
    problems = []
    if mixed > LIMIT:
        problems.append(f"rows mix: changing row 0 changes the others by {mixed:.3g} of the mean size")
    if padded > LIMIT:
        problems.append(f"a row padded on the left differs from the same row alone by {padded:.3g}")
    text = "; ".join(problems) if problems else "padded rows equal unpadded ones"
    return [
        reported(TEST, max(mixed, padded), LIMIT, f"with {name}, {text}. Not part of the verdict: no mask is passed.")
    ]


def mask_argument(subject: Subject) -> str | None:
    """The name of forward's mask, if it has one."""
    names = inspect.signature(subject.fresh().forward).parameters
    return next((name for name in NAMES if name in names), None)


def _masked(subject: Subject, x: Tensor, name: str, mask: Tensor) -> Tensor:
    module = subject.fresh().eval()
    with torch.no_grad(), restored_globals():
        seed_everything(1)
        return first_output(module(x.clone(), **{name: mask.clone()}))
