"""A program that passes is trained for hours: its second step must be able to follow, and its weights must count."""

import pytest

from tests.certificate.corpus.behaviour import BEHAVIOUR
from tests.certificate.corpus.legal import LEGAL
from tests.certificate.corpus.program import program
from trainer.certificate.checks.training_steps import check_training_steps
from trainer.certificate.checks.unregistered_parameters import check_unregistered_parameters
from trainer.certificate.finding import Finding
from trainer.certificate.subject import Subject
from trainer.worker.program import load_mixer


def subject(source: str) -> Subject:
    return Subject(load_mixer(source), 64, 2, None, 17312)


def broken(source: str) -> list[Finding]:
    return [finding for finding in check_training_steps(subject(source)) if finding.status == "fail"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("decay computed from a parameter by the constructor", "the constructor computes self.a from self.rate"),
        ("buffer computed from a parameter by the constructor", "the constructor computes self.a from self.rate"),
        (
            "decay computed by the constructor, with nothing saved for the backward pass",
            "the constructor computes self.a from self.rate",
        ),
        ("value of a parameter computed once for all calls", "computed from self.rate, and the next one uses it"),
        ("state carried from step to step with its graph, in training", "a call keeps self.carried, computed from "),
    ],
)
def test_what_outlives_its_step_is_named_with_the_parameters_that_it_keeps_from_training(name: str, told: str) -> None:
    (finding,) = broken(BEHAVIOUR[name][0])
    assert told in finding.message
    assert "retain_graph" not in finding.message


def test_a_value_that_the_constructor_hides_in_a_closure_is_the_constructors() -> None:
    hidden = program(
        "o = self.f(o)",
        constructor="self.rate = nn.Parameter(torch.ones(d_model))\na = -self.rate\nself.f = lambda o: o * a",
    )
    (finding,) = broken(hidden)
    assert "the constructor computes something" in finding.message


def test_a_state_that_only_the_third_step_goes_back_through_is_seen() -> None:
    carried = program(
        "if self.training:\n    o = o + self.carried\n"
        "    self.carried = self.carried + self.p(x.detach()).sigmoid().mean((0, 1))",
        constructor="self.carried = torch.zeros(d_model)\nself.p = nn.Linear(d_model, d_model)",
    )
    (finding,) = broken(carried)
    assert finding.kind == "hard"
    assert "step 3 of a training" in finding.message


@pytest.mark.parametrize(
    "name",
    [
        *("parameters seen through views that the constructor makes", "weight norm", "weight norm of older torch"),
        *("spectral norm of older torch", "weights that torch computes once for one call", "gradient checkpointing"),
        *("step counter with a schedule, in training only", "tensors that ask for gradients for one call"),
    ],
)
@pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning")
def test_what_every_call_computes_anew_is_no_stale_value(name: str) -> None:
    assert broken(LEGAL[name]) == []


def test_the_weights_are_named_and_not_the_template_that_they_are_called_with() -> None:
    source, _ = BEHAVIOUR["weights of several heads stacked by torch.func, beside a template"]
    (finding,) = check_unregistered_parameters(subject(source))
    assert "self.stacked (shape [2, 64, 64])" in finding.message
    assert "self.template" not in finding.message
