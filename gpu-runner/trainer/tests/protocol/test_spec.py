"""Specifications that cannot be meant are refused before anything starts."""

import json

import pytest

from tests.jobs.run_job import spec
from trainer.protocol.failure import JobFailure
from trainer.protocol.spec import parse_spec

SUITES = ("cpu-quick", "cpu-smoke")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"jobId": ""}, "jobId"),
        ({"kind": "explore"}, "kind"),
        ({"kind": "probe"}, "probe"),
        ({"kind": "probe", "probe": {"name": "secrets"}}, "probe"),
        ({"kind": "probe", "probe": {"name": "shapes", "snippet": "1"}}, "probe"),
        ({"kind": "probe", "probe": {"snippet": "x" * (1 << 17)}}, "probe"),
        ({"kind": "train", "probe": {"name": "shapes"}}, "probe"),
        ({"program": {"builtin": "perceptron"}}, "program"),
        ({"program": {"builtin": "delta-net", "source": "x"}}, "program"),
        ({"program": {"source": "x" * (1 << 21)}}, "program"),
        ({"suite": "gpu-huge"}, "suite"),
        ({"seed": 1.5}, "seed"),
        ({"seed": True}, "seed"),
        ({"evaluationSeed": ""}, "evaluationSeed"),
        ({"device": "tpu"}, "device"),
        ({"launcher": "sh"}, "launcher"),
        ({"limits": None}, "limits"),
        ({"limits": {"wallSeconds": -1, "memoryBytes": 1}}, "limits.wallSeconds"),
        ({"limits": {"wallSeconds": 1, "memoryBytes": float("nan")}}, "limits.memoryBytes"),
        ({"parameterBudget": "1.2"}, "parameterBudget"),
        ({"full": "yes"}, "full"),
    ],
)
def test_an_unusable_specification_names_its_wrong_field(changes, field):
    text = json.dumps({**spec({"builtin": "delta-net"}), **changes}).encode()
    with pytest.raises(JobFailure) as caught:
        parse_spec(text, SUITES)
    assert caught.value.reason == "spec-invalid"
    assert field in caught.value.message


def test_a_good_specification_is_read_completely():
    text = json.dumps(spec({"source": "class Mixer: ..."}, parameterBudget=1.05, launcher=["bwrap", "--"])).encode()
    read = parse_spec(text, SUITES)
    assert (read.builtin, read.source) == (None, "class Mixer: ...")
    assert read.parameter_budget == 1.05
    assert read.launcher == ("bwrap", "--")
    assert read.limits.wall_seconds == 180
