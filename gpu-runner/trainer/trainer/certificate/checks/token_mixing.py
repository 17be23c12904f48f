"""Some output depends on an earlier token: what mixes nothing is no mixer."""

from __future__ import annotations

import torch

from trainer.certificate.batches import PAIR
from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.relative import relative_difference
from trainer.certificate.subject import Subject

TEST = "token mixing"


def check_token_mixing(subject: Subject) -> list[Finding]:
    """Replaces all tokens before the middle and looks behind it, bit for bit, in both modes."""
    x = subject.input(PAIR, subject.length)
    middle = subject.length // 2
    changed = x.clone()
    changed[:, :middle] = 3 * subject.input(PAIR, middle, seed=11)
    for training in (False, True):
        before, after = (subject.values(a, training=training)[:, middle:] for a in (x, changed))
        if not bool((before + after).isfinite().all()):
            return []  # the test of lengths reports it
        if not torch.equal(before, after):
            size = float(relative_difference(after, before, before).max())
            return [
                passed(TEST, "soft", size, 0.0, f"earlier tokens change later outputs by {size:.3g} of the mean size")
            ]
    message = (
        f"replacing the first {middle} tokens changes no later output: "
        "every token is treated by itself, so nothing can "
        "be recalled. Add a state, a convolution over time or attention in a window."
    )
    return [failed(TEST, "soft", 0.0, 0.0, f"B={PAIR} T={subject.length}", message)]
