"""What every kind of job needs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trainer.protocol.frames import encode_frame
from trainer.protocol.spec import JobSpec
from trainer.scorer.checked import Conversation
from trainer.scorer.events import EventWriter
from trainer.scorer.worker_pool import WorkerPool
from trainer.scorer.worker_process import Role
from trainer.suites.suite import Suite


@dataclass(frozen=True)
class JobContext:
    """One job. `started`: when it began (see WorkerPool)."""

    spec: JobSpec
    suite: Suite
    source: str
    device: str
    events: EventWriter
    pool: WorkerPool
    started: float
    checkpoints: Path | None = None  # a folder for the trained models, one folder a task

    def start(self, role: Role) -> Conversation:
        """Starts a worker and tells it the job: never the evaluation seed, never a label."""
        worker = self.pool.start(role)
        job = {
            "type": "job",
            "role": role,
            "suite": self.suite.name,
            "seed": self.spec.seed,
            "device": self.device,
            "source": self.source,
            "parameterBudget": self.spec.parameter_budget,
            "full": self.spec.full,
            "probe": self.spec.probe,
        }
        self.pool.send(worker, encode_frame(job))
        return Conversation(self.pool, worker, self.events)
