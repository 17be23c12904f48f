"""What to tell the author of a program whose initialisation no seed changes."""

from __future__ import annotations

from trainer.initialisation.named_sizes import named_sizes


def fixed_draws_message(fixed: dict[str, int]) -> str:
    """`fixed` are sizes by name, at least one."""
    return (
        f"{named_sizes(fixed)} are drawn by chance, but are the same with every seed of "
        "the trainer. A lucky draw would look like a better design, and no number of fresh seeds could tell. Draw from "
        "torch's global generator, best in the constructor, and do not seed it (no torch.manual_seed, no generator "
        "with a seed of its own, of torch, numpy or Python); what is meant to be fixed, make by a formula."
    )
