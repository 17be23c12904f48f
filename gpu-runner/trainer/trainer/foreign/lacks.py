"""The error of a program that needs what is not here."""

from __future__ import annotations


class AdapterLacksError(ModuleNotFoundError):
    """The program may be a good one, but it cannot be judged here: the verdict is `unsupported`, not `fail`.

    It is a ModuleNotFoundError because that is what the program would meet without the adapter.
    """
