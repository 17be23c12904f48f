"""Parameters against DeltaNet's at the same size: the search must not buy loss with parameters."""

from __future__ import annotations

from trainer.accounting.parameters import count_parameters
from trainer.certificate.finding import Finding, failed, passed, reported
from trainer.certificate.subject import Subject

TEST = "parameter budget"


def check_parameter_budget(subject: Subject) -> list[Finding]:
    """Large tables count too. A verdict only where the campaign sets a budget. Of several layers the mean counts: one
    may have what another one saves."""
    layers = subject.placement[1]
    parameters = round(sum(map(count_parameters, subject.stack())) / layers)
    tables = round(subject.hidden.as_parameters / layers)
    ratio = (parameters + tables) / subject.reference_parameters
    of_each = " a layer" if layers > 1 else ""
    counted = f"{parameters} parameters{of_each}" + (f" and {tables} elements of tables" if tables else "")
    text = f"{counted}, {ratio:.3f} times DeltaNet's {subject.reference_parameters}"
    budget = subject.parameter_budget
    if budget is None:
        return [reported(TEST, ratio, None, f"{text} (no budget set).")]
    if ratio <= budget:
        return [passed(TEST, "hard", ratio, budget, text)]
    excess = parameters + tables - int(budget * subject.reference_parameters)
    message = f"{text}, above the budget of {budget:g}; remove {excess}: narrow a projection or make it low rank."
    return [failed(TEST, "hard", ratio, budget, f"d_model={subject.d_model}", message)]
