"""What to tell the author of a program whose initialisation no seed repeats."""

from __future__ import annotations

from trainer.initialisation.named_sizes import named_sizes


def unseeded_draws_message(unseeded: dict[str, int]) -> str:
    """What to tell the author; `unseeded` are sizes by name, at least one."""
    return (
        f"{named_sizes(unseeded)} are others each time the program is "
        "built with the same seed of the trainer. Then no run can be repeated or paired with another, and what is "
        "evaluated is not what was trained. Draw from torch's global generator, and not without a seed (numpy's "
        "default_rng(), secrets, clocks)."
    )
