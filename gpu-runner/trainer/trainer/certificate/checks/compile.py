"""torch.compile takes the program as one graph (`--full` only: importing the compiler is slow)."""

from __future__ import annotations

import torch

from trainer.certificate.finding import Finding, failed, passed
from trainer.certificate.first_output import first_output
from trainer.certificate.program_globals import restored_globals
from trainer.certificate.subject import Subject
from trainer.seed_everything import seed_everything
from trainer.worker.program import describe, is_out_of_memory

TEST = "compile"


def check_compile(subject: Subject) -> list[Finding]:
    """Breaks of the graph are listed; without any, forward and backward are traced ahead of time (no code is made)."""
    import torch._dynamo as dynamo

    x = subject.input(2, subject.length)
    where = f"B=2 T={subject.length}"
    subject.last_input = where
    with restored_globals():
        try:
            dynamo.reset()
            seed_everything(1)
            explained = dynamo.explain(subject.fresh().train())(x)
            breaks = [" ".join(str(reason.reason).split())[:160] for reason in explained.break_reasons]
            if breaks:
                message = (
                    f"{len(breaks)} breaks of the graph, the first: {breaks[0]}. Avoid .item(), float(tensor), "
                    "branches on values and Python objects in forward; each break costs a launch and a copy."
                )
                return [failed(TEST, "soft", float(len(breaks)), 0.0, where, message)]
            dynamo.reset()
            module = torch.compile(subject.fresh().train(), fullgraph=True, backend="aot_eager")
            inputs = x.clone().requires_grad_()
            y = first_output(module(inputs))
            if y.requires_grad:
                y.sum().backward()
        except Exception as error:
            if is_out_of_memory(error):
                raise
            message = f"the program cannot be compiled as one graph: {describe(error)}"
            return [failed(TEST, "soft", 1.0, 0.0, where, message)]
        finally:
            dynamo.reset()
    return [passed(TEST, "soft", 0.0, 0.0, "one graph, forward and backward")]
