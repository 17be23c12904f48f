"""Programs of the published interface run as they are, and what cannot run here is told from what is wrong."""

import sys
import types

import pytest
import torch

from tests.foreign.programs_of import RUNNABLE, foreign_source
from trainer.certificate.certify import certify
from trainer.foreign.authors_names import in_authors_names
from trainer.foreign.lacks import AdapterLacksError
from trainer.mixers.delta_net import chunkwise_delta_rule
from trainer.protocol.failure import JobFailure
from trainer.worker.program import load_mixer

DEFAULT = ("bfloat16_casts",)

FIRST = "from __future__ import annotations\nimport torch\nfrom torch import nn\n"
LAST = """
class DeltaNet(nn.Module):
    def __init__(self, hidden_size, num_heads, **kwargs):
        super().__init__()
        self.o_proj = nn.Linear(hidden_size, hidden_size)
    def forward(self, hidden_states, **kwargs):
        return self.o_proj(hidden_states), None, None
"""


def passes(name):
    certificate = certify(foreign_source(name))
    failed = [finding["message"] for finding in certificate["findings"] if finding["status"] == "fail"]
    assert certificate["verdict"] == "pass", failed
    assert len(certificate["fingerprint"]) == 18


@pytest.mark.parametrize("name", DEFAULT)
def test_a_published_style_program_passes_the_certificate(name):
    passes(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in RUNNABLE if name not in DEFAULT])
def test_every_published_style_program_passes_the_certificate(name):
    passes(name)


def test_the_plain_layer_computes_the_delta_rule():
    """With one head the chunks of the foreign program equal ours, up to bfloat16-free rounding."""
    load_mixer(foreign_source("plain_delta_net"))
    torch.manual_seed(0)
    q, k, v = (torch.randn(2, 3, 77, 16) for _ in range(3))
    beta = torch.rand(2, 3, 77)
    theirs, _ = sys.modules["candidate"].delta_rule(q, k, v, beta)
    q, k = (t * torch.rsqrt(t.square().sum(-1, keepdim=True) + 1e-6) for t in (q, k))
    torch.testing.assert_close(theirs, chunkwise_delta_rule(q, k, v, beta) * 16**0.5, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("imports", "named"),
    [
        ("from fla.ops.delta_rule import chunk_delta_rule", ["chunk_delta_rule from fla.ops.delta_rule (line 4)"]),
        ("from fla.modules import RMSNorm, GroupNorm", ["GroupNorm from fla.modules (line 4)", "ShortConvolution"]),
        ("import fla\nN = fla.modules.LayerNorm", ["LayerNorm from fla.modules (line 5)"]),
        (
            "import fla.modules as m\ndef f():\n    return m.fused_bitlinear",
            ["fused_bitlinear from fla.modules (line 6)"],
        ),
        ("def late():\n    import flash_attn_of_tomorrow", ["flash_attn_of_tomorrow (line 5)"]),
        ("import triton\nimport triton.language as tl", ["triton (line 4)", "needs an accelerator"]),
        ("from .layers import Gate", [".layers (line 4)"]),
    ],
)
def test_a_program_that_needs_more_is_unsupported_and_told_what(imports, named):
    source = FIRST + imports + LAST
    with pytest.raises(JobFailure) as caught:
        load_mixer(source)
    assert isinstance(caught.value.__cause__, AdapterLacksError)
    for words in named:
        assert words in caught.value.message
    assert certify(source)["verdict"] == "unsupported"


def test_a_part_of_the_adapter_that_lacks_a_choice_is_unsupported_too():
    source = (
        FIRST
        + "from fla.modules import ShortConvolution"
        + LAST.replace(
            "self.o_proj =", "self.conv = ShortConvolution(hidden_size, 4, activation='gelu')\n        self.o_proj ="
        )
    )
    certificate = certify(source)
    assert certificate["verdict"] == "unsupported"
    assert "ShortConvolution(activation='gelu')" in certificate["findings"][0]["message"]


def test_a_package_that_is_in_use_already_is_left_alone(monkeypatch):
    real = types.ModuleType("fla")
    monkeypatch.setitem(sys.modules, "fla", real)
    load_mixer(FIRST + LAST)
    assert sys.modules["fla"] is real


