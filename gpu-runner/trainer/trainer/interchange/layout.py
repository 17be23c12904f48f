"""The files of a checkpoint's folder."""

from __future__ import annotations

FORMAT = 1
CONFIG, WEIGHTS, PROGRAM, README = "config.json", "model.safetensors", "program.py", "README.md"
PACKAGE = "asi_model"  # the code that builds the model, so that the folder suffices
