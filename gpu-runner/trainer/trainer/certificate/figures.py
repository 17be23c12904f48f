"""Sizes and costs of a program, for its certificate."""

from __future__ import annotations

from collections.abc import Callable

from trainer.accounting.flops_per_token import flops_per_token
from trainer.accounting.parameters import count_parameters
from trainer.certificate.program_globals import restored_globals
from trainer.certificate.subject import Subject
from trainer.worker.program import is_out_of_memory


def sizes(subject: Subject | None) -> dict[str, object]:
    """Zeros and nothing for what was not measured, and for a program that cannot run."""
    return {
        "parameters": 0 if subject is None else subject.built_parameters,
        "stateSize": None,
        "flopsPerToken": 0.0,
        "flopExponent": 0.0,
    }


def measured_figures(subject: Subject) -> dict[str, object]:
    """Sizes and costs."""
    with restored_globals():
        figures = {**sizes(subject), "parameters": count_parameters(subject.built())}
    measures: dict[str, Callable[[], object]] = {
        "flopsPerToken": lambda: flops_per_token(subject.fresh(), subject.d_model),
        "stateSize": lambda: subject.state.size,
        "flopExponent": lambda: subject.scaling.exponent(lambda count: count.flops),
    }
    for name, measure in measures.items():
        try:
            with restored_globals():
                figures[name] = measure()
        except Exception as error:
            if is_out_of_memory(error):
                raise
    return figures
