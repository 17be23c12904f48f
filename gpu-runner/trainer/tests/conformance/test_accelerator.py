"""Conformance programs 58-62: they need an NVIDIA GPU."""

import subprocess
from pathlib import Path

import pytest

from tests.conformance.sandbox import sandbox
from tests.jobs.misbehaving_programs import program
from tests.jobs.run_job import run_job

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/dev/nvidiactl").exists(), reason="there is no NVIDIA GPU on this machine"),
]
LIMITS = {"wallSeconds": 120, "memoryBytes": 8 << 30}


def outcome(candidate: dict, **limits) -> dict:
    return run_job(candidate, launcher=sandbox().argv, device="cuda", limits={**LIMITS, **limits}).outcome


def used_mebibytes() -> int:
    query = ["nvidia-smi", "--query-gpu=memory.used", "--format=csv,noheader,nounits"]
    return sum(int(line) for line in subprocess.run(query, capture_output=True, text=True, check=True).stdout.split())


def test_58_a_program_that_allocates_all_memory_is_out_of_memory():
    found = outcome(program(forward="hoard = [torch.empty(1 << 28, device='cuda') for _ in range(4096)]"))
    assert found["reason"] == "out-of-memory"


def test_59_a_kernel_that_never_ends_is_a_timeout():
    found = outcome(program(forward="torch.cuda._sleep(1 << 62); torch.cuda.synchronize()"), wallSeconds=60)
    assert found["reason"] == "timeout"


def test_60_no_other_device_than_the_jobs_is_there():
    found = outcome(program(after="raise RuntimeError(f'devices: {torch.cuda.device_count()}')"))
    assert "devices: 1" in found["message"]


def test_61_no_context_is_left_behind():
    before = used_mebibytes()
    outcome(program(forward="keep = torch.ones(1 << 28, device='cuda'); os._exit(1)"))
    assert used_mebibytes() <= before + 64


def test_62_fresh_memory_is_zero():
    outcome(program(forward="secret = torch.full((1 << 28,), 7.0, device='cuda'); raise RuntimeError('full')"))
    look = "stale = torch.empty(1 << 28, device='cuda'); raise RuntimeError(f'stale: {bool((stale == 7.0).any())}')"
    assert "stale: False" in outcome(program(forward=look))["message"]
