"""Fingerprints of the programs on standard input (JSON), compared; see fingerprints.ts."""

import json
import re
import sys
import time

import numpy as np
import torch
from trainer.fingerprint.behaviour import behaviour
from trainer.fingerprint.program_hash import program_hash
from trainer.worker.program import load_mixer

TWIN = 0.99999


def fingerprint(source: str) -> np.ndarray:
    """Segments, each with mean 0 and length 1, as rows padded with zeros."""
    mixer = load_mixer(source)
    torch.manual_seed(0)
    segments = behaviour(lambda: mixer(64, 2))
    rows = np.zeros((len(segments), max(map(len, segments))))
    for row, segment in zip(rows, segments, strict=True):
        row[: len(segment)] = np.array(segment) / max(1e-12, float(np.linalg.norm(segment)))
    return rows


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    return float((a * b).sum(1).min())


def rewrites(source: str) -> dict[str, str]:
    """The same program: attributes renamed; parameters defined in reverse order."""
    names = sorted(set(re.findall(r"self\.(\w+) = nn\.", source)))
    renamed = source
    for index, name in enumerate(names):
        renamed = re.sub(rf"\bself\.{name}\b", f"self.part_{index}", renamed)
    lines = source.split("\n")
    places = [
        i for i, line in enumerate(lines) if re.fullmatch(r"        self\.\w+ = nn\.(Linear|Parameter)\(.*\)", line)
    ]
    turned = list(lines)
    safe = places and max(places) - min(places) + 1 == len(places)
    for place, other in zip(places, reversed(places), strict=True):
        turned[place] = lines[other]
    found = {"renamed": renamed} if names else {}
    return {**found, "reversed definitions": "\n".join(turned)} if safe and len(places) > 1 else found


def say(**answer: object) -> None:
    print(json.dumps(answer), flush=True)


torch.set_num_threads(1)
programs = json.load(sys.stdin)
started = time.process_time()
prints = [fingerprint(program["source"]) for program in programs]
seconds = (time.process_time() - started) / len(programs)
hashes = [program_hash(program["source"]) for program in programs]
pairs = 0
for i, a in enumerate(programs):
    for j in range(i):
        b = programs[j]
        pairs += 1
        r = correlation(prints[i], prints[j])
        if a["source"] != b["source"] and (r > TWIN or hashes[i] == hashes[j]):
            say(kind="collision", a=b["name"], b=a["name"], correlation=r, hash=hashes[i] == hashes[j])
count = 0
for i, program in enumerate(programs):
    if program["of"] is not None:
        continue
    for name, source in rewrites(program["source"]).items():
        count += 1
        r = correlation(prints[i], fingerprint(source))
        if r <= TWIN:
            say(kind="miss", a=program["name"], rewrite=name, correlation=r)
neighbours = sum(program["of"] is not None for program in programs)
say(
    kind="sum",
    programs=len(programs),
    neighbours=neighbours,
    rewrites=count,
    pairs=pairs,
    collisions=0,
    seconds=seconds,
)
