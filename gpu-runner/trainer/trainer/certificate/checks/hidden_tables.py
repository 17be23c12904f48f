"""Capacity is in parameters, not in large constants."""

from __future__ import annotations

from trainer.accounting.parameters import HIDDEN_TABLE_ELEMENTS, held_tensors
from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.program_globals import global_tensors
from trainer.certificate.subject import Subject

TEST = "hidden tables"


def check_hidden_tables(subject: Subject) -> list[Finding]:
    """Buffers, tensor attributes and tensors in the program's globals, after construction."""
    module = subject.construct()
    tensors = {t.untyped_storage().data_ptr(): t for t in (*held_tensors(module), *global_tensors())}
    own = {p.untyped_storage().data_ptr() for p in module.parameters()}
    sizes = sorted(((t.numel(), list(t.shape)) for pointer, t in tensors.items() if pointer not in own), reverse=True)
    total = sum(size for size, _ in sizes)
    if total <= HIDDEN_TABLE_ELEMENTS:
        return [passed(TEST, "soft", total, HIDDEN_TABLE_ELEMENTS, f"{total} elements of constants")]
    message = (
        f"{total} elements in buffers, attributes and globals, the largest of shape {sizes[0][1]} (limit "
        f"{HIDDEN_TABLE_ELEMENTS}): a table that is not trained is capacity nevertheless, and counts in the parameter "
        "budget. Compute constants in forward, or make it a parameter."
    )
    return [failed(TEST, "soft", total, HIDDEN_TABLE_ELEMENTS, f"d_model={subject.d_model}", message)]
