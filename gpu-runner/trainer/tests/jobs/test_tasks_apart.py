"""What a task taught must not reach the next: with weights from one to the other a program has trained for longer."""

import pytest

from tests.certificate.corpus.program import program
from tests.jobs.run_job import run_job

# An idiom for sharing weights between layers: the first module that is made gives its parts to all others.
_SHARED = "SHARED = {}\n" + program(
    constructor="{reset}\n"
    "for name, child in list(self.named_children()):\n"
    "    setattr(self, name, SHARED.setdefault(name, child))"
)

pytestmark = pytest.mark.xdist_group("tasks apart")


def test_weights_that_a_program_keeps_in_its_globals_are_carried_into_no_other_task():
    keeps, forgets = (
        run_job({"source": _SHARED.replace("{reset}", reset)}).outcome["result"]
        for reset in ("pass", "if layer_idx == 0: SHARED.clear()")
    )
    assert len(keeps["raw"]) > 1
    assert keeps["curves"] == forgets["curves"]
    assert keeps["raw"] == forgets["raw"]
