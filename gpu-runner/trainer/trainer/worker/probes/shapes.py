"""`shapes`: one forward pass at several batch sizes and lengths."""

from __future__ import annotations

import time
import traceback

import torch

from trainer.worker.program import describe, is_out_of_memory
from trainer.worker.setup import WorkerJob

CASES = ((1, 1), (1, 2), (2, 7), (3, 64), (1, 65), (4, 128), (1, 256))


def run_shapes(job: WorkerJob, mixer: torch.nn.Module) -> None:
    """Prints for each case the output's shape and type, whether it is finite, and the seconds."""
    width = job.suite.d_model
    for batch, length in CASES:
        torch.manual_seed(0)
        x = torch.randn(batch, length, width, device=job.device)
        started = time.perf_counter()
        try:
            with torch.no_grad():
                answer = mixer(x)
        except Exception as error:
            if is_out_of_memory(error):
                raise
            traceback.print_exc()
            print(f"[{batch}, {length}, {width}]: {describe(error)}")
            continue
        seconds = time.perf_counter() - started
        print(f"[{batch}, {length}, {width}] -> {_described(answer)}, {seconds:.3f} s")


def _described(answer: object) -> str:
    if isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[1], dict):
        return f"{_described(answer[0])} and {sorted(answer[1])}"
    if not isinstance(answer, torch.Tensor):
        return f"no tensor but {type(answer).__name__}"
    finite = "finite" if bool(torch.isfinite(answer).all()) else "NOT finite"
    return f"{list(answer.shape)} {str(answer.dtype).removeprefix('torch.')}, {finite}"
