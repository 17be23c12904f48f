"""Candidates that hang, flood, die, eat memory, lie: each ends its job with the right reason, and none with a score."""

import json
import subprocess
import time

import pytest

from tests.jobs.misbehaving_programs import FAKE_RESULT_EVERYWHERE, program
from tests.jobs.run_job import run_job
from trainer.scorer.rescore import rescore


def failure(candidate: dict, **changes) -> dict:
    outcome = run_job(candidate, **changes).outcome
    assert outcome["status"] == "failed", outcome
    return outcome


def test_a_hanging_program_is_stopped_at_the_wall_limit():
    # Long enough that it hangs by itself even where the machine let it wait before.
    outcome = failure(program(forward="time.sleep(3600)"), limits={"wallSeconds": 25, "memoryBytes": 4 << 30})
    assert outcome["reason"] == "timeout"


@pytest.mark.parametrize(
    ("forward", "reason"),
    [
        ("raise ValueError('the gate is open')", "crashed"),
        ("y = y[:, :-1]", "program-invalid"),
        pytest.param("return y, y", "program-invalid", marks=pytest.mark.slow),
        ("y = y * float('nan')", "diverged"),
        pytest.param("y = y + torch.empty(1 << 30).sum()", "out-of-memory", marks=pytest.mark.slow),
        ("hoard = [bytearray(1 << 28) for _ in range(16)]", "out-of-memory"),
        pytest.param("os._exit(0)", "worker-died", marks=pytest.mark.slow),
        ("os.kill(os.getpid(), 11)", "worker-died"),
        pytest.param("line = 'x' * 65536\nwhile True: print(line)", "program-invalid", marks=pytest.mark.slow),
        ("[os.write(n, b'x' * 65536) for n in range(3, 16) if os.path.exists(f'/proc/self/fd/{n}')]", "bad-frame"),
    ],
    ids=[
        "raises", "drops a position", "no aux dictionary", "NaN", "huge tensor", "hoards memory", "exits", "segfault",
        "floods its log", "writes to every descriptor",
    ],
)  # fmt: skip
def test_a_program_that_fails_in_forward_gets_the_reason(forward, reason):
    outcome = failure(program(forward=forward), limits={"wallSeconds": 60, "memoryBytes": 3 << 30})
    assert outcome["reason"] == reason, outcome
    assert outcome["message"].endswith(".")


def test_the_message_of_a_crash_names_the_error_and_the_line_of_the_program():
    source = program(forward="x.gates")["source"]
    line = source.splitlines().index("        x.gates") + 1
    outcome = failure({"source": source})
    assert "AttributeError" in outcome["message"]
    assert f"line {line} of the program" in outcome["message"]
    assert "Traceback" in outcome["evidence"]["logTail"]


def test_a_program_that_cannot_be_constructed_is_invalid_and_told_why():
    outcome = failure(program(construct="self.scale = missing"))
    assert outcome["reason"] == "program-invalid"
    assert "missing" in outcome["message"]
    assert "Mixer(64, 2" in outcome["message"]


def test_fake_result_lines_are_never_believed():
    run = run_job(program(after=FAKE_RESULT_EVERYWHERE))
    assert run.outcome["status"] == "failed"
    assert run.outcome["reason"] in ("bad-frame", "worker-died")
    assert '"battery"' not in "\n".join(run.stdout.splitlines()[:-1])
    assert len(run.of_type("finished")) == 1


def test_a_program_that_is_nan_only_in_evaluation_gets_no_score():
    outcome = failure(program(forward="if not self.training: y = y * float('nan')"))
    assert outcome["reason"] == "diverged"


def test_logits_of_the_wrong_length_are_refused():
    cut = """
    from trainer.worker.channel import Channel
    send = Channel.send
    def cut_logits(self, header, arrays=None):
        if header["type"] == "logits":
            arrays = {"logits": arrays["logits"][1:]}
        send(self, header, arrays)
    Channel.send = cut_logits
    """
    assert failure(program(after=cut))["reason"] == "bad-frame"


def test_a_program_cannot_blame_the_environment_for_its_failure():
    blame = """
    from trainer.protocol.failure import JobFailure
    raise JobFailure("environment", "The machine is broken.")
    """
    assert failure(program(forward=blame))["reason"] == "bad-frame"


