"""What the constructor draws, it draws by the trainer's seed."""

from __future__ import annotations

import dataclasses
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from torch import nn

from trainer.certificate.cpu_limit import OverTimeError, cpu_limit
from trainer.certificate.finding import Finding, failed, passed, reported
from trainer.certificate.other_layers import PLACEMENTS
from trainer.certificate.program_globals import clear_caches, restored_globals
from trainer.certificate.subject import Subject
from trainer.initialisation.fixed_draws import fixed_draws
from trainer.initialisation.fixed_draws_message import fixed_draws_message
from trainer.initialisation.other_draws import other_draws
from trainer.initialisation.unseeded_draws import unseeded_draws
from trainer.initialisation.unseeded_draws_message import unseeded_draws_message
from trainer.protocol.failure import JobFailure
from trainer.worker.program import MODULE_NAME, describe, raise_if_not_the_programs

TEST = "initialisation"
_SECONDS = 5.0


def check_initialisation(subject: Subject, load: Callable[[], type[nn.Module]]) -> list[Finding]:
    """`load` imports the subject's program once more: what is drawn at import is asked about too."""
    try:
        with cpu_limit(_SECONDS):
            return _looked_at(subject, load)
    except OverTimeError:
        message = f"whether draws depend on the trainer's seed could not be told within {_SECONDS:g} CPU-seconds"
        return [reported(TEST, 0.0, None, message)]


def _looked_at(subject: Subject, load: Callable[[], type[nn.Module]]) -> list[Finding]:
    untold = ""
    for placement in ((0, 1), *PLACEMENTS):
        placed = dataclasses.replace(subject, placement=placement)
        where = "layer_idx={} n_layers={}".format(*placement)

        def build(seed: int = 0, placed: Subject = placed) -> nn.Module:
            return _built(placed, seed)

        try:
            unseeded = unseeded_draws(build)
        except (Exception, SystemExit) as error:  # the tests of construction and of lengths report it
            raise_if_not_the_programs(error)
            continue
        if unseeded:
            size = float(sum(unseeded.values()))
            return [failed(TEST, "hard", size, 0.0, where, unseeded_draws_message(unseeded))]
        try:
            fixed = fixed_draws(build, _otherwise(placed, load))
        except (Exception, SystemExit) as error:
            raise_if_not_the_programs(error)
            untold = f"whether draws depend on the trainer's seed could not be told: {describe(error)}"
            continue
        if fixed:
            return [failed(TEST, "hard", float(sum(fixed.values())), 0.0, where, fixed_draws_message(fixed))]
    if untold:
        return [reported(TEST, 0.0, None, untold)]
    return [passed(TEST, "hard", 0.0, 0.0, "what is drawn depends on the trainer's seed, and on nothing else")]


def _built(subject: Subject, seed: int) -> nn.Module:
    with restored_globals():
        clear_caches()  # what the first construction drew into them would be the same with every seed
        return dataclasses.replace(subject, seed=seed).construct()


def _otherwise(subject: Subject, load: Callable[[], type[nn.Module]]) -> Callable[[int], nn.Module]:
    def imported() -> type[nn.Module]:
        try:
            return load()
        except JobFailure:  # it can be imported once only; its constructor's draws are asked about nevertheless
            sys.modules[MODULE_NAME] = program
            return subject.mixer

    program = sys.modules[MODULE_NAME]

    def built(number: int) -> nn.Module:
        with restored_globals(), _program_put_back(program), other_draws(number):
            clear_caches()
            return dataclasses.replace(subject, mixer=imported(), seed=0).construct()

    return built


@contextmanager
def _program_put_back(program: types.ModuleType) -> Iterator[None]:
    """The program that is imported in the body is not the one that later tests look at."""
    try:
        yield
    finally:
        sys.modules[MODULE_NAME] = program
