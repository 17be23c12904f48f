"""Measures the built-in mixers at the sizes of a suite; run by models.ts, prints one JSON object per line.

Arguments: the suite's name, the number of rounds. Rounds are interleaved over the models, and the fastest of each
counts: a neighbour on the machine slows a round down, nothing speeds one up. Seconds are processor seconds.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

import torch
from torch import nn
from torch.nn import functional as F
from trainer.accounting.flops_per_token import flops_per_token
from trainer.accounting.parameters import count_parameters
from trainer.mixers.published_sizes import PUBLISHED_SIZES
from trainer.mixers.registry import BUILTIN_NAMES, builtin_class
from trainer.mixers.state_numbers import state_numbers
from trainer.model.adamw import AdamW
from trainer.model.build_model import build_model
from trainer.model.sequence_model import SequenceModel
from trainer.suites.registry import SUITES
from trainer.suites.suite import Suite, TaskPlan

CPU = torch.device("cpu")
TASK = "language-model"


def seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def training_step(model: SequenceModel, optimiser: AdamW, tokens: torch.Tensor) -> None:
    hidden, aux = model(tokens)
    loss = F.cross_entropy(model.head(hidden).flatten(0, 1), tokens.flatten())
    (loss if aux is None else loss + aux).backward()
    optimiser.step(1e-4, float(optimiser.gradient_norm()))


@torch.no_grad()
def inference(model: SequenceModel, tokens: torch.Tensor) -> None:
    model.head(model(tokens)[0])


def sizes(name: str, suite: Suite) -> dict[str, object]:
    torch.manual_seed(0)
    mixer: nn.Module = builtin_class(name)(suite.d_model, suite.n_heads)
    reference: nn.Module = builtin_class("delta-net")(suite.d_model, suite.n_heads)
    return {
        "kind": "model",
        "name": name,
        "parameters": count_parameters(mixer),
        "ratio": count_parameters(mixer) / count_parameters(reference),
        "state": state_numbers(name, suite.d_model, suite.n_heads),
        "flopsPerToken": flops_per_token(mixer, suite.d_model),
    }


def speeds(suite: Suite, plan: TaskPlan, rounds: int) -> dict[str, dict[str, float]]:
    """Tokens per processor second of whole models, by name."""
    tokens = torch.randint(plan.task.vocabulary, (plan.batch_size, plan.task.length))
    models = {name: build_model(builtin_class(name), suite, plan, 0, CPU) for name in BUILTIN_NAMES}
    optimisers = {name: AdamW(model) for name, model in models.items()}
    fastest: dict[str, dict[str, float]] = {name: {"training": 1e9, "inference": 1e9} for name in BUILTIN_NAMES}
    for _ in range(rounds):
        for name, model in models.items():
            trained = seconds(lambda m=model, n=name: training_step(m, optimisers[n], tokens))
            inferred = seconds(lambda m=model: inference(m, tokens))
            best = fastest[name]
            best.update(training=min(best["training"], trained), inference=min(best["inference"], inferred))
    return {name: {key: tokens.numel() / value for key, value in best.items()} for name, best in fastest.items()}


def main() -> None:
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    suite = SUITES[sys.argv[1]]
    plan = suite.plan(TASK)
    header = {
        "kind": "setting",
        "suite": suite.name,
        "dModel": suite.d_model,
        "nHeads": suite.n_heads,
        "layers": plan.layers,
        "batch": plan.batch_size,
        "length": plan.task.length,
        "torch": torch.__version__,
    }
    print(json.dumps(header), flush=True)
    measured = speeds(suite, plan, int(sys.argv[2]))
    for name in BUILTIN_NAMES:
        row = {**sizes(name, suite), **measured[name]}
        print(json.dumps(row), flush=True)
    for size in PUBLISHED_SIZES:
        row = {
            "kind": "published",
            "name": size.mixer,
            "dModel": size.d_model,
            "nHeads": size.n_heads,
            "layers": size.layers,
            "vocabulary": size.vocabulary,
            "tied": size.tied,
            "options": dict(size.options),
            "body": size.body_parameters(),
            "total": size.parameters(),
            "published": size.millions,
        }
        print(json.dumps(row), flush=True)


main()