@pytest.mark.parametrize(
    "imports",
    [
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from transformers import PretrainedConfig",
        "try:\n    from fla.ops.delta_rule import chunk_delta_rule\nexcept ImportError:\n    chunk_delta_rule = None",
        "import fla\nfrom fla import modules\nassert not hasattr(fla, 'ops') and modules.RMSNorm",
        "from transformers.processing_utils import Unpack\nfrom fla.models.utils import Cache",
    ],
)
def test_imports_that_are_not_needed_do_not_matter(imports):
    assert load_mixer(FIRST + imports + LAST)(64, 2)(torch.ones(1, 5, 64)).shape == (1, 5, 64)


def test_bfloat16_and_the_compiler_are_gone_on_the_cpu_and_stay_elsewhere():
    body = """
from torch import bfloat16 as b, compile as c
import re
dtypes = [torch.bfloat16, b, getattr(torch, "bfloat16"), torch.zeros(1).bfloat16().dtype]
@torch.compile
def one(x): return x
@torch.compile(dynamic=True)
def two(x): return x
@c(fullgraph=True)
def three(x): return x
four = torch.compile(one, mode="max-autotune")
plain = [f.__module__ for f in (one, two, three, four)]
pattern = re.compile("a")
"""
    load_mixer(FIRST + body + LAST)
    assert sys.modules["candidate"].dtypes == [torch.float32] * 4
    assert sys.modules["candidate"].plain == ["candidate"] * 4
    load_mixer(FIRST + "dtypes = [torch.bfloat16]" + LAST, "cuda")
    assert sys.modules["candidate"].dtypes == [torch.bfloat16]


@pytest.mark.parametrize(
    ("returned", "loss"),
    [
        ("y, y.square().mean(), None", True),
        ("y, None, None", False),
        ("y, y @ y.mT, None", False),
        ("y, torch.tensor(3), None", False),
        ("y", False),
    ],
)
def test_only_a_single_floating_number_in_the_second_place_is_an_auxiliary_loss(returned, loss):
    source = FIRST + LAST.replace(
        "return self.o_proj(hidden_states), None, None", f"y = self.o_proj(hidden_states)\n        return {returned}"
    )
    result = load_mixer(source)(8, 2)(torch.randn(2, 4, 8))
    assert isinstance(result, tuple) is loss
    if loss:
        assert result[1]["aux"].requires_grad


def test_padding_reaches_the_program():
    torch.manual_seed(0)
    mixer = load_mixer(foreign_source("plain_delta_net"))(16, 2)
    x, mask = torch.randn(1, 6, 16), torch.tensor([[0, 0, 1, 1, 1, 1]])
    y = mixer(x, attention_mask=mask)
    assert not y[:, :2].any()
    torch.testing.assert_close(y[:, 2:], mixer(x[:, 2:]))


def test_the_program_is_given_what_the_published_block_gives():
    source = FIRST + LAST.replace("super()", "self.__dict__['given'] = kwargs\n        super()", 1)
    given = load_mixer(source)(64, 2, layer_idx=1, n_layers=2).layer.given
    assert (given["mode"], given["layer_idx"], given["expand_k"], given["qk_norm"]) == ("chunk", 1, 1.0, "l2")


def test_our_own_interface_may_use_the_shims_and_wins_over_a_helper_called_delta_net():
    source = (
        FIRST
        + "from fla.modules import RMSNorm\n"
        + LAST
        + """
class Mixer(nn.Module):
    def __init__(self, d_model, n_heads, *, layer_idx=0, n_layers=1):
        super().__init__()
        self.inner, self.norm = DeltaNet(d_model, n_heads), RMSNorm(d_model)
    def forward(self, x):
        return self.norm(self.inner(x)[0])
"""
    )
    assert load_mixer(source).__name__ == "Mixer"
    assert load_mixer(source)(8, 2)(torch.randn(1, 3, 8)).shape == (1, 3, 8)


def test_findings_name_what_stands_in_the_authors_file_and_not_what_the_adapter_puts_around_it():
    counting = LAST.replace("        return", "        self._step = getattr(self, '_step', 0) + 1\n        return")
    scaled = counting.replace("self.o_proj(hidden_states)", "self.o_proj(hidden_states) * (1 + 0.01 * self._step)")
    messages = [str(finding["message"]) for finding in certify(FIRST + scaled)["findings"]]
    assert any("self._step" in message for message in messages)
    assert not any("self.layer." in message for message in messages)
    own = "class Mixer: pass"
    assert in_authors_names("self.layer._step is kept", own) == "self.layer._step is kept"
    assert in_authors_names("self.layer.layer.weight", FIRST + LAST) == "self.layer.weight"
