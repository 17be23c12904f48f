"""The suites by name."""

from __future__ import annotations

from trainer.suites.cpu_full import CPU_FULL
from trainer.suites.cpu_quick import CPU_QUICK
from trainer.suites.cpu_smoke import CPU_SMOKE
from trainer.suites.suite import Suite

SUITES: dict[str, Suite] = {suite.name: suite for suite in (CPU_QUICK, CPU_FULL, CPU_SMOKE)}
