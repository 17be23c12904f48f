"""What a train worker says of its program's costs."""

from __future__ import annotations

from dataclasses import dataclass

from trainer.protocol.frames import Frame
from trainer.scorer.checked import MAX_COUNT, Conversation

MOST_ACCELERATOR_BYTES = 1 << 44  # a hundred times what one has


@dataclass(frozen=True)
class EfficiencyClaims:
    """Figures that the scorer cannot measure itself, and only knows to be possible.

    Attributes:
        accelerator_peak_bytes: 0 on a CPU, whose memory the scorer reads.
        state_size: numbers; None where the worker could not tell.
    """

    accelerator_peak_bytes: int
    flops_per_token: float
    state_size: int | None


def efficiency_claims(trainer: Conversation, done: Frame, device: str, memory_bytes: int) -> EfficiencyClaims:
    """The claims of a `done` frame. A state is held in memory, by at least a byte a number.

    Raises:
        JobFailure: `bad-frame` for one that no program on this device can have.
    """
    accelerator = MOST_ACCELERATOR_BYTES if device == "cuda" else 0
    state = done.header.get("stateSize")
    return EfficiencyClaims(
        trainer.count(done.header.get("acceleratorPeakBytes"), "the accelerator's memory in bytes", accelerator),
        trainer.amount(done.header.get("flopsPerToken"), "FLOPs per token", most=MAX_COUNT),
        None if state is None else trainer.count(state, "the state's size", max(accelerator, memory_bytes)),
    )
