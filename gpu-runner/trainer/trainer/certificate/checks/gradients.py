"""Training can start: gradients are finite (hard) and reach every parameter (soft)."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.objective import objective
from trainer.certificate.program_globals import restored_globals
from trainer.certificate.shrink import shortest_length
from trainer.certificate.subject import Subject
from trainer.seed_everything import seed_everything

FINITE, FLOW = "finite gradients", "gradient flow"
_CALLS_BEFORE = 5  # a schedule that begins at nothing has moved by then


def check_gradients(subject: Subject) -> list[Finding]:
    """Loss = <y, R> + aux in training mode, on random and on repeated tokens, at the program's own initialisation
    (where training starts) and at the perturbed one (where a gate initialised to zero passes gradient)."""
    length = subject.length
    broken: dict[str, str] = {}
    ratios: dict[str, float] = {}
    for where, x, module in _trials(subject, length):
        found = _gradients_as_they_are(subject, module, x)
        sparse = [name for name, gradient in found.items() if gradient is not None and gradient.layout != torch.strided]
        if sparse:
            return [_refused(sparse, length)]
        for name, gradient in found.items():
            if gradient is None:
                continue
            if not bool(gradient.isfinite().all()):
                broken.setdefault(name, where)
                continue
            parameter = dict(module.named_parameters()).get(name)
            size = 1.0 if parameter is None else float(parameter.detach().norm())
            ratios[name] = max(ratios.get(name, 0.0), float(gradient.norm()) / max(size, 1e-30))
    named = {name: p for name, p in subject.fresh().named_parameters() if p.requires_grad}
    reached = {name: ratio for name, ratio in ratios.items() if ratio > 0 and name in named}
    dead = [name for name in named if name not in reached and name not in broken]
    opened = _opened_later(subject, dead) if dead else []
    dead = [name for name in dead if name not in opened]
    return [_finite(subject, broken), _flow(dead, opened, reached, len(named), length)]


def _opened_later(subject: Subject, names: list[str]) -> list[str]:
    """Parameters that get a gradient once the module has been called in training mode: a step counter fades them in."""
    module, x = subject.fresh().train(), subject.input(2, subject.length)
    for _ in range(_CALLS_BEFORE):
        module.zero_grad()
        gradients = gradients_of(subject, module, x)
    return [name for name in names if gradients[name] is not None and bool(gradients[name].any())]


def _trials(subject: Subject, length: int) -> Iterator[tuple[str, Tensor, nn.Module]]:
    random = subject.input(2, length)
    repeated = random[:, torch.arange(2 * length) % 3]  # equal keys: the hard case of a triangular solve
    for start, make in (("initial", subject.with_parameters("initial").fresh), ("perturbed", subject.fresh)):
        for kind, x in (("random", random), ("repeated", repeated)):
            yield f"{kind} tokens, {start} parameters", x, make().train()


def gradients_of(subject: Subject, module: nn.Module, x: Tensor) -> dict[str, Tensor | None]:
    """Gradients of the input and of all parameters, by name; sparse ones, which `check_gradients` refuses, as dense
    ones, so that no other test stumbles over them."""
    found = _gradients_as_they_are(subject, module, x)
    return {name: None if gradient is None else gradient.to_dense() for name, gradient in found.items()}


def _gradients_as_they_are(subject: Subject, module: nn.Module, x: Tensor) -> dict[str, Tensor | None]:
    x = x.clone().requires_grad_()
    subject.last_input = f"B={x.shape[0]} T={x.shape[1]}"
    with restored_globals():
        seed_everything(1)
        loss = objective(subject, module(x * 1.0))
        if loss.requires_grad:
            loss.backward()
    return {"the input": x.grad, **{name: p.grad for name, p in module.named_parameters()}}


def _refused(sparse: list[str], length: int) -> Finding:
    message = (
        f"the gradient of {', '.join(sparse[:4])} is a sparse tensor; pass sparse=False (nn.Embedding, "
        "nn.EmbeddingBag, F.embedding): the trainer's optimiser takes dense gradients."
    )
    return failed(FINITE, "hard", float(len(sparse)), 0.0, f"B=2 T={length}", message)


def _finite(subject: Subject, broken: dict[str, str]) -> Finding:
    if not broken:
        return passed(FINITE, "hard", 0.0, 0.0, "all gradients are finite")
    name, where = next(iter(broken.items()))

    def fails(length: int) -> bool:
        (trial,) = [(x, module) for label, x, module in _trials(subject, length) if label == where]
        return any(
            g is not None and not bool(g.isfinite().all()) for g in gradients_of(subject, trial[1], trial[0]).values()
        )

    smallest = shortest_length(fails, subject.length)
    tokens = 2 * smallest if where.startswith("repeated") else smallest
    message = (
        f"the gradient of {name} is NaN or infinite ({where}; {len(broken)} tensors in all). Mask with -inf before "
        "exp, never 0 * inf after it; put eps inside sqrt, rsqrt, log and divisions; use a triangular solve, not a "
        "Neumann series."
    )
    return failed(FINITE, "hard", float(len(broken)), 0.0, f"B=2 T={tokens}, {where}", message)


def _flow(dead: list[str], opened: list[str], reached: dict[str, float], total: int, length: int) -> Finding:
    if not dead and opened:
        note = f"gradient reaches {', '.join(opened[:6])} only after the first calls in training mode: a schedule"
        return passed(FLOW, "soft", 0.0, 0.0, note)
    if not dead:
        weakest = min(reached, key=lambda name: reached[name], default="")
        note = f"; weakest {weakest} with gradient / weight {reached[weakest]:.2g}" if weakest else ""
        return passed(FLOW, "soft", 0.0, 0.0, f"gradient reaches all {total} parameter tensors{note}")
    message = (
        f"{len(dead)} of {total} parameter tensors get no gradient: {', '.join(dead[:6])}; use them in forward, avoid "
        "detach, argmax and rounding on their path, or remove them."
    )
    return failed(FLOW, "soft", float(len(dead)), 0.0, f"B=2 T={length}", message)
