"""What is meant to be trained is known to the optimiser."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from trainer.accounting.reached_objects import ReachedObjects
from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.kept_tensors import kept_tensors
from trainer.certificate.program_globals import clear_caches, restored_globals
from trainer.certificate.subject import Subject
from trainer.seed_everything import seed_everything
from trainer.worker.program import MODULE_NAME

TEST = "unregistered parameters"


def check_unregistered_parameters(subject: Subject) -> list[Finding]:
    """No tensor that asks for gradients is kept where torch does not look: it is never trained, and is no part of the
    weights. What another mixer has registered, which a closure or a global may lead to, is that one's; what a call
    makes and the next one does not keep is that call's."""
    clear_caches()
    with restored_globals(), torch.enable_grad():
        module = subject.built().train()
        x = subject.input(1, subject.length)
        leaves, registered = _leaves_after_a_call(subject, module, x)
        again, registered_again = _leaves_after_a_call(subject, module, x)
        known = {id(tensor) for tensor in (*registered, *registered_again)}
        stayed = {id(tensor) for tensor in leaves}
        kept = [tensor for tensor in again if isinstance(tensor, nn.Parameter) or id(tensor) in stayed]
        unknown = [tensor for tensor in kept if id(tensor) not in known]
        places = {id(tensor): place for place, tensor in kept_tensors(module)}
    if not unknown:
        return [passed(TEST, "soft", 0.0, 0.0, "all parameters are the module's")]
    named = dict.fromkeys(f"{places.get(id(p), 'an object')} (shape {list(p.shape)})" for p in unknown)
    message = (
        f"{len(unknown)} tensors ask for gradients, are not among module.parameters() and are never trained: "
        f"{', '.join([*named][:4])}. torch registers an nn.Parameter that is an attribute itself, no other tensor, and "
        "nothing in a list, dict or object: use nn.Parameter, nn.ModuleList, nn.ParameterList or nn.ModuleDict; what "
        "is to stay as it is drawn gets requires_grad_(False)."
    )
    return [failed(TEST, "soft", float(len(unknown)), 0.0, f"d_model={subject.d_model}", message)]


def _leaves_after_a_call(subject: Subject, module: nn.Module, x: Tensor) -> tuple[list[Tensor], list[Tensor]]:
    """Leaves that ask for gradients, and all parameters of mixers. Templates on the meta device have no numbers."""
    seed_everything(1)
    module(x.clone())
    found = [v for v in ReachedObjects(MODULE_NAME).walk([module]) if isinstance(v, (Tensor, subject.mixer))]
    registered = [p for mixer in found if isinstance(mixer, subject.mixer) for p in mixer.parameters()]
    tensors = [value for value in found if isinstance(value, Tensor)]
    return [t for t in tensors if t.requires_grad and t.is_leaf and not t.is_meta], registered
