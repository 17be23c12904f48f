"""Whose fault it is that a job's wall-clock limit was reached: the program's, or that of a machine with other work."""

from __future__ import annotations

from trainer.protocol.failure import JobFailure
from trainer.scorer.worker_death import log_evidence
from trainer.scorer.worker_process import WorkerProcess

_STARVED_SHARE = 0.6


def out_of_time(worker: WorkerProcess, wall_seconds: float, cpu_seconds: float, waited_seconds: float) -> JobFailure:
    """The failure of a job that is at its limit while `worker` is awaited: `timeout`, or `environment` when starved.

    Seconds of the job since its start, on the wall and on processors; and those that the worker waited for one.
    """
    evidence = {
        **log_evidence(worker),
        "wallSeconds": round(wall_seconds, 1),
        "cpuSeconds": round(cpu_seconds, 1),
        "waitedForProcessorSeconds": round(waited_seconds, 1),
    }
    used = f"{cpu_seconds:.0f} CPU-seconds in {wall_seconds:.0f} s"
    if is_starved(wall_seconds, cpu_seconds, waited_seconds):
        return JobFailure(
            "environment",
            f"The job used up its wall-clock limit with {used}: for {waited_seconds:.0f} s its worker waited for a "
            "processor that was busy with other work; give the runner fewer slots, or raise wallSeconds.",
            evidence,
        )
    return JobFailure(
        "timeout",
        f"The job used up its wall-clock limit ({used}); make the program faster or hang-free, or raise wallSeconds.",
        evidence,
    )


def is_starved(wall_seconds: float, cpu_seconds: float, waited_seconds: float) -> bool:
    """Whether a job wanted a processor and got much less than one. One that sleeps does not wait for any; one that
    crowds itself out with threads uses more.
    """
    return cpu_seconds < _STARVED_SHARE * wall_seconds and waited_seconds > (1 - _STARVED_SHARE) * wall_seconds
