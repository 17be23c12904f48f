"""Told apart: a small difference that is rounding, and one that is not."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from trainer.certificate.subject import Subject
from trainer.worker.program import raise_if_not_the_programs

# Of a difference that passes double precision by. The two cannot be told apart: who wants to read the future in single
# precision alone may do it by cancellation, or behind the type; cancellation is what an honest program does.
SINGLE_PRECISION_ALONE = (
    " In double precision, all casts left out, nothing of it is left. Most likely it is cancellation: what is added "
    "and subtracted again, as in S.cumsum(2) - S, absorbs the past in float32 wherever it is large (exp); leave it out "
    "instead, as by F.pad(S.cumsum(2), (0, 0, 0, 0, 1, 0))[:, :, :-1], and bound the exponents. If nothing is "
    "subtracted so: do not branch on the type or its epsilon, nor cast what was scaled by the whole sequence to half "
    "precision."
)

LARGEST = 1e-3
ANY = float("inf")
_LEFT_IN_DOUBLE = 1e-3
# A nudge of some last places draws the rounding of single precision anew, and hardly that of half precision.
_NUDGE, _NUDGES = 1e-6, 3
# The rounding of the filter's own transform stays, so that of a legal FFT is not drawn anew whole. A leak stays whole.
_STEADY = 0.95


def is_rounding(
    subject: Subject, difference: float, measured: Callable[[Subject], float], *, largest: float = LARGEST
) -> bool:
    """Whether a difference all but vanishes when the program computes in double precision, its casts left out.

    A causal convolution by FFT rounds every output by the size of the largest one in its sequence, so that the future
    reaches the past's last places. What a program reads of the future stays as large as it is.
    A difference above `largest` is none; where there is another sign of rounding, any size may be one. More than a
    millionth that is left in double precision is never excused.
    """
    if subject.bfloat16 or not difference <= largest:
        return False
    try:
        return measured(subject.in_double) <= _LEFT_IN_DOUBLE * min(difference, LARGEST)
    except MemoryError:
        raise
    except Exception as error:  # it does not run so: then nothing speaks for rounding
        raise_if_not_the_programs(error)
        return False


def is_steady(difference: Callable[[Tensor], Tensor], x: Tensor) -> bool:
    """Whether a difference of outputs, as a function of the input, stays what it is when the last places of the input
    change. What is read of the future does, even if it is there in single precision only; rounding does not."""
    first, generator = difference(x), torch.Generator().manual_seed(6)
    for _ in range(_NUDGES):
        noise = torch.randn(x.shape, generator=generator, device="cpu").to(x)
        again = difference(x * (1 + _NUDGE * noise))
        if float(torch.cosine_similarity(first.double().flatten(), again.double().flatten(), 0, 1e-300)) < _STEADY:
            return False
    return True
