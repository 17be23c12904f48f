"""Trained models as files that other programs read: safetensors, and a config that builds the model again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainer.model.sequence_model import SequenceModel


def load(folder: str | Path) -> SequenceModel:
    """The trained model of a checkpoint's folder, in evaluation mode on the CPU. It runs the program that is in it.

    Raises:
        CheckpointError: a file is missing or malformed.
        JobFailure: the program cannot be loaded, or its weights do not fit it.
    """
    from trainer.interchange.load_checkpoint import load_checkpoint  # torch is imported only here

    return load_checkpoint(Path(folder))
