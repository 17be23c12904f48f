"""In which layers a program is another one than as the only layer."""

from __future__ import annotations

import dataclasses

from torch import nn

from trainer.certificate.built_alike import built_alike
from trainer.certificate.cpu_limit import OverTimeError, cpu_limit
from trainer.certificate.program_globals import global_state, restored_globals
from trainer.certificate.subject import Subject
from trainer.worker.program import raise_if_not_the_programs

PLACEMENTS = ((0, 2), (1, 2))
_SECONDS = 3.0

Built = tuple[nn.Module, dict[str, object]]


def other_layers(subject: Subject) -> list[Subject]:
    """The subject as first and as last of two layers, where it is built unlike the only one and unlike the others.

    A mixer knows its layer by what the constructors made of their arguments, and built alike it computes the same: its
    tests need no repetition. One whose constructor fails or does not end there is listed: the tests say so.
    """
    known = [_built(subject)]
    found = []
    for placement in PLACEMENTS:
        placed = dataclasses.replace(subject, placement=placement)
        built = _built(placed)
        if built is None or not any(built_alike(built, other) for other in known):
            found.append(placed)
            known.append(built)
    return found


def _built(subject: Subject) -> Built | None:
    """The module, and what the constructors of its model left in the program's globals."""
    try:
        with cpu_limit(_SECONDS), restored_globals():
            return subject.built(), global_state()
    except OverTimeError:
        return None
    except (Exception, SystemExit) as error:
        raise_if_not_the_programs(error)
        return None
