"""The module is built, maps [B,T,d] to [B,T,d], and keeps its dtype."""

from __future__ import annotations

import torch

from trainer.accounting.parameters import count_parameters
from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.first_output import first_output
from trainer.certificate.subject import Subject
from trainer.worker.program import describe, raise_if_not_the_programs

TEST = "construct"


def check_construct(subject: Subject) -> list[Finding]:
    signature = "Mixer(d_model, n_heads, *, layer_idx=0, n_layers=1)"
    try:
        module = subject.construct()
    except (Exception, SystemExit) as error:
        raise_if_not_the_programs(error)
        # Of its own call only: what other constructors refuse is within it, and no memory is no question of arguments.
        own = (f"{subject.mixer.__init__.__qualname__}()", f"{subject.mixer.__name__}.__init__()")
        refused = isinstance(error, TypeError) and any(name in str(error) for name in own)
        advice = "; the constructor must accept exactly these arguments" if refused else ""
        message = f"{signature} raised {describe(error)}{advice}."
        return [failed(TEST, "hard", 1.0, 0.0, f"d_model={subject.d_model} n_heads={subject.n_heads}", message)]
    try:
        count_parameters(module)
    except (Exception, SystemExit) as error:
        message = (
            f"the parameters cannot be counted, {describe(error)}: create all of them in the constructor, with their "
            "shapes (no lazy modules), and leave the methods of nn.Module as they are."
        )
        return [failed(TEST, "hard", 1.0, 0.0, "parameters()", message)]
    x = subject.input(2, 64)
    try:
        with torch.no_grad():
            result = module(x)
        y = first_output(result)
    except (Exception, SystemExit) as error:
        raise_if_not_the_programs(error)
        message = f"forward raised {describe(error)} on an input of shape {tuple(x.shape)}."
        return [failed(TEST, "hard", 1.0, 0.0, "B=2 T=64", message)]
    if y.shape != x.shape or y.dtype != x.dtype:
        message = (
            f"forward returned {tuple(y.shape)} {y.dtype} for an input of {tuple(x.shape)} {x.dtype}; "
            "it must keep shape and dtype."
        )
        return [failed(TEST, "hard", 1.0, 0.0, "B=2 T=64", message)]
    if isinstance(result, tuple):
        extras = result[1] if len(result) == 2 else None
        aux = extras.get("aux") if isinstance(extras, dict) else None
        if not isinstance(extras, dict) or not (aux is None or (isinstance(aux, torch.Tensor) and aux.numel() == 1)):
            message = (
                'a second output must be a dict, {"aux": tensor with one element}; return y alone if there is no '
                "auxiliary loss."
            )
            return [failed(TEST, "hard", 1.0, 0.0, "B=2 T=64", message)]
    return [passed(TEST, "hard", 0.0, 0.0, "built and called")]
