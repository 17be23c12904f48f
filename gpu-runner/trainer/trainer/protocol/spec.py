"""The one JSON object that asks for a job, checked in full before anything is started."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from trainer.mixers.registry import BUILTIN_NAMES
from trainer.protocol.failure import JobFailure

MAX_SPEC_BYTES = 4 << 20
MAX_SOURCE_BYTES = 1 << 20
MAX_SNIPPET_BYTES = 64 << 10
PROBE_NAMES = ("shapes", "steps", "profile")


@dataclass(frozen=True)
class Limits:
    """`wall_seconds` counts from the start of the job; `memory_bytes` is each worker's private writable memory."""

    wall_seconds: float
    memory_bytes: int


@dataclass(frozen=True)
class JobSpec:
    """What to do with which program; every field is explained in the README."""

    job_id: str
    kind: Literal["train", "certify", "probe"]
    builtin: str | None
    source: str | None
    suite: str
    seed: int
    evaluation_seed: str
    device: Literal["cpu", "cuda", "auto"]
    launcher: tuple[str, ...]
    limits: Limits
    parameter_budget: float | None
    full: bool = False
    report_stops: bool = False
    probe: dict[str, str] | None = None  # {"name": a built-in} or {"snippet": Python text}; of kind "probe" only


def parse_spec(text: bytes, suites: tuple[str, ...]) -> JobSpec:
    """Reads and checks a specification.

    Raises:
        JobFailure: `spec-invalid`, with the first field that is wrong and what it must be.
    """
    if len(text) > MAX_SPEC_BYTES:
        raise _invalid("the specification", f"at most {MAX_SPEC_BYTES} bytes long")
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise JobFailure("spec-invalid", f"The specification on standard input is not JSON: {error}.") from error
    if not isinstance(raw, dict):
        raise _invalid("the specification", "a JSON object")
    builtin, source = _program(raw.get("program"))
    seed = raw.get("seed")
    if type(seed) is not int:
        raise _invalid("seed", "an integer")
    launcher = raw.get("launcher", [])
    if not isinstance(launcher, list) or not all(isinstance(part, str) for part in launcher):
        raise _invalid("launcher", "a list of strings (empty: no isolation)")
    return JobSpec(
        job_id=_text(raw, "jobId"),
        kind=_one_of(raw, "kind", ("train", "certify", "probe")),
        builtin=builtin,
        source=source,
        suite=_one_of(raw, "suite", suites),
        seed=seed,
        evaluation_seed=_text(raw, "evaluationSeed"),
        device=_one_of(raw, "device", ("cpu", "cuda", "auto")),
        launcher=tuple(launcher),
        limits=_limits(raw.get("limits")),
        parameter_budget=_positive_or_null(raw, "parameterBudget"),
        full=_flag(raw, "full"),
        report_stops=_flag(raw, "reportStops"),
        probe=_probe(raw.get("probe"), raw["kind"] == "probe"),
    )


def _invalid(field: str, must_be: str) -> JobFailure:
    return JobFailure("spec-invalid", f"The job's specification is not usable: {field} must be {must_be}.")


def _text(raw: dict[str, Any], field: str) -> str:
    value = raw.get(field)
    if not isinstance(value, str) or not value:
        raise _invalid(field, "a non-empty string")
    return value


def _one_of(raw: dict[str, Any], field: str, choices: tuple[str, ...]) -> Any:
    value = raw.get(field)
    if not isinstance(value, str) or value not in choices:
        raise _invalid(field, "one of " + ", ".join(choices))
    return value


def _program(value: Any) -> tuple[str | None, str | None]:
    if isinstance(value, dict) and len(value) == 1:
        builtin, source = value.get("builtin"), value.get("source")
        if isinstance(builtin, str) and builtin in BUILTIN_NAMES:
            return builtin, None
        if isinstance(source, str) and 0 < len(source.encode("utf-8", "surrogatepass")) <= MAX_SOURCE_BYTES:
            return None, source
    raise _invalid(
        "program", f'{{"builtin": one of {", ".join(BUILTIN_NAMES)}}} or {{"source": Python text up to 1 MiB}}'
    )


def _probe(value: Any, asked: bool) -> dict[str, str] | None:
    if not asked and value is None:
        return None
    if asked and isinstance(value, dict) and len(value) == 1:
        name, snippet = value.get("name"), value.get("snippet")
        if isinstance(name, str) and name in PROBE_NAMES:
            return {"name": name}
        if isinstance(snippet, str) and 0 < len(snippet.encode("utf-8", "surrogatepass")) <= MAX_SNIPPET_BYTES:
            return {"snippet": snippet}
    raise _invalid(
        "probe",
        f'{{"name": one of {", ".join(PROBE_NAMES)}}} or {{"snippet": Python text up to 64 KiB}}, of probes only',
    )


def _limits(value: Any) -> Limits:
    if not isinstance(value, dict):
        raise _invalid("limits", "an object with wallSeconds and memoryBytes")
    numbers = {}
    for field in ("wallSeconds", "memoryBytes"):
        number = value.get(field)
        if type(number) not in (int, float) or not 0 < number < 1e18:
            raise _invalid(f"limits.{field}", "a positive number")
        numbers[field] = number
    return Limits(wall_seconds=float(numbers["wallSeconds"]), memory_bytes=int(numbers["memoryBytes"]))


def _flag(raw: dict[str, Any], field: str) -> bool:
    value = raw.get(field, False)
    if type(value) is not bool:
        raise _invalid(field, "true or false")
    return value


def _positive_or_null(raw: dict[str, Any], field: str) -> float | None:
    value = raw.get(field)
    if value is None:
        return None
    if type(value) not in (int, float) or not 0 < value < 1e9:
        raise _invalid(field, "a positive number or null")
    return float(value)
