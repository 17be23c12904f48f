"""`steps`: the first steps of training on each task, as a train job takes them.

Its lines are read by people, models and agents/engineer/src/first-steps/read-steps.ts: change both together.
"""

from __future__ import annotations

import time
import traceback
from dataclasses import replace

from trainer.protocol.failure import JobFailure
from trainer.protocol.import_seed import import_seed
from trainer.suites.streams import training_stream
from trainer.worker.construct_model import construct
from trainer.worker.program import describe, is_out_of_memory, load_mixer
from trainer.worker.setup import WorkerJob
from trainer.worker.training_loop import train

STEPS = 4


def run_steps(job: WorkerJob) -> None:
    """Prints loss, gradient norm and seconds of every step, and goes on with the next task when one fails."""
    for plan in job.suite.plans:
        name = plan.task.name
        mixer = load_mixer(job.source, job.device.type, import_seed(name, job.seed))
        last = time.perf_counter()

        def report(step: int, loss: float, norm: float, _rate: float, name: str = name, of: int = plan.steps) -> None:
            nonlocal last
            now = time.perf_counter()
            print(f"{name} step {step} of {of}: loss {loss:.4f} nats, gradient norm {norm:.4g}, {now - last:.3f} s")
            last = now

        try:
            model = construct(mixer, job, plan)
            last = time.perf_counter()
            batches = training_stream(plan.task, job.seed)
            train(model, replace(plan, steps=STEPS), batches, job.device, report, print)
        except JobFailure as failure:
            print(f"{name} failed, {failure.reason}: {failure.message}")
        except Exception as error:
            if is_out_of_memory(error):
                raise
            traceback.print_exc()
            print(f"{name} failed, crashed: {describe(error)}")
