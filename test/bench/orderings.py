"""Does the battery see what is known of linear attention, and where can it not tell two models apart?

Run: `PYTHONPATH=gpu-runner/trainer python test/bench/orderings.py [--seeds 6] [--all] [--json] [--write]`.
Trains every model below on every task of `cpu-quick` with the same seeds (initialisation and data order: pairs), one
thread and two processes at a time, and scores them with the scorer's own functions on held-out sequences that are the
seed's own, as in a campaign. A difference is the mean over seeds with its 95 % interval (Student). `--write` trains
every model that the trainer has and puts the table of scores into docs/models.md. Exits with 1 when a known ordering
comes out significantly the other way round, or, with the default number of seeds or more, is not seen.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from trainer.mixers.registry import BUILTIN_NAMES, builtin_source
from trainer.model.build_model import build_model
from trainer.model.sequence_model import SequenceModel
from trainer.scorer.score import answer_positions, raw_score, summarise
from trainer.suites.registry import SUITES
from trainer.suites.streams import held_out_stream, training_stream
from trainer.suites.suite import TaskPlan
from trainer.worker.program import load_mixer
from trainer.worker.training_loop import train

SUITE = SUITES["cpu-quick"]
REFLECTING = "delta-net, beta < 2"
# A control: sums of outer products of unit keys and values, no gate, no decay, no delta rule, no feature map.
ADDITIVE = "additive, unit keys"
# A second one: the same with a fixed decay of 0.95 a token; an older value is weaker, and nothing is replaced.
FADING = "additive, unit keys, decay"
DEFAULT_SEEDS = 6
COMPARED = (
    "delta-net",
    REFLECTING,
    "gated-delta-net",
    "mamba2",
    "gla",
    ADDITIVE,
    FADING,
    "linear-attention",
    "softmax-attention",
)
DOCUMENT = Path(__file__).parents[2] / "docs/models.md"
MARKS = ("<!-- begin: test/bench/orderings.py -->\n", "\n<!-- end: test/bench/orderings.py -->")
# 97.5 % quantiles of Student's t for 1 to 11 degrees of freedom.
QUANTILES = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201)


@dataclass(frozen=True)
class Known:
    """One ordering that the literature reports, on the task that is made to show it."""

    task: str
    better: str
    worse: str
    why: str


KNOWN = (
    Known("overwrite-recall", "delta-net", "linear-attention", "the delta rule replaces, the sum adds (2102.11174)"),
    Known("overwrite-recall", "delta-net", ADDITIVE, "the same, without the feature map and its normaliser"),
    Known("parity", REFLECTING, "delta-net", "a negative eigenvalue flips a sign (2411.12537)"),
    Known("parity", REFLECTING, "mamba2", "the same; positive diagonal decays cannot (2411.12537)"),
    Known(
        "noisy-recall",
        "gla",
        "linear-attention",
        "gates and decay (2312.06635); the control says: not for noise left out",
    ),
    Known(
        "associative-recall",
        "softmax-attention",
        "linear-attention",
        "reported (2312.04927); the control says: not for the size of the state",
    ),
    Known(
        "associative-recall",
        "delta-net",
        "linear-attention",
        "reported (2102.11174); the control says: not for the sum, but its feature map",
    ),
    Known("fuzzy-recall", "softmax-attention", "linear-attention", "sharp look-up of joined keys (2403.17844)"),
    Known("language-model", "gated-delta-net", "linear-attention", "decay and delta rule (2412.06464)"),
    Known("language-model", "mamba2", "linear-attention", "data-dependent decay (2405.21060)"),
)


CHANGES = {
    REFLECTING: ("delta-net", {"self.beta(x).sigmoid()": "2 * self.beta(x).sigmoid()"}),
    ADDITIVE: (
        "linear-attention",
        {
            "F.elu(q) + 1, F.elu(k) + 1, v": "F.normalize(q, dim=-1), F.normalize(k, dim=-1), v",
            "y[..., :-1] / (y[..., -1:] + 1e-6)": "F.rms_norm(y[..., :-1], (y.shape[-1] - 1,))",
        },
    ),
    FADING: (
        "linear-attention",
        {
            "chunkwise_linear_attention(F.elu(q) + 1, F.elu(k) + 1, v)": (
                "F.rms_norm((F.normalize(q, dim=-1) @ F.normalize(k, dim=-1).mT * (0.95 ** (torch.arange(length)"
                "[:, None] - torch.arange(length))).tril()) @ v, (v.shape[-1],))"
            ),
        },
    ),
}


def source_of(model: str) -> str:
    if model not in CHANGES:
        return builtin_source(model)
    name, changes = CHANGES[model]
    source = builtin_source(name)
    for usual, changed in changes.items():
        if usual not in source:
            raise SystemExit(f"{name} has no longer the line {usual!r}: adapt CHANGES")
        source = source.replace(usual, changed)
    return source


def score(model: SequenceModel, plan: TaskPlan, seed: int) -> float:
    """Accuracy, or loss in nats per byte, on the held-out sequences."""
    batch = held_out_stream(plan.task, f"orderings {seed}")(plan.held_out_sequences)
    positions = torch.from_numpy(answer_positions(batch.targets)).long()
    with torch.no_grad():
        hidden, _ = model.eval()(torch.from_numpy(batch.inputs).long())
        logits = model.head(hidden.flatten(0, 1)[positions])
    return summarise(raw_score(logits.numpy(), batch.targets), plan.task.metric).value


def measure(job: tuple[str, str, int]) -> tuple[str, str, int, float]:
    name, task, seed = job
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    plan, device = SUITE.plan(task), torch.device("cpu")
    model = build_model(load_mixer(source_of(name)), SUITE, plan, seed, device)
    train(model, plan, training_stream(plan.task, seed), device, lambda *_: None, lambda _: None)
    return name, task, seed, score(model, plan, seed)


@dataclass(frozen=True)
class Difference:
    """Positive: `one` is better than `other`."""

    task: str
    one: str
    other: str
    mean: float
    half_width: float

    @property
    def is_told_apart(self) -> bool:
        return abs(self.mean) > self.half_width

    def __str__(self) -> str:
        return f"{self.mean:+.3f} [{self.mean - self.half_width:+.3f}, {self.mean + self.half_width:+.3f}]"


def half_width(values: list[float]) -> float:
    """Of the 95 % interval of their mean (Student)."""
    return QUANTILES[len(values) - 2] * statistics.stdev(values) / math.sqrt(len(values))


def difference(scores: dict[tuple[str, str], list[float]], task: str, one: str, other: str) -> Difference:
    sign = 1 if SUITE.plan(task).task.metric == "accuracy" else -1
    pairs = [sign * (a - b) for a, b in zip(scores[one, task], scores[other, task], strict=True)]
    return Difference(task, one, other, statistics.fmean(pairs), half_width(pairs))


def exit_code(known: list[Difference], seeds: int) -> int:
    """1 when an ordering is reversed, or is not seen by as many seeds as suffice to see it; else 0."""
    reversed_ones = [found for found in known if found.is_told_apart and found.mean < 0]
    missing = [found for found in known if not found.is_told_apart]
    return 1 if reversed_ones or (missing and seeds >= DEFAULT_SEEDS) else 0


def score_table(scores: dict[tuple[str, str], list[float]], models: tuple[str, ...], seeds: int) -> str:
    tasks = [plan.task.name for plan in SUITE.plans]
    lines = [
        f"Suite {SUITE.name}: mean over {seeds} seeds, ± half of its 95 % interval (Student); accuracy, nats per byte.",
        "",
        f"| model | {' | '.join(tasks)} |",
        f"|---|{'---:|' * len(tasks)}",
    ]
    for name in models:
        cells = (f"{statistics.fmean(v):.3f} ±{half_width(v):.3f}" for v in (scores[name, t] for t in tasks))
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def write(table: str) -> None:
    begin, end = MARKS
    before, rest = DOCUMENT.read_text(encoding="utf-8").split(begin)
    DOCUMENT.write_text(f"{before}{begin}\n{table}\n{end}{rest.split(end)[1]}", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=DEFAULT_SEEDS, help="2 to 12")
    parser.add_argument("--all", action="store_true", help="the other built-in models too")
    parser.add_argument("--json", action="store_true", help="every score and every difference")
    parser.add_argument("--write", action="store_true", help="all models; their scores go into docs/models.md")
    chosen = parser.parse_args()
    if not 2 <= chosen.seeds <= 12:
        parser.error("--seeds must be 2 to 12")
    others = [name for name in BUILTIN_NAMES if name not in COMPARED]
    models = (*COMPARED, *(others if chosen.all or chosen.write else ()))
    tasks = [plan.task.name for plan in SUITE.plans]
    jobs = [(name, task, seed) for seed in range(1, chosen.seeds + 1) for task in tasks for name in models]
    scores: dict[tuple[str, str], list[float]] = {(name, task): [] for name in models for task in tasks}
    with ProcessPoolExecutor(2) as pool:
        for count, (name, task, _, value) in enumerate(pool.map(measure, jobs), start=1):
            scores[name, task].append(value)
            if sys.stderr.isatty() or count % 60 == 0:
                sys.stderr.write(f"\r{count} of {len(jobs)} trainings")
    sys.stderr.write("\n")
    known = [(one, difference(scores, one.task, one.better, one.worse)) for one in KNOWN]
    # The other models are not what the orderings are known of, and all pairs of all would fill pages.
    pairs = [(a, b) for i, a in enumerate(COMPARED) for b in COMPARED[i + 1 :]]
    alike = {t: [d for a, b in pairs if not (d := difference(scores, t, a, b)).is_told_apart] for t in tasks}
    table = score_table(scores, models, chosen.seeds)
    if chosen.write:
        write(table)
    if chosen.json:
        raw = [{"model": m, "task": t, "scores": values} for (m, t), values in scores.items()]
        rows = [{**asdict(one), **asdict(found)} for one, found in known]
        print(json.dumps({"scores": raw, "known": rows, "alike": {t: [asdict(d) for d in alike[t]] for t in tasks}}))
    else:
        print(table)
        print("\n| task | known: better | than | because | seen: by [95 %] | |\n|---|---|---|---|---:|---|")
        for one, found in known:
            verdict = "not told apart" if not found.is_told_apart else "as known" if found.mean > 0 else "REVERSED"
            print(f"| {one.task} | {one.better} | {one.worse} | {one.why} | {found} | {verdict} |")
        print(f"\nNot told apart by {chosen.seeds} seeds, of {len(pairs)} pairs a task:\n")
        for task in tasks:
            names = "; ".join(f"{d.one} and {d.other} ({d})" for d in alike[task])
            print(f"- **{task}**, {len(alike[task])}: {names or 'none'}")
    return exit_code([found for _, found in known], chosen.seeds)


if __name__ == "__main__":
    sys.exit(main())
