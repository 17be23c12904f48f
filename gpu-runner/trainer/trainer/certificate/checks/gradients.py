"""Training can start: gradients are finite (hard) and reach every parameter (soft)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.subject import Subject, first_output

FINITE, FLOW = "finite gradients", "gradient flow"


def check_gradients(subject: Subject) -> list[Finding]:
    """Loss = <y, R> + aux in training mode, on random and on repeated tokens, at the program's own initialisation
    (where training starts) and at the perturbed one (where a gate initialised to zero passes gradient)."""
    length = subject.length
    random = subject.input(2, length)
    repeated = random[:, torch.arange(2 * length) % 3]  # equal keys: the hard case of a triangular solve
    broken: dict[str, str] = {}
    reached: set[str] = set()
    for start, make in (("initial", subject.construct), ("perturbed", subject.fresh)):
        for kind, x in (("random", random), ("repeated", repeated)):
            module = make().train()
            for name, gradient in _gradients(subject, module, x).items():
                if gradient is not None and not bool(gradient.isfinite().all()):
                    broken.setdefault(name, f"{kind} tokens, {start} parameters, T={x.shape[1]}")
                elif gradient is not None and bool(gradient.any()):
                    reached.add(name)
    names = [name for name, p in subject.fresh().named_parameters() if p.requires_grad]
    dead = [name for name in names if name not in reached and name not in broken]
    return [_finite(broken), _flow(dead, len(names), length)]


def _gradients(subject: Subject, module: nn.Module, x: Tensor) -> dict[str, Tensor | None]:
    x = x.clone().requires_grad_()
    torch.manual_seed(1)
    result = module(x * 1.0)
    y = first_output(result)
    loss = (y * subject.input(*y.shape[:2], seed=9)).sum()
    if isinstance(result, tuple) and len(result) > 1 and isinstance(result[1], dict):
        loss = loss + result[1].get("aux", 0.0)
    if loss.requires_grad:
        loss.backward()
    return {"the input": x.grad, **{name: p.grad for name, p in module.named_parameters()}}


def _finite(broken: dict[str, str]) -> Finding:
    if not broken:
        return passed(FINITE, "hard", 0.0, 0.0, "all gradients are finite")
    name, where = next(iter(broken.items()))
    message = (
        f"the gradient of {name} is NaN or infinite ({where}; {len(broken)} tensors in all). Mask with -inf before "
        "exp, never 0 * inf after it; put eps inside sqrt, rsqrt, log and divisions; use a triangular solve, not a "
        "Neumann series."
    )
    return failed(FINITE, "hard", float(len(broken)), 0.0, f"B=2 {where}", message)


def _flow(dead: list[str], total: int, length: int) -> Finding:
    if not dead:
        return passed(FLOW, "soft", 0.0, 0.0, f"gradient reaches all {total} parameter tensors")
    message = (
        f"{len(dead)} of {total} parameter tensors get no gradient: {', '.join(dead[:6])}; use them in forward, avoid "
        "detach, argmax and rounding on their path, or remove them."
    )
    return failed(FLOW, "soft", float(len(dead)), 0.0, f"B=2 T={length}", message)
