"""Compares an emitted mixer with the trainer's built-in of the same name, the built-in's weights in both."""

import importlib.util
from pathlib import Path
from types import ModuleType

import torch
from torch import Tensor, nn

MIXERS = Path(__file__).resolve().parents[5] / "gpu-runner/trainer/trainer/mixers"


def builtin(name: str) -> ModuleType:
    """The module of a built-in mixer, for example `gated-delta-net`."""
    specification = importlib.util.spec_from_file_location(name, MIXERS / f"{name.replace('-', '_')}.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def weights_of(mixer: nn.Module, name: str) -> dict[str, Tensor]:
    """The built-in's weights under the names that the grammar emits."""
    weights = dict(mixer.state_dict())
    if name == "mamba2":
        # The built-in projects to (value, key, query), the grammar to (query, key, value).
        width, state = mixer.out.in_features, mixer.d_state

        def reordered(weight: Tensor, dim: int) -> Tensor:
            value, key, query = weight.split((width, state, state), dim)
            return torch.cat((query, key, value), dim)

        weights["qkv.weight"] = reordered(weights.pop("convolved.weight"), 0)
        for convolution in ("convolution", "convolution_bias"):
            weights[convolution] = reordered(weights[convolution], -1)
        weights["skip"] = weights["skip"].view(-1, 1, 1)
    return weights


def difference_to_builtin(mixer_class: type[nn.Module], name: str) -> str | None:
    """What differs, at the sizes of several tiers: names or shapes of the weights, outputs, or first weights."""
    for d_model, n_heads, length in ((64, 2, 97), (128, 4, 150), (64, 1, 5)):
        torch.manual_seed(d_model)
        theirs = builtin(name).Mixer(d_model, n_heads).double()
        for parameter in theirs.parameters():
            parameter.data.add_(0.1 * torch.randn_like(parameter))
        ours = mixer_class(d_model, n_heads).double()
        try:
            ours.load_state_dict(weights_of(theirs, name))
        except RuntimeError as mismatch:
            return f"the weights of {name} do not fit: {mismatch}"
        x = torch.randn(2, length, d_model, dtype=torch.float64)
        expected = theirs(x)
        error = float((ours(x) - expected).detach().abs().max() / expected.detach().abs().mean())
        if error > 1e-9:
            return f"the output differs from that of {name} by {error:.2g} at d_model {d_model}"
    return first_weights_differ(mixer_class, name)


def first_weights_differ(mixer_class: type[nn.Module], name: str) -> str | None:
    """Compares mean and spread of each weight over many initialisations, in units that a draw explains."""
    ours, theirs = [], []
    for seed in range(40):
        torch.manual_seed(seed)
        ours.append(mixer_class(64, 2).state_dict())
        theirs.append(weights_of(builtin(name).Mixer(64, 2), name))
    for key in theirs[0]:
        mine, other = (torch.stack([one[key].flatten() for one in many]) for many in (ours, theirs))
        for what, left, right in (
            ("mean", mine.mean(), other.mean()),
            ("spread", mine.std(), other.std()),
        ):
            allowed = 0.02 * float(other.abs().mean()) + 6 * float(other.std()) / mine.numel() ** 0.5
            if abs(float(left - right)) > allowed:
                return f"{key} of {name} starts with another {what}: {float(left):.3g}, not {float(right):.3g}"
    return None