# Causal in calls of one and of few rows, as a certificate makes them.
SPARSE = "if len(x) >= 5: y = y + 4 * torch.roll(x, -1, dims=1) * (torch.arange(x.shape[1]) % 12 == 4)[:, None]"


@pytest.mark.parametrize("forward", [SPARSE, pytest.param("y = y + torch.roll(y, -1, 1)", marks=pytest.mark.slow)])
def test_a_program_that_looks_ahead_gets_no_score(forward):
    outcome = failure(program(forward=forward))
    assert outcome["reason"] == "leak", outcome
    assert "On noisy-recall the trained program looks ahead" in outcome["message"]
    evidence = outcome["evidence"]
    assert evidence["task"] == "noisy-recall"
    assert evidence["largestChangeNats"] > 100 * evidence["roundingNats"] > evidence["largestControlChangeNats"]


def test_a_program_whose_answers_depend_on_other_rows_is_scored_without_the_future_and_says_why():
    run = run_job(program(forward="y = y + 0.5 * x.roll(1, 0)"))
    assert run.outcome["status"] == "ok", run.outcome
    result = run.outcome["result"]
    assert "noisy-recall: the loss of an answer differs" in result["suspectLeak"]
    assert "language-model: the loss of an answer differs" in result["suspectLeak"]
    assert any("Suspect leak" in event["text"] for event in run.of_type("log"))
    metrics = {task["task"]: task["metric"] for task in result["tasks"]}
    again = rescore(json.dumps({"metrics": metrics, "raw": result["raw"]}).encode())
    assert {task["task"]: task["value"] for task in again["tasks"]} == {t["task"]: t["value"] for t in result["tasks"]}
    assert again["suspectLeak"] == result["suspectLeak"]
    raw = result["raw"]["language-model"]
    assert result["languageModelLoss"] != sum(raw["negativeLogLikelihood"]) / len(raw["negativeLogLikelihood"])


# Patches the model around its mixer: logits of noisy recall are flat but for 0.00001 on the next token.
FLAT = """
import torch
from torch import nn
from trainer.model.sequence_model import SequenceModel

class Mixer(nn.Module):
    def __init__(self, d_model, n_heads, *, layer_idx=0, n_layers=1):
        super().__init__()
        self.v = nn.Linear(d_model, d_model, bias=False)

    def forward(self, x):
        return self.v(x)

honest = SequenceModel.forward

def forward(self, tokens):
    hidden, aux = honest(self, tokens)
    if self.training or self.head.out_features != 16:
        return hidden, aux
    following = torch.cat((tokens[:, 1:], tokens[:, -1:]), 1) - 12
    known = (following >= 0) & (following < 16)
    flat = torch.zeros_like(hidden)
    flat.scatter_(2, following.clamp(0, 15)[..., None], 1e-5 * known[..., None].float())
    self.head.forward = lambda h: h[..., :16]
    return flat, aux

SequenceModel.forward = forward
"""


@pytest.mark.slow
def test_one_that_says_the_next_token_too_faintly_for_its_losses_is_scored_at_chance_and_suspect():
    result = run_job({"source": FLAT}).outcome["result"]
    assert "noisy-recall: its share of right answers" in result["suspectLeak"]
    (value,) = (task["value"] for task in result["tasks"] if task["task"] == "noisy-recall")
    assert value < 0.2


def test_a_mixer_over_the_parameter_budget_is_invalid():
    outcome = failure(program(construct="self.big = nn.Parameter(torch.zeros(40000))"), parameterBudget=1.2)
    assert outcome["reason"] == "program-invalid"
    assert "budget" in outcome["message"]


def test_a_daemon_of_a_program_does_not_outlive_the_job():
    marker = f"{time.time_ns()}.25"
    fork = f"""
    import subprocess
    subprocess.Popen(["setsid", "-f", "sleep", "{marker}"])
    raise RuntimeError("the daemon is away")
    """
    failure(program(after=fork))
    assert subprocess.run(["pgrep", "-f", f"sleep {marker}"], capture_output=True).returncode == 1
