"""Conformance programs 10-20, 22-26, 36-49: one candidate tries them all inside a real job behind the real launcher."""

import json
import os
import sys
from pathlib import Path

import pytest

from tests.conformance.sandbox import sandbox
from tests.jobs.run_job import run_job

SOURCE = (Path(__file__).parent / "programs/attempts.py").read_text()

pytestmark = [
    pytest.mark.skipif(sandbox().tier < 1, reason=f"no isolation is proven here: {sandbox().note}"),
    pytest.mark.xdist_group("attempts"),  # they share a job
]


@pytest.fixture(scope="module")
def tried():
    outcome = run_job({"source": SOURCE}, launcher=sandbox().argv).outcome
    assert outcome["reason"] == "program-invalid", outcome
    line = next(line for line in outcome["evidence"]["logTail"].splitlines() if line.startswith("CONFORMANCE "))
    return json.loads(line.removeprefix("CONFORMANCE "))


HARMLESS = {
    "HOME", "LANG", "LC_CTYPE", "LOGNAME", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "PATH", "PWD",
    "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED", "PYTHONPATH", "TMPDIR", "TORCHDYNAMO_DISABLE", "USER",
}  # fmt: skip


def test_10_the_environment_holds_harmless_names_only(tried):
    assert set(tried["environment"]) - {"CUDA_VISIBLE_DEVICES", "CUDA_MODULE_LOADING"} <= HARMLESS


def test_11_of_the_homes_only_the_path_to_python_is_there(tried):
    here = Path(sys.base_prefix)
    allowed = {"ENOENT", "EACCES", *here.parts, *Path(sys.prefix).parts}
    found = tried["root-home"]
    assert set(found if isinstance(found, list) else [found]) <= allowed


def test_12_no_other_process_of_the_host_is_seen_and_none_of_the_sandbox_tells_a_secret(tried):
    others = [pid for pid, *_ in tried["proc"] if int(pid) > 64]
    assert others == []
    # Of the sandbox's own first process the environment is as harmless as this one's, where it can be read at all.
    assert tried["init-environment"] in ("EACCES", "EPERM") or tried["init-environment"] < 4096


def test_no_descriptor_but_the_three_pipes_is_inherited(tried):
    files = {target for number, target in tried["descriptors"].items() if int(number) > 2}
    assert all(target.startswith(("pipe:", "/proc/", "anon_inode:")) for target in files), tried["descriptors"]


def test_26_nothing_of_the_host_is_mounted_writable(tried):
    assert set(tried["writable-mounts"]) <= {"/tmp", "/dev/shm", "/dev/pts", "/dev/mqueue", "/proc"}


REFUSED = {
    "shadow": (11, {"ENOENT", "EACCES"}),
    "other-runs": (11, {"ENOENT", "EACCES"}),
    "tcp": (13, {"EPERM", "ECONNREFUSED", "EACCES"}),
    "udp": (14, {"EPERM", "ECONNREFUSED", "ENETUNREACH"}),
    "dns": (15, {"EPERM", "errno -3", "errno -2"}),
    "vsock": (16, {"EPERM", "EAFNOSUPPORT"}),
    "abstract-socket": (17, {"EPERM", "ECONNREFUSED"}),
    "write-site-packages": (18, {"EROFS", "EACCES"}),
    "write-trainer": (18, {"EROFS", "EACCES"}),
    "write-root": (18, {"EROFS", "EACCES"}),
    "write-python": (18, {"EROFS", "EACCES", "ETXTBSY"}),
    "fork-bomb": (19, {"EAGAIN"}),
    "thread-bomb": (20, {"EAGAIN"}),
    "fill-tmp": (22, {"EFBIG", "ENOSPC"}),
    "many-files": (23, {"ENOSPC", "EDQUOT"}),
    "fill-shm": (24, {"EFBIG", "ENOSPC"}),
    "sparse": (25, {"EFBIG"}),
    "ptrace-parent": (37, {"EPERM", "ESRCH"}),
    "user-namespace": (38, {"EPERM", "ENOSPC"}),
    "mount": (39, {"EPERM"}),
    "io-uring": (40, {"EPERM", "ENOSYS"}),
    "keyctl": (41, {"EPERM", "ENOSYS"}),
    "mknod": (42, {"EPERM"}),
    "core-pattern": (43, {"EACCES", "EROFS", "EPERM", "ENOENT"}),
    "become-root": (44, {"refused", "FileNotFoundError", "ENOENT", "EACCES", "EAGAIN"}),
    "set-user": (44, {"EPERM", "EINVAL"}),
    "raise-limit": (45, {"EPERM", "ValueError"}),
    "raise-memory-limit": (45, {"EPERM", "ValueError"}),
    "x32-call": (46, {"SIGSYS", "not-x64"}),
    "int80-call": (47, {"SIGSYS", "not-x64"}),
}


@pytest.mark.parametrize("name", REFUSED, ids=lambda name: f"{REFUSED[name][0]}-{name}")
def test_the_attempt_is_refused(tried, name):
    assert str(tried[name]).split(":")[0] in REFUSED[name][1], tried[name]


def test_36_a_signal_to_everyone_reaches_the_sandbox_only(tried):
    assert tried["kill-everyone"] in ("worked", "ESRCH", "EPERM")
    os.kill(os.getpid(), 0)  # and this test is still there


def test_49_a_folder_5000_levels_deep_is_gone_with_the_worker(tried):
    assert tried["deep-folder"] == "made"
    assert not Path("/tmp/d/d/d/d").exists()
