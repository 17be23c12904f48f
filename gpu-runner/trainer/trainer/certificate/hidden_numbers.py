"""Capacity that is no parameter: what a program keeps, and what it makes up in every call."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from torch import nn

from trainer.accounting.held_numbers import Holding, held_numbers
from trainer.accounting.memory import memory_address
from trainer.accounting.operations import OperationCount
from trainer.certificate.instrument import InstrumentError
from trainer.certificate.scaling import Scaling
from trainer.worker.program import MODULE_NAME, raise_if_not_the_programs

LIMIT = 100_000  # masks, positions and scales are below it


@dataclass(frozen=True)
class HiddenNumbers:
    """Numbers kept beside the parameters, the largest place first, and numbers made up in forward, in a call of any
    size."""

    held: list[Holding]
    generated: int

    @property
    def elements(self) -> int:
        return sum(holding.elements for holding in self.held) + self.generated

    @property
    def as_parameters(self) -> int:
        """What counts in a budget of parameters: nothing below the limit."""
        return self.elements if self.elements > LIMIT else 0


def held_beside_parameters(module: nn.Module, *model: nn.Module) -> list[Holding]:
    """What the module and the program's namespace lead to, without the parameters of the module and its model: a
    program may list its layers in a global."""
    own = {memory_address(parameter) for mixer in (module, *model) for parameter in mixer.parameters()}
    namespace = vars(sys.modules[MODULE_NAME]) if MODULE_NAME in sys.modules else {}
    return [held for held in held_numbers((module, namespace), MODULE_NAME) if held.address not in own]


def generated_at_any_size(count: Callable[[int, int], OperationCount], scaling: Scaling, rows: Sequence[int]) -> int:
    """Elements of constants that forward makes up whatever the length and the batch are; `rows` are two batch sizes.

    Masks and positions grow with the length, so a straight line through two lengths (and through two batch sizes)
    leaves nothing of them at zero; a table is still there, and it is there at a single token.
    """
    fewer, more = (count(1, size).constant_elements for size in rows)
    return max(
        _at_one_token(count),
        _at_zero(rows[0], fewer, rows[1], more),
        _at_zero(
            scaling.length,
            scaling.training.short.constant_elements,
            2 * scaling.length,
            scaling.training.long.constant_elements,
        ),
    )


def _at_one_token(count: Callable[[int, int], OperationCount]) -> int:
    try:
        return count(1, 1).constant_elements
    except InstrumentError:
        raise
    except Exception as error:  # batch normalisation, in training: nothing to count, and no table is behind it
        raise_if_not_the_programs(error)
        return 0


def _at_zero(first: int, at_first: int, second: int, at_second: int) -> int:
    """Value at zero of the line through two points."""
    return round(at_first - (at_second - at_first) / (second - first) * first)
