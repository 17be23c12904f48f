"""How alike a program and a built-in mixer are by their fingerprints: of each pair the smallest correlation of a segment."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[5] / "gpu-runner/trainer"))

import torch
from trainer.fingerprint.behaviour import behaviour
from trainer.mixers.registry import builtin_class
from trainer.worker.program import load_mixer

D_MODEL, N_HEADS = 48, 2


def fingerprint(mixer: type) -> list[torch.Tensor]:
    """Its segments, each with mean 0 and length 1."""
    segments = [torch.tensor(one, dtype=torch.float64) for one in behaviour(lambda: mixer(D_MODEL, N_HEADS), D_MODEL)]
    centred = [segment - segment.mean() for segment in segments]
    return [segment / segment.norm().clamp(min=1e-30) for segment in centred]


torch.set_num_threads(1)
for line in sys.stdin:
    request = json.loads(line)
    pair = zip(fingerprint(load_mixer(request["source"])), fingerprint(builtin_class(request["builtin"])), strict=True)
    print(json.dumps(min(float((a * b).sum()) if a.any() or b.any() else 1.0 for a, b in pair)), flush=True)
