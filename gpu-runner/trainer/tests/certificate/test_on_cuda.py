"""A program that fails in its first step on the accelerator has passed for nothing."""

from collections.abc import Iterator

import pytest
import torch

from tests.certificate.corpus.legal import LEGAL
from tests.certificate.corpus.program import program
from tests.certificate.test_defects_are_caught import failures
from tests.certificate.test_legal_programs_pass import LINEAR, alarms
from trainer.certificate.certify import certify

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device"),
]

# y = x * w by a kernel of the program's own, forward and backward.
TRITON = """
import torch, triton
import triton.language as tl
from torch import nn

@triton.jit
def kernel(x, w, y, size, d: tl.constexpr, BLOCK: tl.constexpr):
    at = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    inside = at < size
    tl.store(y + at, tl.load(x + at, mask=inside) * tl.load(w + at % d, mask=inside), mask=inside)

def scaled(x, w):
    x, y = x.contiguous(), torch.empty_like(x, memory_format=torch.contiguous_format)
    kernel[(triton.cdiv(x.numel(), 256),)](x, w.contiguous(), y, x.numel(), w.numel(), 256)
    return y

class Scale(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w):
        ctx.save_for_backward(x, w)
        return scaled(x, w)
    @staticmethod
    def backward(ctx, gradient):
        x, w = ctx.saved_tensors
        return scaled(gradient, w), (gradient * x).flatten(0, -2).sum(0)

class Mixer(nn.Module):
    def __init__(self, d_model, n_heads, *, layer_idx=0, n_layers=1):
        super().__init__()
        self.w = nn.Parameter(torch.ones(d_model))
        self.out = nn.Linear(d_model, d_model)
    def forward(self, x):
        steps = torch.arange(1, x.shape[1] + 1, device=x.device, dtype=x.dtype)[:, None]
        return self.out(Scale.apply(x, self.w).cumsum(1) / steps)
"""


# Not on an accelerator: cuFFT takes no bfloat16.
IN_BFLOAT16_BY_FFT = {
    "causal convolution by zero-padded FFT",
    "learned filter of 64 taps",
    "many fast Fourier transforms",
}


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """As in a worker: CPU time is what a certificate is limited by."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.parametrize("name", sorted(IN_BFLOAT16_BY_FFT))
def test_an_operation_that_the_accelerator_does_not_have_in_bfloat16_is_found(name: str) -> None:
    (finding,) = failures(certify(LEGAL[name], device="cuda"))
    assert finding["test"] == "training device"


@pytest.mark.parametrize("name", [name for name in (*LEGAL, *LINEAR) if name not in IN_BFLOAT16_BY_FFT])
def test_a_legal_program_raises_no_alarm_on_cuda(name: str) -> None:
    certificate = certify(LEGAL.get(name, name), device="cuda")
    assert alarms(certificate) == []
    assert certificate["verdict"] == "pass"
    assert certificate["findings"][-1]["test"] == "training device"


@pytest.mark.parametrize(
    "line",
    ["o = o + torch.arange(t)[None, :, None]", "o = o + torch.zeros(d, device='cpu')"],
)
def test_a_tensor_that_is_left_on_the_cpu_is_found(line: str) -> None:
    (finding,) = failures(certify(program(line), device="cuda"))
    assert finding["test"] == "training device"
    assert "create tensors on x.device" in finding["message"]


def test_another_path_on_the_accelerator_is_found() -> None:
    (finding,) = failures(certify(program("o = o.cumsum(1) if x.is_cuda else o"), device="cuda"))
    assert finding["test"] == "training device"
    assert finding["measured"] > 0.1


def test_a_program_with_a_triton_kernel_is_certified_where_it_runs() -> None:
    pytest.importorskip("triton")
    certificate = certify(TRITON, device="cuda")
    assert alarms(certificate) == []
    assert certificate["stateSize"] is None  # measured on the CPU, where this kernel does not run
