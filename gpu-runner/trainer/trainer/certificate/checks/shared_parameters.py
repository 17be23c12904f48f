"""Parameters that a program keeps outside its modules, so that all that are made of it train the same ones."""

from __future__ import annotations

from torch import nn

from trainer.accounting.memory import memory_address
from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.subject import Subject

TEST = "shared parameters"


def check_shared_parameters(subject: Subject) -> list[Finding]:
    """Makes two modules: a parameter of one is none of the other's. Buffers may be shared, as tables are."""
    first, second = subject.construct(), subject.construct()
    held = {address for _, address in _addresses(first)}
    shared = [name for name, address in _addresses(second) if address in held]
    if not shared:
        return [passed(TEST, "soft", 0.0, 0.0, "two modules have no parameter in common.")]
    message = (
        f"a second module has {', '.join(f'self.{name}' for name in shared[:3])} ({len(shared)} in all) from the first "
        "one: the program keeps parameters in a global, a class or a default argument. All layers of a model train the "
        "same ones (from task to task nothing is carried: the program is imported anew). Make them in __init__, unless "
        "that is what is meant."
    )
    return [failed(TEST, "soft", float(len(shared)), 0.0, "construct", message)]


def _addresses(module: nn.Module) -> list[tuple[str, int]]:
    return [(name, memory_address(p)) for name, p in module.named_parameters() if p.numel() > 0]
