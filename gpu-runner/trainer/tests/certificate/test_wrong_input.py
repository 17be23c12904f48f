"""Whatever a file contains, the answer is a verdict or a sentence, within a bounded time."""

import contextlib
import time

import pytest

from tests.certificate.corpus.program import program
from tests.certificate.subject_of import subject_of
from tests.jobs.run_job import run_job
from trainer.certificate import certify as module
from trainer.certificate.certify import certify
from trainer.certificate.cpu_limit import OverTimeError, cpu_limit
from trainer.certificate.subject import Subject


@pytest.mark.parametrize(
    ("where", "source"),
    [
        ("import", "while True:\n    pass\n"),
        ("construct", program(constructor="while True:\n            pass")),
        ("construct", program("while True:\n            pass")),
        ("lengths", program("while t == 33:\n            pass")),
        (
            "construct",
            program(
                "while True:\n    try:\n        while True:\n            pass\n    except Exception:\n        pass"
            ),
        ),
    ],
)
def test_a_program_without_end_gets_a_verdict(where: str, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CPU_SECONDS", 1.0)
    certificate = certify(source)
    assert certificate["verdict"] == "fail"
    finding = certificate["findings"][-1]
    assert finding["test"] == "time limit"
    assert where in finding["message"]
    if where == "lengths":
        assert finding["smallestInput"] == "B=1 T=33"


def test_a_program_out_of_time_has_its_parameters_counted_and_is_told_when_they_are_what_takes_the_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "CPU_SECONDS", 2.0)
    absurd = program(
        constructor="self.big = nn.Parameter(torch.zeros(20_000_000))",
        after="for _ in range(20_000):\n    o = o + self.big[0]",
    )
    certificate = certify(absurd)
    assert certificate["verdict"] == "fail"
    assert 20_000_000 < certificate["parameters"] < 20_100_000
    assert certificate["flopsPerToken"] == 0.0
    (finding,) = [f for f in certificate["findings"] if f["test"] == "time limit"]
    assert "times the parameters of DeltaNet" in finding["message"]


def test_what_is_measured_after_the_tests_ends_with_the_time_too() -> None:
    def without_end(_: Subject) -> str:
        while True:
            pass

    end = module.Deadline(time.process_time(), 0.5)
    told, (finding,) = module._in_time("its fingerprint", subject_of(program()), end, [], without_end, lambda _: "none")
    assert told == "none"
    assert (finding.test, finding.kind, finding.status) == ("time limit", "hard", "fail")
    assert "its fingerprint" in finding.message


def test_a_limit_within_another_neither_lengthens_nor_ends_it() -> None:
    def spin(seconds: float) -> None:
        end = time.process_time() + seconds
        while time.process_time() < end:
            pass

    def spin_within_limits() -> None:
        with cpu_limit(100.0):
            pass
        with contextlib.suppress(OverTimeError), cpu_limit(0.05):
            spin(100.0)
        reached.append("after the inner ones")
        spin(100.0)

    reached: list[str] = []
    with pytest.raises(OverTimeError), cpu_limit(0.3):
        spin_within_limits()
    assert reached == ["after the inner ones"]
    with pytest.raises(OverTimeError), cpu_limit(0.3), cpu_limit(100.0):
        spin(100.0)
    spin(0.7)  # no limit is left behind


@pytest.mark.parametrize(
    "constructor",
    ["self.lazy = nn.LazyLinear(d_model)", "self.parameters = lambda recurse=True: 1 // 0"],
)
def test_parameters_that_cannot_be_counted_are_a_verdict(constructor: str) -> None:
    certificate = certify(program(constructor=constructor))
    assert certificate["verdict"] == "fail"
    assert "cannot be counted" in certificate["findings"][-1]["message"]


CRASHES = {
    "10 GB of Python numbers": (program(constructor="self.c = [0.0] * 1_250_000_000"), "out-of-memory"),
    "leaves the interpreter": ("import os\nos._exit(0)\n", "worker-died"),
    "prints without end": ("import sys\nwhile True:\n    sys.stdout.write('x' * 65536)\n", "program-invalid"),
    "sleeps for ever": ("import time\ntime.sleep(1e6)\n", "timeout"),
}


def test_a_constant_of_10_gb_gets_a_verdict() -> None:
    source = program(constructor='self.register_buffer("c", torch.ones(2_500_000_000))')
    outcome = run_job({"source": source}, kind="certify").outcome
    assert outcome["status"] == "ok", outcome
    assert outcome["result"]["verdict"] == "fail"
    assert "memory" in outcome["result"]["findings"][0]["message"]


@pytest.mark.slow
@pytest.mark.parametrize("name", CRASHES)
def test_what_no_verdict_can_be_given_on_ends_the_job_with_a_reason(name: str) -> None:
    source, reason = CRASHES[name]
    limits = {"wallSeconds": 30 if reason == "timeout" else 180, "memoryBytes": 6 << 30}
    outcome = run_job({"source": source}, kind="certify", limits=limits).outcome
    assert outcome["status"] == "failed", outcome
    assert outcome["reason"] == reason, outcome
    assert len(outcome["message"]) > 20


@pytest.mark.slow
@pytest.mark.parametrize(("d_model", "n_heads"), [(1, 1), (7, 7)])
def test_absurd_sizes_get_a_verdict(d_model: int, n_heads: int) -> None:
    assert certify("delta-net", d_model, n_heads)["verdict"] in ("pass", "flagged", "fail")


@pytest.mark.slow
def test_a_huge_output_is_a_wrong_shape() -> None:
    certificate = certify(program(result="self.out(o).repeat(1, 200, 10)"))
    assert [f["test"] for f in certificate["findings"]] == ["construct"]
