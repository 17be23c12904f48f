"""A checkpoint that loads as another model than was scored makes every later study of it worthless."""

import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of
from safetensors.torch import load_file, save_file

import trainer.interchange
from tests.certificate.corpus.program import program
from tests.foreign.programs_of import foreign_source
from tests.jobs.run_job import ROOT, spec
from trainer.interchange.checkpoint_error import CheckpointError
from trainer.interchange.read_safetensors import read_safetensors
from trainer.interchange.safetensors_file import safetensors_bytes
from trainer.interchange.save_checkpoint import save_checkpoint
from trainer.mixers.registry import builtin_source
from trainer.model.build_model import build_model
from trainer.protocol.failure import JobFailure
from trainer.protocol.import_seed import import_seed
from trainer.scorer.resolution import decided_hits
from trainer.scorer.score import RawScore, answer_positions, raw_score
from trainer.scorer.spliced_pairs import draw_pairs
from trainer.seed_everything import seed_everything
from trainer.suites.registry import SUITES
from trainer.suites.streams import held_out_stream
from trainer.suites.suite import TaskPlan
from trainer.worker.program import load_mixer
from trainer.worker.weights import weights_of

SUITE = SUITES["cpu-smoke"]
PLAN = SUITE.plans[0]


def saved(folder: Path, source: str):
    """A model with random weights and its checkpoint."""
    mixer = load_mixer(source, seed=import_seed(PLAN.task.name, 3))
    model = build_model(mixer, SUITE, PLAN, 3, torch.device("cpu")).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter), alpha=0.1)
        for name, buffer in model.named_buffers():
            if name in model.state_dict():
                buffer.add_(7)
    save_checkpoint(folder, source, SUITE, PLAN, 3, weights_of(model))
    return model


# Its numbers need 64 bits: cut to 32, the first would be another multiplier, and the second another scale.
WIDE = program(
    "i = ((x[..., :8] > 0).long() * self.m[0] + self.m[1] >> 40) % 64\no = o + (self.e(i).sum(2) * self.s).float()",
    constructor='self.register_buffer("m", torch.tensor([6364136223846793005, 1442695040888963407]))\n'
    "self.s = nn.Parameter(torch.full((d_model,), 1 + 2.0**-40, dtype=torch.float64))\n"
    "self.e = nn.Embedding(64, d_model)",
)


