"""What does the trainer's loop cost, against a plain loop of PyTorch around the same model and the same batches?

Run: `PYTHONPATH=gpu-runner/trainer python test/bench/throughput.py [--rounds 8] [--steps 40]`. Goal: within 5 %.
Both train the language-model task of `cpu-quick` with one thread. The plain loop is what one writes by hand: forward,
cross entropy at the asked positions, backward, `clip_grad_norm_`, `torch.optim.AdamW`. The trainer's has its own
AdamW, the schedule, checks for finiteness and the watch for divergence beside it. Not measured: the frames with which a
worker reports, and quality control, which is the scorer's and runs in another process. Rounds are interleaved,
CPU-seconds are compared, and the fastest round of each counts: a neighbour slows a round down, nothing speeds one up.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import time
from collections.abc import Callable, Iterator

import torch
from torch import nn
from torch.nn import functional as F
from trainer.mixers.registry import builtin_class
from trainer.model.build_model import build_model
from trainer.model.sequence_model import SequenceModel
from trainer.suites.registry import SUITES
from trainer.suites.streams import training_stream
from trainer.suites.suite import TaskPlan
from trainer.tasks.task import NO_ANSWER, Batch
from trainer.worker.training_loop import train

SUITE = SUITES["cpu-quick"]
MODELS = ("delta-net", "gated-delta-net", "mamba2", "linear-attention", "softmax-attention")
CPU = torch.device("cpu")
GOAL = 1.05


def plain_loop(model: SequenceModel, plan: TaskPlan, batches: Callable[[int], Batch]) -> None:
    model.train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=plan.learning_rate, betas=(0.9, 0.95), weight_decay=0.01)
    for _ in range(plan.steps):
        batch = batches(plan.batch_size)
        inputs, targets = torch.from_numpy(batch.inputs).long(), torch.from_numpy(batch.targets).long()
        asked = targets != NO_ANSWER
        hidden, _ = model(inputs)
        loss = F.cross_entropy(model.head(hidden[asked]), targets[asked])
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()


def trainers_loop(model: SequenceModel, plan: TaskPlan, batches: Callable[[int], Batch]) -> None:
    train(model, plan, batches, CPU, lambda *_: None, lambda _: None)


def seconds(
    loop: Callable[[SequenceModel, TaskPlan, Callable[[int], Batch]], None], name: str, plan: TaskPlan
) -> float:
    """CPU-seconds of the loop on a new model; drawing the batches is not part of it."""
    model = build_model(builtin_class(name), SUITE, plan, 1, CPU)
    stream = training_stream(plan.task, 1)
    drawn: Iterator[Batch] = iter([stream(plan.batch_size) for _ in range(plan.steps)])
    started = time.process_time()
    loop(model, plan, lambda _: next(drawn))
    return time.process_time() - started


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--steps", type=int, default=40)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    plan = dataclasses.replace(SUITE.plan("language-model"), steps=chosen.steps)
    loops = {"trainer": trainers_loop, "plain": plain_loop}
    for loop in loops.values():  # imports of torch on first use
        seconds(loop, "linear-attention", dataclasses.replace(plan, steps=2))
    fastest = {(name, kind): float("inf") for name in MODELS for kind in loops}
    for _ in range(chosen.rounds):
        for name in MODELS:
            for kind, loop in loops.items():
                fastest[name, kind] = min(fastest[name, kind], seconds(loop, name, plan))
    tokens = plan.steps * plan.tokens_per_step
    print("| model | trainer, tokens per CPU-second | plain loop | time, trainer / plain |\n|---|---:|---:|---:|")
    worst = 0.0
    for name in MODELS:
        ours, plain = fastest[name, "trainer"], fastest[name, "plain"]
        worst = max(worst, ours / plain)
        print(f"| {name} | {tokens / ours:,.0f} | {tokens / plain:,.0f} | {ours / plain:.3f} |")
    print(f"\nlargest ratio {worst:.3f}, goal {GOAL}")
    return 0 if worst <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
