"""Quality control in a real job: a divergence that the worker hides is seen by the trusted side."""

from tests.jobs.misbehaving_programs import program
from tests.jobs.run_job import run_job

LYING_WATCH = """
import trainer.worker.training_loop as loop
class Blind:
    def skip(self, step): return None
loop.DivergenceWatch = Blind
"""


def test_a_training_whose_loss_is_not_finite_is_stopped_though_the_program_blinds_its_own_process():
    run = run_job(program(forward="if self.training: y = y * float('nan')", after=LYING_WATCH))
    outcome = run.outcome
    assert outcome["reason"] == "diverged", outcome
    assert outcome["evidence"]["rule"] == "not-finite"
    assert "parity" in outcome["message"]
    assert any("rule not-finite" in event["text"] for event in run.of_type("log"))


CLAIMS_AN_EXPLOSION = """
import trainer.worker.training_loop as loop
honest = loop._losses
def raised(*given):
    loss, total = honest(*given)
    return loss + 500, total
loop._losses = raised
"""


def test_a_training_whose_stops_are_only_reported_is_trained_to_its_end_and_says_each_stop_once():
    exploding = program(after=CLAIMS_AN_EXPLOSION)
    assert run_job(exploding).outcome["reason"] == "diverged"
    run = run_job(exploding, reportStops=True)
    assert run.outcome["status"] == "ok", run.outcome
    said = [event["text"] for event in run.of_type("log") if "would have stopped" in event["text"]]
    assert said
    assert len(set(said)) == len(said)
    assert "rule explosion" in said[0]


ONE_LOUD_STEP = """
import trainer.worker.training_loop as loop
honest, calls = loop._losses, [0]
def loud_once(*given):
    loss, total = honest(*given)
    calls[0] += 1
    return loss + (50 if calls[0] == 40 else 0), total
loop._losses = loud_once
"""


def test_one_loud_step_that_heals_costs_no_training():
    outcome = run_job(program(after=ONE_LOUD_STEP)).outcome
    assert outcome["status"] == "ok", outcome