@pytest.mark.parametrize("source", [builtin_source("gated-delta-net"), foreign_source("item_schedule"), WIDE])
def test_a_loaded_model_answers_the_same_to_the_bit(tmp_path, source):
    model = saved(tmp_path, source)
    loaded = trainer.interchange.load(tmp_path)
    tokens = torch.randint(PLAN.task.vocabulary, (2, 50), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        assert torch.equal(loaded.head(loaded(tokens)[0]), model.head(model(tokens)[0]))
    assert loaded.state_dict().keys() == model.state_dict().keys()
    assert all(torch.equal(loaded.state_dict()[name], value) for name, value in model.state_dict().items())


# Of what it draws nothing but its parameters is in the weights.
DRAWN_BESIDE = "import random\nimport numpy\n" + program(
    "o = o + v @ self.features @ SIGNS * (1 + self.shift[0] + AT_IMPORT) + v @ self.mixed",
    before="x = x[..., torch.as_tensor(self.order)]",
    constructor="self.features, self.order = torch.randn(d_model, d_model), numpy.random.permutation(d_model)\n"
    "self.shift = [random.random() for _ in range(3)]\n"
    'self.register_buffer("mixed", torch.randn(d_model, d_model), persistent=False)',
)
DRAWN_BESIDE += "\n\nSIGNS = torch.randn(64, 64).sign()\nAT_IMPORT = random.random() + numpy.random.random()\n"


def test_what_a_program_draws_beside_its_weights_is_the_same_in_every_loading_as_in_training(tmp_path):
    model = saved(tmp_path, DRAWN_BESIDE)
    tokens = torch.randint(PLAN.task.vocabulary, (2, 50), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        expected = model.head(model(tokens)[0])
        for seed in (5, 6):
            torch.manual_seed(seed)
            loaded = trainer.interchange.load(tmp_path)
            assert torch.equal(loaded.head(loaded(tokens)[0]), expected)


def test_loading_a_checkpoint_draws_nothing_from_the_generators_of_whoever_loads_it(tmp_path):
    saved(tmp_path, DRAWN_BESIDE)

    def drawn(load: bool) -> tuple[float, float, float]:
        seed_everything(9)
        if load:
            trainer.interchange.load(tmp_path)
        return float(torch.rand(())), random.random(), float(np.random.rand())

    assert drawn(True) == drawn(False)


ELSEWHERE = """
import json, sys
import torch
from safetensors.torch import load_file
{lines}
print(json.dumps({{
    "logits": logits.tolist(),
    "weights": sorted(load_file({folder!r} + "/model.safetensors")),
    "own": sorted({{name.split(".")[0] for name in sys.modules}} & {{"trainer", "tests"}}),
}}))
"""


@pytest.mark.parametrize("source", [builtin_source("hier-gate-net"), foreign_source("item_schedule"), DRAWN_BESIDE])
def test_the_folder_suffices_where_nothing_of_ours_is(tmp_path, source):
    folder = tmp_path / "moved" / "here"
    model = saved(tmp_path / "there", source)
    folder.parent.mkdir()
    (tmp_path / "there").rename(folder)
    told = (folder / "README.md").read_text().split("```")[1].removeprefix("python\n")
    assert len(told.splitlines()) == 3
    tokens = torch.randint(PLAN.task.vocabulary, (2, 50), generator=torch.Generator().manual_seed(1))
    lines = f"tokens = torch.tensor({tokens.tolist()})\n" + told.replace("/path/to/this/folder", str(folder))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    run = subprocess.run(
        [sys.executable, "-c", ELSEWHERE.format(lines=lines, folder=str(folder))],
        cwd="/",
        env={**environment, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout)
    torch.set_num_threads(1)
    with torch.no_grad():
        assert torch.equal(torch.tensor(said["logits"]), model.head(model(tokens)[0]))
    assert said["weights"] == sorted(model.state_dict())
    assert said["own"] == []


def test_the_checkpoints_of_a_job_have_the_scores_of_the_job(tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "trainer", "job", "--checkpoints", str(tmp_path)],
        input=json.dumps(spec({"builtin": "delta-net"})),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    result = json.loads(run.stdout.splitlines()[-1])["outcome"]["result"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(plan.task.name for plan in SUITE.plans)
    torch.set_num_threads(1)
    for plan in SUITE.plans:
        model = trainer.interchange.load(tmp_path / plan.task.name)
        batch = held_out_stream(plan.task, spec({})["evaluationSeed"])(plan.held_out_sequences)
        positions = torch.from_numpy(answer_positions(batch.targets))
        with torch.no_grad():
            hidden, _ = model(torch.from_numpy(batch.inputs).long())
            logits = model.head(hidden.flatten(0, 1)[positions]).numpy()
        score = raw_score(logits, batch.targets)
        raw = result["raw"][plan.task.name]
        assert score.negative_log_likelihood.tolist() == raw["negativeLogLikelihood"]
        assert with_noise(plan, logits, batch.targets, score).accuracy.tolist() == raw["accuracy"]


def with_noise(plan: TaskPlan, logits: np.ndarray, targets: np.ndarray, score: RawScore) -> RawScore:
    """The score as the scorer counts it: where inputs reveal answers, right is what is likeliest after its noise."""
    if not plan.task.inputs_reveal_answers or plan.task.metric != "accuracy":
        return score
    noise = draw_pairs(plan, spec({})["evaluationSeed"]).noise[: plan.held_out_sequences]
    positions = answer_positions(targets)
    return replace(
        score, hits=decided_hits(logits, targets.reshape(-1)[positions], noise.reshape(-1, logits.shape[1])[positions])
    )


NUMBERS = arrays_of.arrays(
    st.sampled_from([np.float32, np.int32, np.int64, np.float64, np.uint8, np.bool_]),
    arrays_of.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=8).filter(lambda n: n != "__metadata__"), NUMBERS, max_size=4))
def test_arrays_come_back_as_they_were(tmp_path_factory, arrays):
    path = tmp_path_factory.mktemp("file") / "a.safetensors"
    path.write_bytes(safetensors_bytes(arrays, {"format": "pt"}))
    back = read_safetensors(path)
    assert back.keys() == arrays.keys()
    for name, array in arrays.items():
        assert back[name].numpy().dtype == array.dtype
        assert back[name].shape == array.shape
        assert back[name].numpy().tobytes() == array.tobytes()


def test_the_reference_implementation_reads_what_we_write_and_the_other_way_round(tmp_path):
    model = saved(tmp_path, builtin_source("mamba2"))
    theirs = load_file(tmp_path / "model.safetensors")
    assert theirs.keys() == model.state_dict().keys()
    assert all(torch.equal(theirs[name], value) for name, value in model.state_dict().items())
    save_file({name: value.clone() for name, value in model.state_dict().items()}, tmp_path / "theirs.safetensors")
    ours = read_safetensors(tmp_path / "theirs.safetensors")
    assert all(torch.equal(ours[name], value) for name, value in model.state_dict().items())


def test_a_broken_checkpoint_says_what_is_wrong(tmp_path):
    saved(tmp_path, builtin_source("linear-attention"))
    weights, config = tmp_path / "model.safetensors", tmp_path / "config.json"
    whole = weights.read_bytes()
    for content, words in [
        (whole[:-4], "offsets do not fit"),
        (whole[:5], "header is longer"),
        (b"\xff" * 8 + whole, "header is longer"),
        (whole[:8] + b"x" + whole[9:], "not JSON"),
    ]:
        weights.write_bytes(content)
        with pytest.raises(CheckpointError, match=words):
            trainer.interchange.load(tmp_path)
    weights.write_bytes(whole)
    text = json.loads(config.read_text())
    for change, words in [
        ({"dModel": 0}, "dModel must be"),
        ({"program": "../program.py"}, "name of a file beside it"),
        ({"weights": "none.safetensors"}, "not complete"),
        ({"seed": "three"}, "seed a whole number"),
        ({"format": 99}, "no checkpoint of format 1"),
    ]:
        config.write_text(json.dumps({**text, **change}))
        with pytest.raises(CheckpointError, match=words):
            trainer.interchange.load(tmp_path)
    config.write_text(json.dumps({**text, "layers": text["layers"] + 1}))
    with pytest.raises(JobFailure, match="does not match a freshly constructed Mixer"):
        trainer.interchange.load(tmp_path)
