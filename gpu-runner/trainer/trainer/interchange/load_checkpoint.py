"""Builds a trained model from the files of its checkpoint."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from trainer.interchange.checkpoint_error import CheckpointError
from trainer.interchange.layout import CONFIG, FORMAT
from trainer.interchange.read_safetensors import read_safetensors
from trainer.kept_generators import kept_generators
from trainer.model.build_mixers import build_mixers
from trainer.model.named_tensors import fill
from trainer.model.sequence_model import SequenceModel
from trainer.protocol.import_seed import import_seed
from trainer.protocol.weight_names import BUFFER, PARAMETER
from trainer.worker.program import load_mixer

_SIZES = ("vocabulary", "classes", "dModel", "nHeads", "layers")


def load_checkpoint(folder: Path) -> SequenceModel:
    """See `trainer.interchange.load`."""
    config = _config(folder / CONFIG)
    try:
        source = (folder / config["program"]).read_bytes().decode("utf-8", "surrogatepass")
        tensors = read_safetensors(folder / config["weights"])
    except OSError as error:
        raise CheckpointError(f"the checkpoint in {folder} is not complete: {error}") from error
    task, seed = config["task"], config["seed"]
    with kept_generators():
        mixer = load_mixer(source, seed=import_seed(task, seed))
        mixers = build_mixers(mixer, config["dModel"], config["nHeads"], config["layers"], task, seed)
        model = SequenceModel(config["vocabulary"], config["classes"], config["dModel"], mixers)
    parameters = {name for name, _ in model.named_parameters()}
    fill(model, {(PARAMETER if name in parameters else BUFFER) + name: value for name, value in tensors.items()})
    return model.eval()


def _config(path: Path) -> dict[str, Any]:
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{path} cannot be read: {error}") from error
    if not isinstance(config, dict) or config.get("format") != FORMAT:
        raise CheckpointError(f"{path} is no checkpoint of format {FORMAT}")
    for name in _SIZES:
        if type(config.get(name)) is not int or config[name] < 1:
            raise CheckpointError(f"{path}: {name} must be a whole number above 0")
    # What a program draws beside its weights depends on them.
    if not isinstance(config.get("task"), str) or type(config.get("seed")) is not int:
        raise CheckpointError(f"{path}: task must be a name, and seed a whole number")
    for name in ("program", "weights"):
        if not isinstance(config.get(name), str) or Path(config[name]).name != config[name]:
            raise CheckpointError(f"{path}: {name} must be the name of a file beside it")
    return config
