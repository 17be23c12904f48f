"""The certificate on the device that trains: other kernels and roundings, the same verdicts."""

import pytest
import torch

from tests.certificate.corpus.legal import LEGAL
from tests.certificate.test_defects_are_caught import DEFECTS, failures
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


@pytest.mark.parametrize("name", [*LEGAL, *LINEAR])
def test_a_legal_program_raises_no_alarm_on_cuda(name: str) -> None:
    certificate = certify(LEGAL.get(name, name), device="cuda")
    assert alarms(certificate) == []
    assert certificate["verdict"] == "pass"


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", DEFECTS)
def test_a_planted_defect_is_found_on_cuda(name: str) -> None:
    source, expected = DEFECTS[name]
    assert expected <= {finding["test"] for finding in failures(certify(source, parameter_budget=1.05, device="cuda"))}


@pytest.mark.parametrize("name", ["delta-net", "mamba2"])
def test_behaviour_and_state_size_do_not_depend_on_the_device(name: str) -> None:
    on_cpu, on_cuda = certify(name), certify(name, device="cuda")
    for figure in ("fingerprint", "stateSize", "parameters", "flopsPerToken", "flopExponent"):
        assert on_cuda[figure] == on_cpu[figure]


def test_a_program_with_a_triton_kernel_is_certified_where_it_runs() -> None:
    pytest.importorskip("triton")
    certificate = certify(TRITON, device="cuda")
    assert alarms(certificate) == []
    assert certificate["stateSize"] is None  # measured on the CPU, where this kernel does not run
