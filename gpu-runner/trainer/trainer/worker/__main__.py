"""`python -m trainer.worker train|evaluate|certify|probe`: started by the scorer, inside the launcher's isolation."""

from __future__ import annotations

import gc
import os
import sys

from trainer.worker.channel import Channel


def main(role: str) -> None:
    """Runs one role to its end."""
    channel = Channel()  # before torch is imported: nothing may print on the scorer's pipe
    gc.disable()  # nothing of torch is garbage, and walking it again and again is an eighth of the time of its import
    from trainer.worker.guard import guarded

    if role == "train":
        from trainer.worker.train_role import run_train_worker as run
    elif role == "evaluate":
        from trainer.worker.evaluate_role import run_evaluation_worker as run
    elif role == "certify":
        from trainer.worker.certify_role import run_certification_worker as run
    elif role == "probe":
        from trainer.worker.probe_role import run_probe_worker as run
    else:
        sys.exit(f"unknown worker role {role!r}: train, evaluate, certify or probe")
    gc.enable()
    guarded(channel, lambda: run(channel))
    while channel.receive() is not None:  # the scorer reads this process's CPU time before it lets go of it
        pass
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) == 2 else "")
