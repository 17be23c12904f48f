"""Runs all legality tests on a program and builds its certificate."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable

import torch

from trainer.accounting.flops_per_token import flops_per_token
from trainer.accounting.parameters import count_parameters
from trainer.accounting.state_size import state_size
from trainer.certificate.checks.batch_independence import check_batch_independence
from trainer.certificate.checks.causality_by_gradient import check_causality_by_gradient
from trainer.certificate.checks.causality_by_values import check_causality_by_values
from trainer.certificate.checks.construct import check_construct
from trainer.certificate.checks.determinism import check_determinism
from trainer.certificate.checks.element_exponent import check_element_exponent
from trainer.certificate.checks.flop_exponent import check_flop_exponent
from trainer.certificate.checks.gradients import check_gradients
from trainer.certificate.checks.init_scale import check_init_scale
from trainer.certificate.checks.lengths import check_lengths
from trainer.certificate.checks.parameter_budget import check_parameter_budget
from trainer.certificate.checks.peak_exponent import check_peak_exponent
from trainer.certificate.checks.prefix_consistency import check_prefix_consistency
from trainer.certificate.checks.state_hygiene import check_state_hygiene
from trainer.certificate.finding import Finding, failed
from trainer.certificate.subject import CannotRunError, Subject, without_dropout
from trainer.fingerprint.behaviour import behaviour
from trainer.fingerprint.program_hash import program_hash
from trainer.mixers.registry import BUILTIN_NAMES, builtin_class, builtin_source
from trainer.protocol.failure import JobFailure
from trainer.version import trainer_version
from trainer.worker.program import describe, is_out_of_memory, load_mixer

_Checks = tuple[tuple[str, Callable[[Subject], list[Finding]]], ...]

_CONTENT_CHECKS: _Checks = (
    ("lengths", check_lengths),
    ("causality by values", check_causality_by_values),
    ("causality by gradient", check_causality_by_gradient),
    ("prefix consistency", check_prefix_consistency),
    ("batch independence", check_batch_independence),
    ("finite gradients", check_gradients),
)

# In order of report; `construct` comes before them, because nothing else runs without it.
_CHECKS: _Checks = (
    *_CONTENT_CHECKS,
    ("parameter budget", check_parameter_budget),
    ("FLOP exponent", check_flop_exponent),
    ("element exponent", check_element_exponent),
    ("peak tensor exponent", check_peak_exponent),
    ("determinism", check_determinism),
    ("state hygiene", check_state_hygiene),
    ("init scale", check_init_scale),
)


def certify(
    source_or_builtin: str, d_model: int = 64, n_heads: int = 2, parameter_budget: float | None = None
) -> dict[str, object]:
    """Certificate of a program, given as source text or as the name of a built-in mixer.

    Executes the program: call it in an untrusted process only. All tests run, also after a failure; one that has
    nothing to measure is left out. Raises MemoryError (or torch's error for it) when memory runs out.
    """
    started = time.process_time()
    source = builtin_source(source_or_builtin) if source_or_builtin in BUILTIN_NAMES else source_or_builtin
    reference = count_parameters(builtin_class("delta-net")(d_model, n_heads))
    with without_dropout():
        subject, findings, unsupported = _load(source, d_model, n_heads, parameter_budget, reference)
        if subject is not None:
            findings += check_construct(subject)
            if findings[-1].status == "fail":
                subject = None
        if subject is not None:
            for test, check in _CHECKS:
                findings += _run(test, check, subject)
            findings = _with_second_layer(findings, subject)
        figures = _figures(subject)
    return {
        "verdict": "unsupported" if unsupported else _verdict(findings),
        "findings": [finding.to_json() for finding in findings],
        **figures,
        "referenceParameters": reference,
        "parameterRatio": int(figures["parameters"]) / reference,
        "programHash": program_hash(source),
        "cpuSeconds": time.process_time() - started,
        "trainerVersion": trainer_version(),
    }


def _load(
    source: str, d_model: int, n_heads: int, budget: float | None, reference: int
) -> tuple[Subject | None, list[Finding], bool]:
    """The subject, or why there is none; the last value says that only a module is missing here."""
    try:
        return Subject(load_mixer(source), d_model, n_heads, budget, reference), [], False
    except JobFailure as failure:
        missing = isinstance(failure.__cause__, ModuleNotFoundError)
        advice = " Programs may import torch, math and typing only." if missing else ""
        return None, [failed("construct", "hard", 1.0, 0.0, "import", f"{failure.message}{advice}")], missing


def _run(test: str, check: Callable[[Subject], list[Finding]], subject: Subject) -> list[Finding]:
    try:
        return check(subject)
    except CannotRunError:
        return []  # the test of lengths reports it
    except Exception as error:
        if is_out_of_memory(error):
            raise
        return [failed(test, "hard", 1.0, 0.0, f"T={subject.length}", f"the program raised {describe(error)}.")]


def _with_second_layer(findings: list[Finding], subject: Subject) -> list[Finding]:
    """The tests of content again as layer 1 of 2: a finding there replaces one that passed as the only layer."""
    second = dataclasses.replace(subject, placement=(1, 2))
    found = {finding.test: finding for test, check in _CONTENT_CHECKS for finding in _run(test, check, second)}
    merged = []
    for finding in findings:
        other = found.get(finding.test)
        if other is not None and finding.status == "pass" and other.status == "fail":
            where = f"{other.smallest_input} layer_idx=1 n_layers=2"
            finding = dataclasses.replace(other, smallest_input=where, message=f"{other.message} (As layer 1 of 2.)")
        merged.append(finding)
    return merged


def _verdict(findings: list[Finding]) -> str:
    kinds = {finding.kind for finding in findings if finding.status == "fail"}
    return "fail" if "hard" in kinds else "flagged" if "soft" in kinds else "pass"


def _figures(subject: Subject | None) -> dict[str, object]:
    """Sizes, costs and behaviour; zeros and nothing for a program that cannot run."""
    figures: dict[str, object] = {
        "parameters": 0,
        "stateSize": None,
        "flopsPerToken": 0.0,
        "flopExponent": 0.0,
        "fingerprint": [],
    }
    if subject is None:
        return figures
    figures["parameters"] = count_parameters(subject.construct())
    try:
        figures["flopsPerToken"] = flops_per_token(subject.fresh(), subject.d_model)
        figures["stateSize"] = state_size(subject.mixer, subject.d_model, subject.n_heads)
        figures["flopExponent"] = subject.scaling.exponent(lambda count: count.flops)
        figures["fingerprint"] = behaviour(subject.construct, subject.d_model)
    except Exception as error:
        if is_out_of_memory(error):
            raise
    torch.manual_seed(0)
    return figures
