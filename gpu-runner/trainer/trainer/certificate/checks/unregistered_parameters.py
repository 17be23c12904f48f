"""What is meant to be trained is known to the optimiser."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import torch
from torch import nn

from trainer.accounting.reached_objects import ReachedObjects
from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.program_globals import clear_caches, restored_globals
from trainer.certificate.subject import Subject
from trainer.seed_everything import seed_everything
from trainer.worker.program import MODULE_NAME

TEST = "unregistered parameters"
_REGISTRIES = ("_parameters", "_modules", "_buffers")
_DEPTH = 4  # of lists in lists, for the message


def check_unregistered_parameters(subject: Subject) -> list[Finding]:
    """No parameter that asks for gradients is kept where torch does not look: it is never trained, and is no part of
    the weights. What another mixer has registered, which a closure or a global may lead to, is that one's."""
    clear_caches()
    with restored_globals(), torch.enable_grad():
        module = subject.construct().train()
        seed_everything(1)
        module(subject.input(1, subject.length))
        reached = ReachedObjects(MODULE_NAME).walk([module])
        found = [value for value in reached if isinstance(value, (nn.Parameter, subject.mixer))]
        mixers = [value for value in found if isinstance(value, subject.mixer)]
        known = {id(parameter) for mixer in mixers for parameter in mixer.parameters()}
        unknown = [p for p in found if isinstance(p, nn.Parameter) and p.requires_grad and id(p) not in known]
        places = dict(_places(module))
    if not unknown:
        return [passed(TEST, "soft", 0.0, 0.0, "all parameters are the module's")]
    named = dict.fromkeys(f"{places.get(id(p), 'an object')} (shape {list(p.shape)})" for p in unknown)
    message = (
        f"{len(unknown)} parameters are not among module.parameters() and are never trained: "
        f"{', '.join([*named][:4])}. torch registers what is an attribute itself, and nothing in a list, dict or "
        "object: use nn.ModuleList, nn.ParameterList or nn.ModuleDict; what is to stay as it is drawn gets "
        "requires_grad_(False)."
    )
    return [failed(TEST, "soft", float(len(unknown)), 0.0, f"d_model={subject.d_model}", message)]


def _places(module: nn.Module) -> Iterator[tuple[int, str]]:
    """Identity and place of what plain containers in attributes and globals hold."""
    for name, value in vars(sys.modules[MODULE_NAME]).items() if MODULE_NAME in sys.modules else ():
        yield from ((id(parameter), f"the global {name}") for parameter in _parameters_in(value, _DEPTH))
    for name, part in module.named_modules():
        for key, value in vars(part).items():
            if key not in _REGISTRIES:
                place = ".".join(filter(None, ("self", name, key)))
                yield from ((id(parameter), place) for parameter in _parameters_in(value, _DEPTH))


def _parameters_in(value: object, depth: int) -> Iterator[nn.Parameter]:
    if isinstance(value, nn.Parameter):
        yield value
    elif isinstance(value, nn.Module):
        yield from value.parameters()
    elif isinstance(value, (list, tuple, set, dict)) and depth > 0:
        for item in list(value.values()) if isinstance(value, dict) else value:
            yield from _parameters_in(item, depth - 1)
