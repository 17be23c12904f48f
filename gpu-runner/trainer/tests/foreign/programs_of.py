"""The programs in the style of published ones, by name."""

from pathlib import Path

FOLDER = Path(__file__).with_name("programs")
RUNNABLE = (
    "auxiliary_loss",
    "bfloat16_casts",
    "gated_fir_fusion",
    "gated_output",
    "item_schedule",
    "plain_delta_net",
)


def foreign_source(name: str) -> str:
    return (FOLDER / f"{name}.py").read_text(encoding="utf-8")
