"""Runs all legality tests on a program and builds its certificate."""

from __future__ import annotations

import dataclasses
import functools
import time
from collections.abc import Callable
from typing import TypeVar

import torch
from torch import nn

from trainer.accounting.parameters import count_parameters
from trainer.certificate.batches import SHORT_SHAPES
from trainer.certificate.check_list import CHECKS, CONTENT_CHECKS, FULL_CHECKS, Check, variations
from trainer.certificate.checks.bfloat16 import check_bfloat16
from trainer.certificate.checks.construct import check_construct
from trainer.certificate.checks.initialisation import check_initialisation
from trainer.certificate.checks.state_size import without_promise
from trainer.certificate.checks.training_device import check_training_device
from trainer.certificate.cpu_limit import OverTimeError, cpu_limit
from trainer.certificate.dropout import with_dropout, without_dropout
from trainer.certificate.figures import measured_figures, sizes
from trainer.certificate.finding import Finding, failed, missing, reported
from trainer.certificate.instrument import InstrumentError
from trainer.certificate.other_layers import PLACEMENTS, other_layers
from trainer.certificate.program_globals import restored_globals
from trainer.certificate.subject import CannotRunError, Subject
from trainer.certificate.unseeded import told_as_unseeded
from trainer.fingerprint.in_every_layer import behaviour_in_every_layer
from trainer.fingerprint.program_hash import program_hash
from trainer.foreign.authors_names import in_authors_names
from trainer.foreign.lacks import lacking_here
from trainer.mixers.registry import BUILTIN_NAMES, builtin_class, builtin_source
from trainer.protocol.failure import JobFailure
from trainer.suites.batch_shapes import BatchShape, batch_shapes
from trainer.suites.cpu_quick import CPU_QUICK
from trainer.version import trainer_version
from trainer.worker.device import new_tensors_on
from trainer.worker.program import describe, is_out_of_memory, load_mixer

CPU_SECONDS, FULL_CPU_SECONDS = 60.0, 240.0
_TIME = "time limit"
_ABSURD_RATIO = 100.0
Measured = TypeVar("Measured")
_CONTENT = frozenset(test for test, _ in CONTENT_CHECKS)


@dataclasses.dataclass(frozen=True)
class Deadline:
    """`seconds` of this process's CPU time, from `started` on."""

    started: float
    seconds: float

    @property
    def remaining(self) -> float:
        return self.started + self.seconds - time.process_time()


def certify(
    source_or_builtin: str,
    d_model: int = 64,
    n_heads: int = 2,
    parameter_budget: float | None = None,
    *,
    full: bool = False,
    seed: int = 0,
    device: str = "cpu",
    shapes: tuple[BatchShape, ...] = batch_shapes(CPU_QUICK),
) -> dict[str, object]:
    """Certificate of a program, given as source text or as the name of a built-in mixer.

    Executes the program: call it in an untrusted process only. All tests run, also after a failure; one that has
    nothing to measure is left out. `full` adds compilation and length extrapolation; `seed` draws other parameters and
    inputs; `shapes` are those in which it will be trained and scored. A program that is to be trained on another
    `device` is tested on the CPU, where rounding is smallest, and then run there; one that runs there only (Triton) is
    tested there. Raises MemoryError (or torch's error for it) when
    memory runs out; a program that does not come to an end gets a verdict after 60 CPU-seconds (240 if `full`).
    """
    started = time.process_time()
    source = builtin_source(source_or_builtin) if source_or_builtin in BUILTIN_NAMES else source_or_builtin
    reference = count_parameters(builtin_class("delta-net")(d_model, n_heads))
    end = Deadline(started, FULL_CPU_SECONDS if full else CPU_SECONDS)
    # Convolutions in TF32, cuDNN's default, differ from shape to shape by more than the limits of the tests.
    torch.backends.cudnn.allow_tf32 = False
    conditions = functools.partial(
        Subject,
        d_model=d_model,
        n_heads=n_heads,
        parameter_budget=parameter_budget,
        reference_parameters=reference,
        seed=seed,
        shapes=tuple(dict.fromkeys((*SHORT_SHAPES, *shapes))),
    )
    with without_dropout():
        for place in dict.fromkeys(("cpu", device)):
            with new_tensors_on(place):
                subject, findings, unsupported = _judged(source, conditions, end, place, full=full)
                figures, late = _in_time("its figures", subject, end, findings, measured_figures, sizes)
                findings += late
            if not unsupported:
                break
        if subject is not None and device != place and not _is_late(findings):
            findings += _run(_on(device, source), subject, end)
        (fingerprint, unknown), late = _in_time(
            "its fingerprint", subject, end, findings, _fingerprint, _no_fingerprint
        )
        findings += [*unknown, *late]
    return {
        "verdict": "unsupported" if unsupported else _verdict(findings),
        "findings": [
            dataclasses.replace(finding, message=in_authors_names(finding.message, source)).to_json()
            for finding in findings
        ],
        **figures,
        "fingerprint": fingerprint,
        "referenceParameters": reference,
        "parameterRatio": int(figures["parameters"]) / reference,
        "programHash": program_hash(source),
        "cpuSeconds": time.process_time() - started,
        "trainerVersion": trainer_version(),
    }


