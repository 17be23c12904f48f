"""The program leaves torch's own settings alone while it is imported and built."""

from __future__ import annotations

from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.subject import Subject
from trainer.torch_settings import restored_torch_settings
from trainer.worker.program import settings_changed_by_import

TEST = "torch settings"


def check_torch_settings(subject: Subject) -> list[Finding]:
    """They are put back after both, so what the program wanted of them it does not get either. What a call changes is
    the business of state hygiene."""
    changed, where = settings_changed_by_import(), "import"
    if not changed:
        with restored_torch_settings() as changed:
            subject.mixer(subject.d_model, subject.n_heads, layer_idx=0, n_layers=1)
        where = f"d_model={subject.d_model} n_heads={subject.n_heads}"
    if not changed:
        return [passed(TEST, "soft", 0.0, 0.0, "the import and the constructor leave them as they are")]
    subject_of_change = "importing the program" if where == "import" else "its constructor"
    message = (
        f"{subject_of_change} changes {', '.join(changed)}, which would hold for the embedding, the MLPs and the head "
        "of the model too; it is undone, so the program is built and trained without it. Remove it, and say where a "
        "tensor is made which dtype or device it has (dtype=..., device=...)."
    )
    return [failed(TEST, "soft", float(len(changed)), 0.0, where, message)]
