"""A training goes on after its first step (hard), and every step uses parameters as the last one left them (soft)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.autograd.graph import Node

from trainer.accounting.reached_objects import ReachedObjects
from trainer.certificate.backward_graph import nodes_behind, parameters_behind
from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.kept_tensors import kept_tensors
from trainer.certificate.objective import objective
from trainer.certificate.program_globals import clear_caches, restored_globals
from trainer.certificate.subject import PAIR, CannotRunError, Subject
from trainer.model.adamw import AdamW
from trainer.seed_everything import seed_everything
from trainer.worker.program import MODULE_NAME, describe, is_out_of_memory, raise_if_not_the_programs

STEPS, STALE = "training steps", "stale values"
_STEPS = 3  # what the first call keeps the second may use, and only a third one go back through
_LEARNING_RATE = 1e-3


@dataclass
class _Steps:
    """What is known of the steps so far; `old` are nodes that a step has in common with the one before it: its graph
    was not made by its call. Views of parameters are none: torch makes their nodes anew once a parameter changes.
    `built` are nodes that the constructor left, `places` what held the old ones."""

    nodes: set[Node] = field(default_factory=set)
    old: set[Node] = field(default_factory=set)
    built: set[Node] = field(default_factory=set)
    places: list[str] = field(default_factory=list)
    number: int = 0


def check_training_steps(subject: Subject) -> list[Finding]:
    """Three steps with the trainer's optimiser on one module, as a training takes them."""
    clear_caches()
    steps, where = _Steps(), f"B={PAIR} T={subject.length}"
    with restored_globals(), torch.enable_grad():
        # All before the first call, which may change in what type torch makes new tensors.
        inputs = [subject.input(PAIR, subject.length, seed=number) for number in range(_STEPS)]
        module = subject.built().train()
        steps.built = _nodes_kept_by(module)
        optimiser = AdamW(module)
        try:
            for x in inputs:
                steps.number += 1
                _step(subject, module, optimiser, x, steps)
        except (Exception, SystemExit) as error:
            raise_if_not_the_programs(error)
            if is_out_of_memory(error):
                raise
            if steps.number == 1:
                raise CannotRunError("no step at all, which other tests report") from error
            return [failed(STEPS, "hard", 1.0, 0.0, where, f"{_told(error, steps)}: {_remedy(steps, module)}")]
    findings = [passed(STEPS, "hard", 0.0, 0.0, f"{_STEPS} steps on one module")]
    if not steps.old:
        return [*findings, passed(STALE, "soft", 0.0, 0.0, "every call computes anew what hangs on parameters")]
    message = f"what is computed once is not changed by training: {_remedy(steps, module)}"
    return [*findings, failed(STALE, "soft", float(len(steps.old)), 0.0, where, message)]


def _step(subject: Subject, module: nn.Module, optimiser: AdamW, x: Tensor, steps: _Steps) -> None:
    kept = [
        (place, tensor) for place, tensor in kept_tensors(module) if not (tensor.is_leaf or _is_view_of_leaf(tensor))
    ]
    seed_everything(steps.number)
    loss = objective(subject, module(x.requires_grad_() * 1.0))
    if not loss.requires_grad:
        return
    nodes = nodes_behind(loss)
    old = nodes & steps.nodes
    if old and not steps.old:
        steps.old, steps.places = old, [place for place, tensor in kept if tensor.grad_fn in nodes]
    steps.nodes = nodes
    loss.backward()
    norm = optimiser.gradient_norm()
    if not bool(loss.isfinite()) or not bool(norm.isfinite()):
        raise CannotRunError("no finite gradient, which another test reports")
    optimiser.step(_LEARNING_RATE, float(norm))


def _told(error: BaseException, steps: _Steps) -> str:
    if steps.old and "backward through the graph a second time" in str(error):
        return f"step {steps.number} of a training goes back through a graph that the step before has used up"
    return f"step {steps.number} of a training raised {describe(error)}"


def _is_view_of_leaf(tensor: Tensor) -> bool:
    return tensor._base is not None and tensor._base.is_leaf


def _nodes_kept_by(module: nn.Module) -> set[Node]:
    reached = ReachedObjects(MODULE_NAME).walk([module])
    return {value.grad_fn for value in reached if isinstance(value, Tensor) and value.grad_fn is not None}


def _remedy(steps: _Steps, module: nn.Module) -> str:
    if not steps.old:
        return "its first step did not; what a call keeps must not stand in the way of the next one."
    kept = _listed(steps.places) or "something (in an object, a closure or a cache)"
    parameters = _listed(parameters_behind(steps.old, module)) or "parameters"
    if steps.old & steps.built:
        return (
            f"the constructor computes {kept} from {parameters}, and every call uses the values from before the "
            "training. Compute it in forward; what is to stay as it is gets .detach()."
        )
    return (
        f"a call keeps {kept}, computed from {parameters}, and the next one uses it with its graph. Compute it in "
        "every call, or keep it with .detach()."
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join([*dict.fromkeys(names)][:4])
