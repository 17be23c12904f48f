"""A baseline with other parameters than the published one is another model under a famous name."""

import pytest
import torch

from trainer.accounting.parameters import count_parameters
from trainer.mixers.published_sizes import PUBLISHED_SIZES, PublishedSize
from trainer.mixers.registry import builtin_class


@pytest.mark.parametrize("size", PUBLISHED_SIZES, ids=lambda size: f"{size.mixer} {size.millions}M")
def test_the_total_is_the_published_one_in_all_its_digits(size: PublishedSize) -> None:
    digits = len(str(size.millions).split(".")[1])
    assert round(size.parameters() / 1e6, digits) == size.millions


def body_of(mixer: str, millions: float) -> float:
    (size,) = (size for size in PUBLISHED_SIZES if (size.mixer, size.millions) == (mixer, millions))
    return size.body_parameters() / 1e6


@pytest.mark.parametrize(
    ("mixer", "total", "without_embedding"),
    [
        ("delta-net", 19.73, 6.86),
        ("delta-net", 411.75, 308.8),
        ("gated-delta-net", 512.3, 446.7),
        ("gated-delta-net", 417.3, 314.4),
        ("gated-delta-net", 19.78, 6.92),
        ("mamba2", 382.4, 316.9),
        ("mamba2", 20.3, 7.45),
        ("softmax-attention", 19.69, 6.82),
    ],
)
def test_the_part_without_embedding_is_the_published_one(mixer: str, total: float, without_embedding: float) -> None:
    assert body_of(mixer, total) == pytest.approx(without_embedding, abs=0.0505 if without_embedding > 100 else 0.00505)


@pytest.mark.parametrize(
    ("mixer", "d_model", "n_heads", "options", "parameters"),
    [
        ("delta-net", 1024, 8, {}, 4_214_912),
        ("content-sharp-router", 1024, 8, {}, 4_785_064),
        ("fusion-gated-fir-net", 1024, 8, {"long_filter": 63, "gate_width": 2048}, 6_512_816),
        # keys of d/2, values, gate and output of d; the decay of rank 16 with a bias; a norm of d/4
        (
            *("gla", 1024, 4, {"convolution": False, "gate_bias": False}),
            4 * 1024**2 + 16 * 1024 + 16 * 512 + 512 + 256,
        ),
        # keys of d, values and gate of 2d; a norm of 2d/8
        (
            *("retnet", 1024, 8, {"value_expansion": 2, "convolution": False, "gate_bias": False}),
            8 * 1024**2 + 256,
        ),
    ],
)
def test_a_mixer_at_its_published_size_has_exactly_the_published_parameters(
    mixer: str, d_model: int, n_heads: int, options: dict[str, int | bool], parameters: int
) -> None:
    with torch.device("meta"):
        assert count_parameters(builtin_class(mixer)(d_model, n_heads, **options)) == parameters


@pytest.mark.parametrize("size", PUBLISHED_SIZES, ids=lambda size: f"{size.mixer} {size.millions}M")
def test_the_published_shape_of_a_mixer_also_runs(size: PublishedSize) -> None:
    width = {"key_width": 3 * 32 * size.n_heads // 4, "gate_width": 64}
    options = {name: width.get(name, value) for name, value in size.options.items()}
    mixer = builtin_class(size.mixer)(16 * size.n_heads, size.n_heads, **options)
    x = torch.randn(2, 70, 16 * size.n_heads)
    y = mixer(x)
    assert y.shape == x.shape
    assert bool(y.isfinite().all())
