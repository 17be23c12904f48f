"""A call in eval mode leaves nothing behind, in the module, around it or in its input."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.utils.spectral_norm import SpectralNorm
from torch.nn.utils.weight_norm import WeightNorm

from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.first_output import first_output
from trainer.certificate.program_globals import copied, global_state, restored_globals, same
from trainer.certificate.shrink import shortest_length
from trainer.certificate.subject import Subject
from trainer.seed_everything import seed_everything

TEST = "state hygiene"
_INTERNAL = frozenset({"training", "_parameters", "_buffers", "_modules"})


def check_state_hygiene(subject: Subject) -> list[Finding]:
    """Compares buffers, attributes, parameters and the program's globals before and after, and a repeated call with
    the first. A call in eval mode may change none; a counter that training alone advances is reported apart, but what
    it leaves outside the module reaches other models."""
    problems = left_behind(subject, subject.length)
    if not problems and subject.remembers:
        message = (
            "equal calls differ, seeded alike, or a call in training mode changes what another copy of the module "
            "gives later: keep counters in buffers and nothing in closures, files or other modules, and draw noise "
            "from torch's own generator, not from one without a seed (numpy.random.default_rng(), secrets, the clock)."
        )
        return [failed(TEST, "soft", 1.0, 0.0, f"B=2 T={subject.length}, training mode", message)]
    if not problems:
        return [passed(TEST, "soft", 0.0, 0.0, "a call leaves nothing behind")]
    smallest = shortest_length(lambda t: bool(left_behind(subject, t)), subject.length)
    message = (
        f"a call in eval mode changes {', '.join(problems[:5])}; compute what depends on the input inside forward, "
        "keep no cache, counter or running statistic, and do not write into x."
    )
    return [failed(TEST, "soft", float(len(problems)), 0.0, f"B=2 T={smallest}", message)]


def left_behind(subject: Subject, length: int) -> list[str]:
    """What a call in eval mode changes that it may not."""
    module = subject.fresh().eval()
    x, other = subject.input(2, length), subject.input(2, length, seed=3)
    x_before = x.clone()
    with torch.no_grad(), restored_globals():
        before = module_state(module)
        seed_everything(1)
        first = first_output(module(x)).clone()
        seed_everything(1)
        module(other)
        seed_everything(1)
        again = first_output(module(x_before.clone()))
        changed = changed_names(before, module_state(module))
    if not torch.equal(x, x_before):
        changed.append("its input")
    # NaN differs from itself, which is the business of the test of lengths.
    if not torch.equal(first.nan_to_num(), again.nan_to_num()):
        changed.append("the output of a later call on the same input")
    return changed


def module_state(module: nn.Module) -> dict[str, object]:
    """Copies of everything that a call could change and a later one could see: parameters, buffers, attributes, globals
    of the program."""
    state = global_state()
    for path, part in module.named_modules():
        internal = _INTERNAL | _made_anew(part)
        values = {**part._parameters, **part._buffers, **{k: v for k, v in vars(part).items() if k not in internal}}
        for name, value in values.items():
            state["self." + f"{path}.{name}".lstrip(".")] = copied(value)
    return state


def _made_anew(part: nn.Module) -> set[str]:
    """Attributes that torch's older weight_norm and spectral_norm compute from parameters before every call."""
    return {hook.name for hook in part._forward_pre_hooks.values() if isinstance(hook, (WeightNorm, SpectralNorm))}


def changed_names(before: dict[str, object], after: dict[str, object]) -> list[str]:
    """What was added, removed or changed."""
    missing = object()
    return sorted(n for n in before.keys() | after.keys() if not same(before.get(n, missing), after.get(n, missing)))
