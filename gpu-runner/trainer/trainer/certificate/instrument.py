"""Tells the failures of the certificate's own instruments from those of the program."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from trainer.foreign.lacks import lacking_here
from trainer.worker.program import describe, is_out_of_memory

Reading = TypeVar("Reading")


class InstrumentError(Exception):
    """What a call costs cannot be told, though the program makes it; the text says what stopped the instrument."""


def read(measured: Callable[[], Reading], plain: Callable[[], object]) -> Reading:
    """What an instrument reads of a call that raises under it only if it does without.

    Raises:
        InstrumentError: where `plain`, the same call without the instrument, comes to its end.
    """
    try:
        return measured()
    except Exception as error:
        if is_out_of_memory(error) or lacking_here(error) is not None or not _comes_to_its_end(plain):
            raise
        raise InstrumentError(describe(error)) from error


def _comes_to_its_end(call: Callable[[], object]) -> bool:
    try:
        call()
    except Exception:
        return False
    return True
