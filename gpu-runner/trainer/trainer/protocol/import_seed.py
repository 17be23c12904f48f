"""The seed in which a program is imported for a task."""

from __future__ import annotations

from trainer.protocol.seeds import seed_from


def import_seed(task: str, seed: int) -> int:
    """The same wherever the task's model is built, so that what a program draws at import is in its training, its
    evaluation and its checkpoint the same."""
    return seed_from("import", task, seed)
