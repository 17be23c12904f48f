"""How arrays in a `weights` frame are named."""

from __future__ import annotations

import re

PARAMETER = "parameter/"
BUFFER = "buffer/"

_MIXER = re.compile(r"blocks\.\d+\.mixer\.")


def is_mixer_weight(name: str) -> bool:
    """Whether an array belongs to a candidate's mixer, not to the trainer's own layers."""
    return _MIXER.match(name.removeprefix(PARAMETER).removeprefix(BUFFER)) is not None
