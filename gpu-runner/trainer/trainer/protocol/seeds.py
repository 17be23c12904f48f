"""Independent random streams, named by words instead of by arithmetic on seeds."""

from __future__ import annotations

import hashlib


def seed_from(*names: str | int) -> int:
    """A 63-bit seed that depends on all names, the same on every machine.

    Two streams with different names are independent for every practical purpose, so that (for instance) the order of
    the data does not change when a program draws more numbers for its initialisation.
    """
    text = "\x1f".join(str(name) for name in names)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little") >> 1
