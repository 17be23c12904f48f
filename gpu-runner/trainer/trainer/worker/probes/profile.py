"""`profile`: where the time of one training pass of the mixer goes."""

from __future__ import annotations

import time

import torch
from torch.profiler import ProfilerActivity, profile

from trainer.worker.setup import WorkerJob

OPERATORS = 15


def run_profile(job: WorkerJob, mixer: torch.nn.Module) -> None:
    """Prints the seconds of a pass at the suite's largest batch, and the operators by CPU time of their own."""
    plan = max(job.suite.plans, key=lambda one: one.tokens_per_step)
    shape = (plan.batch_size, plan.task.length, job.suite.d_model)
    torch.manual_seed(0)
    x = torch.randn(shape, device=job.device, requires_grad=True)
    _pass(mixer, x)  # what the first call alone costs is not the program's
    started = time.perf_counter()
    with profile(activities=[ProfilerActivity.CPU]) as watched:
        _pass(mixer, x)
    print(
        f"forward and backward of one mixer on {list(shape)}: {time.perf_counter() - started:.3f} s, profiler included"
    )
    events = sorted(watched.key_averages(), key=lambda event: -event.self_cpu_time_total)
    total = sum(event.self_cpu_time_total for event in events) or 1.0
    print("operator, calls, CPU milliseconds of its own, share")
    for event in events[:OPERATORS]:
        own = event.self_cpu_time_total
        print(f"{event.key[:60]}, {event.count}, {own / 1000:.2f}, {own / total:.1%}")


def _pass(mixer: torch.nn.Module, x: torch.Tensor) -> None:
    answer = mixer(x)
    if isinstance(answer, tuple):
        answer = answer[0]
    answer.float().square().mean().backward()
