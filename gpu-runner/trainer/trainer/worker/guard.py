"""Turns whatever goes wrong in a worker into one frame with a reason."""

from __future__ import annotations

import traceback
from collections.abc import Callable

from trainer.model.block import MixerOutputError
from trainer.protocol.failure import JobFailure, Reason
from trainer.worker.channel import Channel
from trainer.worker.program import describe, is_out_of_memory


def guarded(channel: Channel, body: Callable[[], None]) -> None:
    """Runs the body; a failure is sent as `failed`, its traceback goes to the log."""
    try:
        body()
        return
    except JobFailure as failure:
        reason, message = failure.reason, failure.message
    except BaseException as error:
        reason, message = _classified(error)
        if reason != "out-of-memory":
            traceback.print_exc()
        # The traceback holds every tensor of the failed step: let go of them before anything is allocated.
        error.__traceback__ = None
    channel.send({"type": "failed", "reason": reason, "message": message[:2000]})


def _classified(error: BaseException) -> tuple[Reason, str]:
    if is_out_of_memory(error):
        return "out-of-memory", (
            "The program needs more memory than the job allows; reduce what it allocates with sequence length or "
            f"batch size ({type(error).__name__})."
        )
    if isinstance(error, MixerOutputError):
        return "program-invalid", f"{error}."
    return "crashed", f"The program raised {describe(error)}."