def _in_time(
    what: str,
    subject: Subject | None,
    end: Deadline,
    findings: list[Finding],
    measure: Callable[[Subject], Measured],
    otherwise: Callable[[Subject | None], Measured],
) -> tuple[Measured, list[Finding]]:
    """What is measured of the subject; and otherwise, once the program's time is up, with the finding that says so."""
    if subject is None or _is_late(findings):
        return otherwise(subject), []
    try:
        with cpu_limit(end.remaining):
            return measure(subject), []
    except OverTimeError:
        return otherwise(subject), [_over_time(end, what, "", subject)]


def _is_late(findings: list[Finding]) -> bool:
    return any(finding.test == _TIME for finding in findings)


def _judged(
    source: str, conditions: Callable[[type[nn.Module]], Subject], end: Deadline, device: str, *, full: bool
) -> tuple[Subject | None, list[Finding], bool]:
    """The subject if it can be run, all findings, and whether only something that is missing here is in the way."""
    subject, findings, unsupported = _load(source, conditions, end, device)
    if subject is None:
        return None, findings, unsupported
    try:
        findings, runnable = _examine(subject, end, full)
        # At the end, because it imports the program anew.
        if runnable is not None and not _is_late(findings):
            findings += _run(_initialisation(source, device), subject, end)
    except Exception as error:
        missed = lacking_here(error)
        if missed is None:
            raise
        return None, [missing("construct", missed)], True
    if any(finding.kind == "hard" and finding.status == "fail" for finding in findings):
        findings = [without_promise(finding) for finding in findings]
    return runnable, findings, False


def _load(
    source: str, conditions: Callable[[type[nn.Module]], Subject], end: Deadline, device: str
) -> tuple[Subject | None, list[Finding], bool]:
    """The subject, or why there is none; the last value says that only a module is missing here."""
    try:
        with cpu_limit(end.remaining):
            return conditions(load_mixer(source, device)), [], False
    except OverTimeError:
        return None, [_over_time(end, "its import", "import")], False
    except JobFailure as failure:
        if isinstance(failure.__cause__, OverTimeError):
            return None, [_over_time(end, "its import", "import")], False
        if isinstance(failure.__cause__, ModuleNotFoundError):
            return None, [missing("construct", failure.message)], True
        return None, [failed("construct", "hard", 1.0, 0.0, "import", failure.message)], False


def _initialisation(source: str, device: str) -> Check:
    return "initialisation", lambda subject: check_initialisation(
        subject, lambda drawn: load_mixer(source, device, drawn)
    )


def _on(device: str, source: str) -> Check:
    return "training device", lambda subject: check_training_device(subject, load_mixer(source, device), device)


def _examine(subject: Subject, end: Deadline, full: bool) -> tuple[list[Finding], Subject | None]:
    """All findings, and the subject if it can be run."""
    findings = _run(("construct", check_construct), subject, end)
    if findings[-1].status == "fail":
        return findings, None
    findings += _run_all(CHECKS, subject, end)
    for label, varied, checks, artificial in variations(subject):
        found = {f.test: f for f in _run_all(checks, varied, end, crash_is_known=artificial)}
        findings = [_merged(finding, found.get(finding.test), label) for finding in findings]
    if not any(finding.status == "fail" and finding.test in _CONTENT for finding in findings):
        findings += _run(("bfloat16", check_bfloat16), subject, end)
    for check in FULL_CHECKS if full else ():
        findings += _run(check, subject, end)
    late = [finding for finding in findings if finding.test == _TIME]
    return [*(f for f in findings if f.test != _TIME), *late[:1]], subject


