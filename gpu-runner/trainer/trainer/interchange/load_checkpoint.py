"""Builds a trained model from the files of its checkpoint."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from trainer.interchange.safetensors_file import CheckpointError, read_safetensors
from trainer.interchange.save_checkpoint import CONFIG, FORMAT
from trainer.model.sequence_model import SequenceModel
from trainer.protocol.weight_names import BUFFER, PARAMETER
from trainer.worker.program import load_mixer
from trainer.worker.weights import load_weights

_SIZES = ("vocabulary", "classes", "dModel", "nHeads", "layers")


def load_checkpoint(folder: Path) -> SequenceModel:
    """See `trainer.interchange.load`."""
    config = _config(folder / CONFIG)
    try:
        source = (folder / config["program"]).read_bytes().decode("utf-8", "surrogatepass")
        arrays = read_safetensors(folder / config["weights"])
    except OSError as error:
        raise CheckpointError(f"the checkpoint in {folder} is not complete: {error}") from error
    mixer = load_mixer(source)
    layers = config["layers"]
    mixers = [mixer(config["dModel"], config["nHeads"], layer_idx=layer, n_layers=layers) for layer in range(layers)]
    model = SequenceModel(config["vocabulary"], config["classes"], config["dModel"], mixers)
    parameters = {name for name, _ in model.named_parameters()}
    load_weights(model, {(PARAMETER if name in parameters else BUFFER) + name: a for name, a in arrays.items()})
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
    for name in ("program", "weights"):
        if not isinstance(config.get(name), str) or Path(config[name]).name != config[name]:
            raise CheckpointError(f"{path}: {name} must be the name of a file beside it")
    return config
