"""A state in bfloat16 forgets, and a decay in bfloat16 is another decay: autocast must not reach them."""

import sys
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from trainer.certificate.first_output import first_output
from trainer.mixers.registry import BUILTIN_NAMES, builtin_class

RECURRENT = [name for name in BUILTIN_NAMES if name not in ("softmax-attention", "convolution-only")]
needs_cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")


def recorded(function: Callable[..., Tensor], seen: list[torch.dtype]) -> Callable[..., Tensor]:
    def call(*operands: Tensor) -> Tensor:
        assert not torch.is_autocast_enabled("cpu")
        output = function(*operands)
        seen.extend(t.dtype for t in (*operands, output))
        return output

    return call


@pytest.mark.parametrize("name", RECURRENT)
def test_under_bfloat16_autocast_the_recurrence_stays_in_float32(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mixer = builtin_class(name)(64, 2)
    module = sys.modules[type(mixer).__module__]
    seen: list[torch.dtype] = []
    for function in [n for n in vars(module) if n.startswith("chunkwise_")]:
        monkeypatch.setattr(module, function, recorded(getattr(module, function), seen))
    x = torch.randn(2, 97, 64)
    expected = first_output(mixer(x)).detach()
    seen.clear()
    with torch.autocast("cpu", torch.bfloat16):
        y = first_output(mixer(x))
    assert len(seen) >= 4
    assert set(seen) == {torch.float32}
    assert y.dtype == torch.bfloat16  # so autocast was on outside
    assert float((y.detach().float() - expected).norm() / expected.norm()) < 0.03


@needs_cuda
@pytest.mark.parametrize("name", BUILTIN_NAMES)
def test_cuda_gives_the_values_and_gradients_of_the_cpu(name: str) -> None:
    torch.manual_seed(0)
    mixer, x = builtin_class(name)(64, 2), torch.randn(2, 97, 64)
    results = []
    for device in ("cpu", "cuda"):
        mixer, leaf = mixer.to(device), x.to(device).requires_grad_()
        y = first_output(mixer(leaf))
        (gradient,) = torch.autograd.grad(y.square().mean(), leaf)
        results.append((y.cpu(), gradient.cpu()))
    for cpu, cuda in zip(*results, strict=True):
        assert float((cpu - cuda).norm() / cpu.norm()) < 1e-4


@needs_cuda
@pytest.mark.parametrize("name", BUILTIN_NAMES)
def test_cuda_trains_under_bfloat16_autocast(name: str) -> None:
    with torch.device("cuda"):
        mixer, x = builtin_class(name)(64, 2), torch.randn(2, 200, 64)
    expected = first_output(mixer(x)).detach()
    with torch.autocast("cuda", torch.bfloat16):
        y = first_output(mixer(x))
        y.float().square().mean().backward()
    assert float((y.detach().float() - expected).norm() / expected.norm()) < 0.05
    assert all(bool(p.grad.isfinite().all()) for p in mixer.parameters())