def _run_all(
    checks: tuple[Check, ...], subject: Subject, end: Deadline, *, crash_is_known: bool = False
) -> list[Finding]:
    findings: list[Finding] = []
    for check in checks:
        # A crash that depends on the shape is one defect: the test of lengths names it, the others do not repeat it.
        crashes = any(finding.test == "lengths" and finding.status == "fail" for finding in findings)
        findings += _run(check, subject, end, crash_is_known=crash_is_known or crashes)
    return findings


def _run(check: Check, subject: Subject, end: Deadline, *, crash_is_known: bool = False) -> list[Finding]:
    """Findings of one test; `crash_is_known` says that what the program raises is not one."""
    test, function = check
    if end.remaining <= 0:
        return [_over_time(end, test, subject.last_input, subject)]
    try:
        with cpu_limit(end.remaining), restored_globals():
            before = end.remaining
            findings = function(subject)
            leaks = test in _CONTENT and any(finding.status == "fail" for finding in findings)
            in_time = before - end.remaining < end.remaining / 4  # else what is found would be lost to the time limit
            if leaks and in_time and function(subject) != findings:
                return told_as_unseeded(findings, subject)
            return findings
    except OverTimeError:
        return [_over_time(end, test, subject.last_input, subject)]
    except CannotRunError:
        return []  # the test of lengths reports it
    except InstrumentError as error:
        return [missing(test, _not_counted(error), subject.last_input)]
    except (Exception, SystemExit) as error:
        if is_out_of_memory(error) or lacking_here(error) is not None:
            raise
        if "use_reentrant=True" in str(error):
            return [missing(test, _REENTRANT, subject.last_input)]
        if crash_is_known:
            return []
        where = subject.last_input or f"T={subject.length}"
        return [failed(test, "hard", 1.0, 0.0, where, f"the program raised {describe(error)}.")]


# The tests ask for single gradients (autograd.grad), which it refuses; the trainer's backward() it serves.
_REENTRANT = "torch.utils.checkpoint with use_reentrant=True cannot be examined: pass use_reentrant=False."


def _not_counted(error: InstrumentError) -> str:
    return (
        "what the program costs cannot be counted: it runs, but the counter does not get through it "
        f"({error}). Whether it is linear is not known; write what is named there with other operators of torch."
    )


def _over_time(end: Deadline, test: str, where: str, subject: Subject | None = None) -> Finding:
    remedy = "remove what does not end, and loops over tokens."
    ratio = subject.built_parameters / subject.reference_parameters if subject is not None else 0.0
    if ratio > _ABSURD_RATIO:
        remedy = f"it has {ratio:,.0f} times the parameters of DeltaNet, and every test copies them: use fewer."
    message = (
        f"the program used up its {end.seconds:g} CPU-seconds (that of an ordinary program: 3 to 8) in {test}"
        f"{', on ' + where if where and where != 'import' else ''}: {remedy}"
    )
    return failed(_TIME, "hard", end.seconds, end.seconds, where, message)


def _merged(finding: Finding, other: Finding | None, label: str) -> Finding:
    """A failure under varied conditions replaces a pass under the usual ones, and so does a test that could not be made
    there."""
    if other is None or other.status not in ("fail", "unsupported") or finding.status != "pass":
        return finding
    return dataclasses.replace(
        other,
        smallest_input=f"{other.smallest_input} {label}".strip(),
        message=f"{other.message} (Found with {label}.)",
    )


def _verdict(findings: list[Finding]) -> str:
    kinds = {finding.kind for finding in findings if finding.status == "fail"}
    if "hard" in kinds:
        return "fail"
    if any(finding.status == "unsupported" for finding in findings):
        return "unsupported"
    return "flagged" if "soft" in kinds else "pass"


def _no_fingerprint(_: Subject | None) -> tuple[list[list[float]], list[Finding]]:
    return [], []


def _fingerprint(subject: Subject) -> tuple[list[list[float]], list[Finding]]:
    """What it computes, by which its rewrites are known; or why that is not to be had."""
    try:
        with new_tensors_on("cpu"), restored_globals(), with_dropout():
            placements = PLACEMENTS if other_layers(subject) else ()
            others = [dataclasses.replace(subject, placement=placement).built for placement in placements]
            return behaviour_in_every_layer(subject.built, others, subject.d_model), []
    except Exception as error:
        if is_out_of_memory(error):
            raise
        message = (
            f"there is none: the program raises {describe(error)} with other numbers in its parameters, in training "
            "mode or as another layer, in calls of one row. Another program that computes the same is not known as its "
            "twin."
        )
        return [], [reported("fingerprint", 0.0, None, message)]
    finally:
        torch.manual_seed(0)
