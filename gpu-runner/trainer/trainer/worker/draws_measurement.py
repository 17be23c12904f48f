"""Looks whether a mixer's initialisation heeds the trainer's seed, for no longer than it is worth."""

from __future__ import annotations

import threading

from trainer.certificate.cpu_limit import OverTimeError, cpu_limit
from trainer.certificate.program_globals import clear_caches
from trainer.initialisation.fixed_draws import fixed_draws
from trainer.initialisation.held_values import held_values
from trainer.initialisation.other_draws import other_draws
from trainer.initialisation.values import Values
from trainer.model.construct_mixer import MixerFactory, construct_mixer
from trainer.seed_everything import seed_everything


def fixed_draws_within(cpu_seconds: float, factory: MixerFactory, d_model: int, n_heads: int) -> dict[str, int]:
    """`fixed_draws` of the constructor, or nothing where that cannot be told; the certificate looks at the import too.

    It never fails a job: a training is what was asked for, and by then it is done.
    """

    def built(seed: int) -> dict[str, Values]:
        clear_caches()
        seed_everything(seed)
        return held_values(construct_mixer(factory, d_model, n_heads, layer_idx=0, n_layers=1))

    def built_otherwise(number: int) -> dict[str, Values]:
        with other_draws(number):
            return built(0)

    if threading.current_thread() is not threading.main_thread():
        return {}  # without a limit it is not tried
    try:
        with cpu_limit(cpu_seconds):
            return fixed_draws(built, built_otherwise)
    except (Exception, OverTimeError):
        return {}
