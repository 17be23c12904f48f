"""`python -m tests.scorer.measure_leak_floor [--seeds N] [PROGRAM...]`: how much an honest program's losses move.

Trains the given programs (files, or names of built-in mixers), or else every built-in mixer and the certificate's
legal corpus, on the audited tasks of cpu-quick, then asks for the audit's pairs in float32 and under bfloat16 autocast
(emulated on the CPU). Prints for each the largest change of a loss of an answer, in nats, where only later tokens
changed and in the controls, and the gain in standard errors; the same three of the chance that an answer counts as
right, where the task is ranked by that; and the CPU-seconds of this evaluation and of one without an audit (imports in
neither).
"""

import sys
import time
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import numpy as np
import torch

from tests.certificate.corpus.legal import LEGAL
from tests.scorer.in_process_workers import InProcessPool, InProcessWorker, without_weights
from trainer.mixers.registry import BUILTIN_NAMES, builtin_source
from trainer.model.build_model import build_model
from trainer.model.sequence_model import SequenceModel
from trainer.protocol.failure import JobFailure
from trainer.scorer.audited_evaluation import evaluate_and_audit
from trainer.scorer.evaluation import evaluate_task
from trainer.scorer.leak_moves import Moves
from trainer.scorer.leak_verdict import LeakAudit
from trainer.suites.registry import SUITES
from trainer.suites.streams import training_stream
from trainer.suites.suite import TaskPlan
from trainer.worker.program import load_mixer
from trainer.worker.training_loop import train

SUITE = SUITES["cpu-quick"]
PLANS = [plan for plan in SUITE.plans if plan.task.inputs_reveal_answers]
CPU = torch.device("cpu")


def trained(source: str, plan: TaskPlan, seed: int) -> SequenceModel:
    model = build_model(load_mixer(source), SUITE, plan, seed, CPU)
    train(model, plan, training_stream(plan.task, seed), CPU, lambda *_: None, lambda _: None)
    return model.eval()


def audit(model: SequenceModel, plan: TaskPlan, seed: str, bfloat16: bool) -> LeakAudit:
    device, autocast = "cpu", nullcontext
    if bfloat16:  # as on an accelerator
        device, autocast = "cuda", partial(torch.autocast, "cpu", torch.bfloat16)
    workers = InProcessWorker(model, autocast), InProcessWorker(model, autocast)
    found = evaluate_and_audit(InProcessPool(), workers, without_weights(plan), seed, device).audit
    assert isinstance(found, LeakAudit)
    return found


def words(moves: Moves, control: np.ndarray) -> str:
    gains = moves.gains[~control].astype(float)
    error = gains.std(ddof=1) / len(gains) ** 0.5
    changes = f"{moves.changes[~control].max():.1e}, {moves.changes[control].max():.1e}"
    return f"{changes}, {gains.mean() / error if error > 0 else 0:.1f}"


def main(arguments: list[str]) -> None:
    seeds = 1
    if arguments[:1] == ["--seeds"]:
        seeds, arguments = int(arguments[1]), arguments[2:]
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    programs = {name: builtin_source(name) for name in BUILTIN_NAMES} | LEGAL
    if arguments:
        programs = {a: builtin_source(a) if a in BUILTIN_NAMES else Path(a).read_text() for a in arguments}
    print(
        "program | task | precision | losses: later tokens, controls, gain/SE | hits | verdict | CPU-s audited, plain"
    )
    largest: dict[tuple[str, bool], float] = {}
    for name, source in programs.items():
        for plan in PLANS:
            for seed in range(1, seeds + 1):
                try:
                    model = trained(source, plan, seed)
                except JobFailure as failure:
                    print(f"{name} | {plan.task.name} | not trained: {failure.message}")
                    continue
                for bfloat16 in (False, True):
                    try:
                        started = time.process_time()
                        found = audit(model, plan, f"floor-{seed}", bfloat16)
                        audited = time.process_time()
                    except RuntimeError as error:
                        print(f"{name} | {plan.task.name} | bfloat16: {error}")
                        continue
                    evaluate_task(InProcessPool(), InProcessWorker(model), without_weights(plan), f"floor-{seed}")
                    plain = time.process_time()
                    control = found.cuts == plan.task.length
                    verdict = found.judge()
                    hits = "" if found.hits is None else words(found.hits, control)
                    print(
                        f"{name} | {plan.task.name} | {'bfloat16' if bfloat16 else 'float32'} | "
                        f"{words(found.losses, control)} | {hits} | {verdict.finding} | "
                        f"{audited - started:.2f}, {plain - audited:.2f}",
                        flush=True,
                    )
                    for of, moves in (("loss", found.losses), ("hit", found.hits)):
                        if moves is not None:
                            change = float(np.max(moves.changes))
                            largest[of, bfloat16] = max(largest.get((of, bfloat16), 0.0), change)
    for (of, bfloat16), change in largest.items():
        print(f"largest, {'bfloat16' if bfloat16 else 'float32'}, {of}: {change:.1e}")


if __name__ == "__main__":
    main(sys.argv[1:])
