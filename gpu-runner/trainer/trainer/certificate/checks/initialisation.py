"""What the program draws at import and in its constructor, it draws by the trainer's seed."""

from __future__ import annotations

import dataclasses
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from torch import nn

from trainer.certificate.cpu_limit import OverTimeError, cpu_limit
from trainer.certificate.finding import Finding, failed, passed, reported
from trainer.certificate.other_layers import PLACEMENTS
from trainer.certificate.program_globals import clear_caches, restored_globals
from trainer.certificate.subject import Subject
from trainer.initialisation.fixed_draws import fixed_draws
from trainer.initialisation.fixed_draws_message import fixed_draws_message
from trainer.initialisation.held_values import held_values
from trainer.initialisation.other_draws import other_draws
from trainer.initialisation.unseeded_draws import unseeded_draws
from trainer.initialisation.unseeded_draws_message import unseeded_draws_message
from trainer.initialisation.values import Values
from trainer.protocol.failure import JobFailure
from trainer.worker.program import MODULE_NAME, describe, raise_if_not_the_programs

TEST = "initialisation"
_SECONDS = 5.0

Load = Callable[[int], type[nn.Module]]


def check_initialisation(subject: Subject, load: Load) -> list[Finding]:
    """`load` imports the subject's program once more, with a seed: what is drawn at import is asked about too."""
    try:
        with cpu_limit(_SECONDS):
            return _looked_at(subject, _OnceMore(subject, load))
    except OverTimeError:
        message = f"whether draws depend on the trainer's seed could not be told within {_SECONDS:g} CPU-seconds"
        return [reported(TEST, 0.0, None, message)]


class _OnceMore:
    """Imports and constructs the program anew, and tells what it holds then."""

    def __init__(self, subject: Subject, load: Load) -> None:
        self._subject = subject
        self._load = load
        self._program = sys.modules[MODULE_NAME]
        self._once_only = False

    def built(self, placement: tuple[int, int], seed: int, draws: AbstractContextManager[None]) -> dict[str, Values]:
        with restored_globals(), _program_put_back(self._program), draws:
            mixer = self._imported(seed)
            clear_caches()  # what the first construction drew into them would be the same with every seed
            subject = dataclasses.replace(self._subject, mixer=mixer, placement=placement, seed=seed)
            return held_values(subject.construct())

    def _imported(self, seed: int) -> type[nn.Module]:
        if not self._once_only:
            try:
                return self._load(seed)
            except JobFailure as failure:
                if isinstance(failure.__cause__, OverTimeError):
                    raise failure.__cause__ from None
                self._once_only = True  # its constructor's draws are asked about nevertheless
        sys.modules[MODULE_NAME] = self._program
        return self._subject.mixer


def _looked_at(subject: Subject, once_more: _OnceMore) -> list[Finding]:
    untold = ""
    for placement in ((0, 1), *PLACEMENTS):
        where = "layer_idx={} n_layers={}".format(*placement)

        def build(seed: int = 0, placement: tuple[int, int] = placement) -> dict[str, Values]:
            return once_more.built(placement, seed, nullcontext())

        def build_otherwise(number: int, placement: tuple[int, int] = placement) -> dict[str, Values]:
            return once_more.built(placement, 0, other_draws(number))

        try:
            unseeded = unseeded_draws(build)
        except (Exception, SystemExit) as error:  # the tests of construction and of lengths report it
            raise_if_not_the_programs(error)
            continue
        if unseeded:
            size = float(sum(unseeded.values()))
            return [failed(TEST, "hard", size, 0.0, where, unseeded_draws_message(unseeded))]
        try:
            fixed = fixed_draws(build, build_otherwise)
        except (Exception, SystemExit) as error:
            raise_if_not_the_programs(error)
            untold = f"whether draws depend on the trainer's seed could not be told: {describe(error)}"
            continue
        if fixed:
            return [failed(TEST, "hard", float(sum(fixed.values())), 0.0, where, fixed_draws_message(fixed))]
    if untold:
        return [reported(TEST, 0.0, None, untold)]
    return [passed(TEST, "hard", 0.0, 0.0, "what is drawn depends on the trainer's seed, and on nothing else")]


@contextmanager
def _program_put_back(program: types.ModuleType) -> Iterator[None]:
    """The program that is imported in the body is not the one that later tests look at."""
    try:
        yield
    finally:
        sys.modules[MODULE_NAME] = program
