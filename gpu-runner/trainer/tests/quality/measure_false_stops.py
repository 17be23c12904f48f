"""`python -m tests.quality.measure_false_stops [--reference] [FOLDER...]`: how often the rules stop what they must not.

Simulated honest runs (tests/quality/curves.py), recorded honest jobs (events.jsonl below the given folders: every job
of cpu-quick that finished, whatever its program), simulated memory as the
real QualityWatch reads it, and planted faults. With --reference prints the reference curves
instead: means over the recorded runs of DeltaNet.
"""

import json
import math
import sys
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tests.quality.curves import SUITE, faults, honest_losses, progress, starved_job
from tests.quality.memory_curves import full_at, kept, settling
from tests.quality.watched import watched
from trainer.protocol.numbers import number_from_json
from trainer.quality.progress import TaskProgress
from trainer.quality.suite_rules import recalls_nothing
from trainer.quality.task_rules import judge_task

SIMULATED = 20_000
SIMULATED_MEMORY = 6_000
SECONDS_A_REPORT = (0.02, 0.1, 0.25, 1.1)


@dataclass(frozen=True)
class Recorded:
    """A finished job: its program, its losses by task, and whether these rules could have ended it."""

    program: str
    losses: dict[str, list[float]]
    stoppable: bool


def recorded(folders: list[Path]) -> list[Recorded]:
    """Finished cpu-quick jobs. The same curves twice count once."""
    found = {}
    for folder in folders:
        for path in folder.rglob("events.jsonl"):
            job = json.loads((path.parent / "spec.json").read_text())
            job = job.get("spec", job)
            events = [json.loads(line)["event"] for line in path.read_text().splitlines()]
            ends = [event["outcome"] for event in events if event["type"] == "finished"]
            if job["kind"] != "train" or job["suite"] != SUITE.name or not ends or ends[-1]["status"] != "ok":
                continue
            losses = defaultdict(list)
            for event in events:
                if event["type"] == "metric":
                    losses[event["task"]].append(number_from_json(event["values"]["loss"]))
            program = job["program"].get("builtin", "source")
            stoppable = not job.get("reportStops", False)
            found[json.dumps([stoppable, losses])] = Recorded(program, dict(losses), stoppable)
    return list(found.values())


def stops(runs: dict[str, list[float]]) -> list[str]:
    """Names of the rules that end one job, judged after every report as in training."""
    finished = []
    for plan in SUITE.plans:
        whole = progress(plan, runs[plan.task.name])
        for end in range(1, len(whole.points) + 1):
            stop = judge_task(replace(whole, points=whole.points[:end]))
            if stop is not None:
                return [stop.rule]
        finished.append(whole)
        if (stop := recalls_nothing(finished)) is not None:
            return [stop.rule]
    return []


def _blames_program(task: TaskProgress) -> bool:
    stop = judge_task(task)
    return stop is not None and not stop.blames_machine


def upper_bound(count: int, total: int, z: float = 1.96) -> float:
    """Wilson's upper end of the 95 % interval of a proportion (JASA 22, 1927)."""
    p = count / total
    centre = p + z * z / (2 * total)
    return (centre + z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total))) / (1 + z * z / total)


def main(arguments: list[str]) -> None:
    folders = [Path(argument) for argument in arguments if not argument.startswith("--")]
    jobs = recorded(folders)
    if "--reference" in arguments:
        runs = [job.losses for job in jobs if job.program == "delta-net"]
        for plan in SUITE.plans:
            mean = np.mean([run[plan.task.name] for run in runs], axis=0)
            print(plan.task.name, len(runs), "runs:", [round(float(value), 3) for value in mean])
        return
    generator = np.random.default_rng(0)
    simulated = [
        stops({plan.task.name: list(honest_losses(plan, generator)) for plan in SUITE.plans}) for _ in range(SIMULATED)
    ]
    measured = {
        "simulated": simulated,
        "recorded, quality control on": [stops(job.losses) for job in jobs if job.stoppable],
        "recorded, stops only reported": [stops(job.losses) for job in jobs if not job.stoppable],
    }
    for name, results in measured.items():
        if results:
            false = [rule for result in results for rule in result]
            bound = upper_bound(len(false), len(results))
            print(f"{name}: {len(false)} of {len(results)} honest jobs stopped (at most {bound:.2%}), by {set(false)}")
    for seconds in SECONDS_A_REPORT:
        stopped = sum(
            watched(SUITE, plan, settling(plan.steps, generator), seconds) is not None
            for plan in SUITE.plans
            for _ in range(SIMULATED_MEMORY // len(SUITE.plans))
        )
        bound = upper_bound(stopped, SIMULATED_MEMORY)
        print(
            f"memory that settles, {seconds} s a report: {stopped} of {SIMULATED_MEMORY} stopped (at most {bound:.2%})"
        )
        plan = SUITE.plan("overwrite-recall")
        for mib in (12.5, 25.0, 50.0):
            full = full_at(kept(mib), plan.steps)
            ended = watched(SUITE, plan, kept(mib), seconds, full)
            print(f"  {mib} MiB kept a step, full at {full}: {ended and (ended[0], ended[1].message)}")
    shares = [round(0.05 * n, 2) for n in range(1, 21)]
    blamed = [share for share in shares if any(_blames_program(task) for task in starved_job(share))]
    print(f"starved: the program blamed at {blamed} of a core, of {shares}")
    for rule, fault in faults().items():
        seen = next((n for n in range(1, 21) if judge_task(replace(fault, points=fault.points[:n]))), None)
        print(f"fault {rule}: stopped at report {seen} of {len(fault.points)}")


if __name__ == "__main__":
    main(sys.argv[1:])
