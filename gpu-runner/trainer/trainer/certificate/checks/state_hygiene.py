"""A call in eval mode leaves nothing behind, in the module or in its input."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.subject import Subject, first_output

TEST = "state hygiene"
_INTERNAL = frozenset({"training", "_parameters", "_buffers", "_modules"})


def check_state_hygiene(subject: Subject) -> list[Finding]:
    """Compares buffers, plain attributes and parameters before and after, and a repeated call with the first."""
    module = subject.fresh().eval()
    x, other = subject.input(2, subject.length), subject.input(2, subject.length, seed=3)
    before, x_before = _state(module), x.clone()
    with torch.no_grad():
        torch.manual_seed(1)
        first = first_output(module(x)).clone()
        torch.manual_seed(1)
        module(other)
        torch.manual_seed(1)
        again = first_output(module(x_before.clone()))
    after = _state(module)
    changed = sorted(n for n in before.keys() | after.keys() if not _equal(before.get(n), after.get(n)))
    problems = [f"self.{name}" for name in changed]
    if not torch.equal(x, x_before):
        problems.append("its input")
    if not torch.equal(first, again):
        problems.append("the output of a later call on the same input")
    if not problems:
        return [passed(TEST, "soft", 0.0, 0.0, "a call leaves nothing behind")]
    message = (
        f"a call in eval mode changes {', '.join(problems[:5])}; compute what depends on the input inside forward, "
        "keep no cache, counter or running statistic, and do not write into x."
    )
    return [failed(TEST, "soft", float(len(problems)), 0.0, f"B=2 T={subject.length}", message)]


def _state(module: nn.Module) -> dict[str, object]:
    state: dict[str, object] = {}
    for path, part in module.named_modules():
        values = {**part._parameters, **part._buffers, **{k: v for k, v in vars(part).items() if k not in _INTERNAL}}
        for name, value in values.items():
            state[f"{path}.{name}".lstrip(".")] = _snapshot(value)
    return state


def _snapshot(value: object) -> object:
    if isinstance(value, Tensor):
        return value.detach().clone()
    if isinstance(value, (bool, int, float, str, type(None))):
        return value
    if isinstance(value, (list, tuple, set)):
        return [_snapshot(v) for v in value]
    if isinstance(value, dict):
        return {str(k): _snapshot(v) for k, v in value.items()}
    return id(value)


def _equal(a: object, b: object) -> bool:
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        return a.shape == b.shape and bool(torch.equal(a, b))
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(_equal(p, q) for p, q in zip(a, b, strict=True))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_equal(a[k], b[k]) for k in a)
    return type(a) is type(b) and not isinstance(a, Tensor) and a == b
