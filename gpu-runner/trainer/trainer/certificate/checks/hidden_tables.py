"""Capacity is in parameters, not in large constants."""

from __future__ import annotations

from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.hidden_numbers import LIMIT
from trainer.certificate.subject import Subject

TEST = "hidden tables"


def check_hidden_tables(subject: Subject) -> list[Finding]:
    """Numbers in buffers, attributes, objects, closures and globals, after a call, and constants that forward makes."""
    hidden = subject.hidden
    total, generated = hidden.elements, hidden.generated
    if total <= LIMIT:
        return [passed(TEST, "soft", total, LIMIT, f"{total} elements of constants")]
    kept = total - generated
    where = []
    if kept:
        where.append(f"{kept} elements beside the parameters, the largest in {hidden.held[0].what}")
    if generated:
        where.append(f"{generated} made up in every call, whatever its size")
    message = (
        f"{'; '.join(where)} (limit {LIMIT}): a table that is not trained, kept or drawn anew from a seed, is capacity "
        "nevertheless, and counts in the parameter budget. Make it a parameter, or compute constants of the size that "
        "the length and the chunk need."
    )
    return [
        failed(TEST, "soft", total, LIMIT, "B=1 T=1" if generated > kept else f"d_model={subject.d_model}", message)
    ]
