"""The parameters do not grow with the length of what the module is fed."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from trainer.accounting.parameters import count_parameters
from trainer.certificate.checks.gradients import gradients_of
from trainer.certificate.checks.lag_filters import is_lag_filter
from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.program_globals import restored_globals
from trainer.certificate.subject import Subject
from trainer.seed_everything import seed_everything

TEST = "parameter growth"


def check_parameter_growth(subject: Subject) -> list[Finding]:
    """A call creates no parameters, which no optimiser would train, and puts none in another's place; and no parameter
    is a table of positions, of which a sequence of T tokens uses the first T rows. (Tensors that calls leave behind are
    the test of state hygiene's.) A long filter is none: of its taps, too, a sequence uses as many as it has tokens, but
    by distance."""
    where = f"B=1 T={subject.length}"
    module = subject.fresh().train()
    before = count_parameters(module)
    lost, made = _exchanged(subject, module)
    after = count_parameters(module)
    if before != after:
        message = f"a call changes the number of parameters from {before} to {after}; create all of them in __init__."
        return [failed(TEST, "hard", float(after - before), 0.0, where, message)]
    if lost or made:
        message = (
            f"a call in training puts another parameter in the place of {', '.join([*lost, *made][:4])}: the optimiser "
            "goes on with the one from __init__, which the program no longer uses, and the new one is never trained. "
            "Create parameters in __init__ only; to change one, write into it (with torch.no_grad(): "
            "self.weight.copy_(...)), or compute what is used from it in every call."
        )
        return [failed(TEST, "hard", float(max(len(lost), len(made))), 0.0, where, message)]
    tables = [
        name
        for name, (dimension, from_end) in _position_tables(subject, subject.length, subject.long_length)
        if not is_lag_filter(subject, name, dimension, from_end=from_end)
    ]
    if tables:
        message = (
            f"of {', '.join(tables[:4])} a sequence of T tokens uses T rows: a table of positions, which ends at its "
            "largest length and is trained only as far as training reaches. Use a recurrence, a rotation or a decay."
        )
        return [failed(TEST, "hard", float(len(tables)), 0.0, where, message)]
    return [passed(TEST, "hard", 0.0, 0.0, f"{before} parameters, the same at every length")]


def _exchanged(subject: Subject, module: nn.Module) -> tuple[list[str], list[str]]:
    """Names of the parameters that are no longer there after two calls in training, and of those that are new. An
    object that is registered anew, or by another name too, is the one that the optimiser knows."""
    before = _by_name(module)
    for x in (subject.input(1, subject.length), subject.input(1, subject.length)):  # it may write into its input
        with restored_globals(), torch.enable_grad():
            seed_everything(1)
            module(x)
    after = _by_name(module)
    kept = {id(parameter) for parameter in before.values()} & {id(parameter) for parameter in after.values()}
    lost = [name for name, parameter in before.items() if id(parameter) not in kept]
    return lost, [name for name, parameter in after.items() if id(parameter) not in kept and name not in lost]


def _by_name(module: nn.Module) -> dict[str, nn.Parameter]:
    return dict(module.named_parameters(remove_duplicate=False))


# The dimension of a parameter of which T tokens use T slices, and whether they are the last ones.
Used = tuple[int, bool]


def _position_tables(subject: Subject, *lengths: int) -> list[tuple[str, Used]]:
    """Parameters of which a sequence of T tokens reaches exactly T slices of one dimension, for every length."""
    found: dict[str, Used] | None = None
    for length in lengths:
        gradients = gradients_of(subject, subject.fresh().train(), subject.input(1, length))
        uses = {name: _used(g, length) for name, g in gradients.items() if name != "the input" and g is not None}
        known = {name: used for name, used in uses.items() if used is not None}
        found = known if found is None else {name: used for name, used in known.items() if name in found}
    return sorted((found or {}).items())


def _used(gradient: Tensor, length: int) -> Used | None:
    for dimension, size in enumerate(gradient.shape):
        if size > length:
            others = [d for d in range(gradient.dim()) if d != dimension]
            used = gradient.abs().amax(others) > 0 if others else gradient != 0
            if int(used.sum()) == length and (bool(used[:length].all()) or bool(used[-length:].all())):
                return dimension, not bool(used[:length].all())
    return None
