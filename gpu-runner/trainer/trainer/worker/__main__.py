"""`python -m trainer.worker`: started by the scorer, inside the launcher's isolation.

What the worker is for is told in its first frame and not in its arguments, which a program can read: they are the same
for the worker that trains it and for the one that evaluates it.
"""

from __future__ import annotations

import gc
import os

from trainer.worker.channel import Channel


def main() -> None:
    """Runs one role to its end."""
    channel = Channel()  # before torch is imported: nothing may print on the scorer's pipe
    gc.disable()  # nothing of torch is garbage, and walking it again and again is an eighth of the time of its import
    from trainer.worker.guard import guarded
    from trainer.worker.roles import worker_for

    run = worker_for(channel.receive())
    gc.enable()
    guarded(channel, lambda: run(channel))
    while channel.receive() is not None:  # the scorer reads this process's CPU time before it lets go of it
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
