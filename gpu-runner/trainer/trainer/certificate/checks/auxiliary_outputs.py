"""What forward returns beside y. Reported: an auxiliary loss may depend on the whole sequence without being a leak."""

from __future__ import annotations

import torch

from trainer.certificate.finding import Finding, reported
from trainer.certificate.program_globals import restored_globals
from trainer.certificate.subject import Subject
from trainer.seed_everything import seed_everything

TEST = "auxiliary outputs"
CAP_NATS = 0.1


def check_auxiliary_outputs(subject: Subject) -> list[Finding]:
    """No finding when y is all there is."""
    with restored_globals():
        seed_everything(1)
        result = subject.fresh().train()(subject.input(2, subject.length))
    if not isinstance(result, tuple) or len(result) < 2 or not isinstance(result[1], dict):
        return []
    extras = result[1]
    aux = extras.get("aux")
    value = 0.0 if aux is None else float(torch.as_tensor(aux).detach())
    trained = isinstance(aux, torch.Tensor) and aux.requires_grad
    ignored = sorted(str(key) for key in extras if key not in ("aux", "state"))
    message = f'"aux" is {value:.3g} nats; the trainer adds at most {CAP_NATS:g}'
    message += "" if trained else ", and this one has no gradient, so it changes nothing"
    message += f"; ignored: {', '.join(ignored)}." if ignored else "."
    return [reported(TEST, value, CAP_NATS, message)]
