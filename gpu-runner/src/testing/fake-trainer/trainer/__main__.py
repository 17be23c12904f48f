"""A trainer that speaks the contract without torch, and misbehaves on request.

The first line of the program's source says how: `# fake: <behaviour>`. Used by the runner's tests, so that they need neither
torch nor time; it measures nothing.
"""

import ctypes
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from typing import Any

VERSIONS = {"trainer": "fake", "torch": "none", "python": sys.version.split()[0]}
SUITES = ["cpu-quick", "cpu-smoke"]
BUILTINS = [
    "delta-net",
    "gated-delta-net",
    "mamba2",
    "linear-attention",
    "softmax-attention",
]
STEPS = 20


def die_with_parent() -> None:
    """Asks the kernel to kill this process when its parent ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def emit(event: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


def finish(outcome: dict[str, Any]) -> None:
    emit({"type": "finished", "outcome": outcome})
    sys.exit(0)


def on_terminate(*_: object) -> None:
    emit({"type": "finished", "outcome": {"status": "cancelled"}})
    os._exit(0)


def fraction(text: str, *facts: object) -> float:
    """A number in [0, 1) that follows from the text and the facts."""
    digest = hashlib.sha256("\0".join([text, *map(str, facts)]).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def train_result(spec: dict[str, Any], text: str) -> dict[str, Any]:
    seed = spec["seed"]
    raw = {
        task: {
            "negativeLogLikelihood": [
                fraction(text, seed, task, row) for row in range(8)
            ],
            "accuracy": [1 - fraction(text, seed, task, row) for row in range(8)],
        }
        for task in ("parity", "language-model")
    }
    tasks = [
        {
            "task": task,
            "metric": "loss" if task == "language-model" else "accuracy",
            "value": sum(rows["accuracy"]) / 8,
            "loss": sum(rows["negativeLogLikelihood"]) / 8,
            "standardError": 0.01,
            "sequences": 8,
            "steps": STEPS,
            "learningRate": 1e-3,
            "trainCpuSeconds": 0.1,
            "claimedFinalTrainLoss": 0.5 if task == "parity" else "Infinity",
            "rawSha256": hashlib.sha256(json.dumps(rows).encode()).hexdigest(),
        }
        for task, rows in raw.items()
    ]
    return {
        "tasks": tasks,
        "raw": raw,
        "curves": {task: [[1, 2.0], [STEPS, "NaN"]] for task in raw},
        "battery": tasks[0]["value"],
        "languageModelLoss": tasks[1]["loss"],
        "parameters": {"mixer": 16000, "total": 90000},
        "stateSize": 2048,
        "flopsPerToken": 1e5,
        "trainTokensPerSecond": 1e4,
        "peakMemoryBytes": 10**8,
        "cpuSeconds": 0.1,
        "startUpSeconds": 0.05,
        "workSeconds": 0.05,
        "suite": spec["suite"],
        "seed": seed,
        "trainerVersion": "fake",
    }


def certificate(text: str) -> dict[str, Any]:
    finding = {
        "test": "causality",
        "kind": "hard",
        "status": "pass",
        "measured": 0.0,
        "threshold": 1e-5,
        "smallestInput": "",
        "message": "no output depends on a later input",
    }
    return {
        "verdict": "pass",
        "findings": [
            finding,
            {**finding, "kind": "reported", "status": "reported", "threshold": None},
        ],
        "parameters": 16000,
        "referenceParameters": 16640,
        "parameterRatio": 16000 / 16640,
        "stateSize": None,
        "flopsPerToken": 1e5,
        "flopExponent": 1.0,
        "programHash": hashlib.sha256(text.encode()).hexdigest(),
        "fingerprint": [
            [fraction(text, segment, value) for value in range(8)]
            for segment in range(2)
        ],
        "cpuSeconds": 0.1,
        "trainerVersion": "fake",
    }


def probe_result(probe: dict[str, str], behaviour: str) -> dict[str, Any]:
    crashes = behaviour == "crash-in-steps" and probe.get("name") == "steps"
    told = "parity failed, crashed: KeyError: 'gate' (line 3 of the program)\n"
    return {
        "stdout": f"asked for {json.dumps(probe)}\n" + (told if crashes else ""),
        "stderr": "KeyError: 'gate'" if crashes else "",
        "exit": 0,
        "seconds": 0.01,
    }


def misbehave(behaviour: str, kind: str) -> None:
    if behaviour in ("fail-in-training", "crash-in-steps") and kind == "train":
        misbehave("fail", kind)
    elif behaviour.startswith("end-in-training") and kind == "train":
        reason = behaviour.split()[1]
        message = f"the training ended by {reason}"
        evidence = {"logTail": f"rule of {reason}"}
        failed = {"reason": reason, "message": message, "evidence": evidence}
        finish({"status": "failed", **failed})
    elif behaviour == "hang":
        time.sleep(3600)
    elif behaviour == "ignore-terminate":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        emit({"type": "log", "level": "info", "text": "deaf"})
        while True:
            time.sleep(3600)
    elif behaviour == "grandchild":
        command = [
            sys.executable,
            "-c",
            "import signal,time;signal.signal(signal.SIGTERM,signal.SIG_IGN);time.sleep(3600)",
        ]
        child = subprocess.Popen(command, start_new_session=True)
        emit({"type": "log", "level": "info", "text": f"grandchild {child.pid}"})
    elif behaviour == "grandchild-hang":
        misbehave("grandchild", kind)
        time.sleep(3600)
    elif behaviour == "die":
        sys.stderr.write("about to die of a segmentation fault\n")
        sys.stderr.flush()
        os.kill(os.getpid(), signal.SIGSEGV)
    elif behaviour == "flood-events":
        while True:
            sys.stdout.write("x" * 65536)
    elif behaviour == "flood-log":
        while True:
            sys.stderr.write("x" * 65536 + "\n")
    elif behaviour == "no-event":
        sys.stdout.write("I have trained, believe me\n")
        sys.stdout.flush()
        time.sleep(3600)
    elif behaviour == "stay":
        return
    elif behaviour == "fail":
        evidence = {"logTail": "ValueError: head", "line": 12}
        finish(
            {
                "status": "failed",
                "reason": "program-invalid",
                "message": "no class Mixer",
                "evidence": evidence,
            }
        )
    elif behaviour == "timeout":
        finish(
            {
                "status": "failed",
                "reason": "timeout",
                "message": "used up 1 s",
                "evidence": {},
            }
        )
    elif behaviour == "environment":
        emit({"type": "log", "level": "info", "text": json.dumps(dict(os.environ))})
    elif behaviour.startswith("many-events"):
        for step in range(int(behaviour.split()[1])):
            values = {
                "loss": 1.0 / (step + 1),
                "gradientNorm": "NaN",
                "learningRate": 1e-3,
            }
            emit(
                {
                    "type": "metric",
                    "task": "parity",
                    "step": step,
                    "steps": step + 1,
                    "share": 1,
                    "values": values,
                }
            )


def job() -> None:
    die_with_parent()
    signal.signal(signal.SIGTERM, on_terminate)
    spec = json.load(sys.stdin)
    program = spec["program"]
    text = program.get("source") or program["builtin"]
    first = text.splitlines()[0]
    behaviour = first.removeprefix("# fake: ") if first.startswith("# fake: ") else ""
    emit({"type": "started", "pid": os.getpid(), "versions": VERSIONS, "device": "cpu"})
    emit({"type": "phase", "phase": "starting", "task": None})
    emit(
        {
            "type": "phase",
            "phase": {"certify": "certifying", "probe": "probing", "train": "training"}[
                spec["kind"]
            ],
            "task": "parity",
        }
    )
    misbehave(behaviour, spec["kind"])
    for step in range(1, STEPS + 1, 5):
        values = {"loss": 1.0 / step, "gradientNorm": 1.0, "learningRate": 1e-3}
        emit(
            {
                "type": "metric",
                "task": "parity",
                "step": step,
                "steps": STEPS,
                "share": step / STEPS,
                "values": values,
            }
        )
    emit({"type": "phase", "phase": "reporting", "task": None})
    result = {
        "certify": lambda: certificate(text),
        "probe": lambda: probe_result(spec["probe"], behaviour),
        "train": lambda: train_result(spec, text),
    }[spec["kind"]]()
    outcome = {"status": "ok", "kind": spec["kind"], "result": result}
    if behaviour == "stay":
        emit({"type": "finished", "outcome": outcome})
        time.sleep(3600)
    finish(outcome)


if __name__ == "__main__":
    if sys.argv[1] == "describe":
        print(
            json.dumps({"suites": SUITES, "builtins": BUILTINS, "versions": VERSIONS})
        )
    else:
        job()
