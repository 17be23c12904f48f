"""Size of the output and of the input gradient at the program's own initialisation."""

from __future__ import annotations

import torch

from trainer.certificate.finding import Finding, reported
from trainer.certificate.pulled_back import pulled_back
from trainer.certificate.subject import Subject

TEST = "init scale"
LOW, HIGH = 0.02, 50.0


def check_init_scale(subject: Subject) -> list[Finding]:
    """rms(y) / rms(x) and rms(dx) / rms(dy); outside [0.02, 50] training tends to be slow or unstable."""
    x = subject.input(2, subject.length).requires_grad_()
    y = subject.with_parameters("initial").run(x * 1.0, training=True)
    cotangent = subject.input(2, subject.length, seed=9)
    forward = float(y.detach().square().mean().sqrt() / x.detach().square().mean().sqrt())
    gradient = pulled_back(y, x, cotangent) if y.requires_grad else torch.zeros_like(x)
    backward = float(gradient.square().mean().sqrt() / cotangent.square().mean().sqrt())
    advice = (
        "" if LOW <= forward <= HIGH and LOW <= backward <= HIGH else "; rescale the output projection or add a norm"
    )
    message = f"output {forward:.3g}, input gradient {backward:.3g} (usual range {LOW:g} to {HIGH:g}){advice}."
    return [reported(TEST, forward, None, message)]
