"""cpu-smoke: the tasks of cpu-quick with a few steps each, for tests of the machinery; its scores mean nothing."""

from __future__ import annotations

from dataclasses import replace

from trainer.suites.cpu_quick import CPU_QUICK

CPU_SMOKE = replace(
    CPU_QUICK,
    name="cpu-smoke",
    plans=tuple(
        replace(plan, steps=6, batch_size=4, warm_up_steps=2, held_out_sequences=8) for plan in CPU_QUICK.plans
    ),
)
