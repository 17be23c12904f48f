"""A good program that needs what is not here must not be called wrong, nor a wrong one excused by what it imports."""

import pytest

from trainer.certificate.certify import certify

FIRST = "import torch\nfrom torch import nn\n"
LAST = """
class DeltaNet(nn.Module):
    def __init__(self, hidden_size, num_heads, **kwargs):
        super().__init__()
        self.o_proj = nn.Linear(hidden_size, hidden_size)
        {constructor}
    def forward(self, hidden_states, **kwargs):
        y = self.o_proj(hidden_states)
        {forward}
        return y, None, None
"""
GUARDED = "try:\n    from fla.ops.gla import chunk_gla\nexcept ImportError:\n    "


def program(imports: str, constructor: str = "pass", forward: str = "pass") -> str:
    return FIRST + imports + LAST.format(constructor=constructor, forward=forward)


CONVOLUTION = "from fla.modules import ShortConvolution"
# What the program needs, and what the message must name.
LACKING = {
    "a method of a part": (
        program(CONVOLUTION, "self.c = ShortConvolution(hidden_size, 4)", "y = self.c.step(y, None, None)"),
        ["ShortConvolution.step", "line 11"],
    ),
    "an attribute of a cache": (
        program("from fla.models.utils import Cache", forward="Cache().to_legacy_cache()"),
        ["Cache.to_legacy_cache", "line 11"],
    ),
    "an argument of a part": (
        program("from fla.modules import RMSNorm", "self.n = RMSNorm(hidden_size, zero_centred=True)"),
        ["RMSNorm", "'zero_centred'", "line 8"],
    ),
    "an argument of a part under another name": (
        program("from fla.modules import RMSNorm as Norm", "self.n = Norm(hidden_size, zero_centred=True)"),
        ["RMSNorm", "'zero_centred'"],
    ),
    "an argument of a part found through its module": (
        program("import fla.modules as m", "self.n = m.RMSNorm(hidden_size)", "y = self.n(y, offset=1)"),
        ["RMSNorm.forward", "'offset'"],
    ),
    "an argument of a function": (
        program("from fla.modules.l2norm import l2norm", forward="y = l2norm(y, output_scale=2)"),
        ["l2norm", "'output_scale'"],
    ),
    "more arguments than a part takes": (
        program("from fla.modules import RMSNorm", "self.n = RMSNorm(hidden_size, True, False, 1e-5, None, None, 1)"),
        ["RMSNorm", "positional arguments"],
    ),
    "half precision in other words": (
        program("", forward="y = self.o_proj(y.type('torch.BFloat16Tensor'))"),
        ["half precision", "line 11", "torch.bfloat16"],
    ),
    "half precision by its short name": (
        program("", forward="y = self.o_proj(y.half())"),
        ["half precision", "Half"],
    ),
    "a name that is looked up": (
        program("import fla.modules", "self.n = getattr(fla.modules, 'Layer' + 'Norm')(hidden_size)"),
        ["fla.modules.LayerNorm", "line 8"],
    ),
    "a module by a computed name": (
        program("import importlib\nops = importlib.import_module('fla.ops.' + 'gla')"),
        ["fla.ops", "line 4"],
    ),
    "a device": (
        program("", forward="y = y * torch.ones(3, device='cuda')[0]"),
        ["needs an accelerator"],
    ),
    "a kernel that was caught as missing and is called": (
        program(GUARDED + "chunk_gla = None", forward="y = chunk_gla(y, y, y, y)[0]"),
        ["chunk_gla from fla.ops.gla (line 4)", "line 14"],
    ),
    "a kernel that was caught as missing and is kept as an attribute": (
        program(GUARDED + "chunk_gla = None", "self.kernel = chunk_gla", "y = self.kernel(y, y, y, y)[0]"),
        ["chunk_gla from fla.ops.gla (line 4)"],
    ),
    "a kernel that was caught as missing and is not bound": (
        program(GUARDED + "pass", forward="y = chunk_gla(y, y, y, y)[0]"),
        ["chunk_gla from fla.ops.gla (line 4)"],
    ),
    "a flag of a missing kernel that it refuses to go on without": (
        program(
            GUARDED + "HAS_GLA = False\nelse:\n    HAS_GLA = True",
            "if not HAS_GLA:\n            raise ImportError('install fla')",
        ),
        ["chunk_gla from fla.ops.gla (line 4)", "install fla"],
    ),
    "an assertion of a missing kernel": (
        program(GUARDED + "chunk_gla = None\nassert chunk_gla is not None"),
        ["chunk_gla from fla.ops.gla (line 4)"],
    ),
}


@pytest.mark.parametrize("name", LACKING)
def test_a_program_that_uses_what_is_not_here_is_unsupported_and_told_what(name: str) -> None:
    source, named = LACKING[name]
    certificate = certify(source)
    message = certificate["findings"][0]["message"]
    assert certificate["verdict"] == "unsupported", message
    for words in named:
        assert words in message


# The same imports, and a mistake that is the program's own.
WRONG = {
    "a fallback that fails by itself": program(
        GUARDED + "def chunk_gla(*rows):\n        return rows[9]", forward="y = chunk_gla(y, y)"
    ),
    "another line than the one with the missing kernel": program(
        GUARDED + "chunk_gla = None", forward="y = y.view(3, -1, 7)"
    ),
    "an own class that is called like a part": program(
        "import fla.modules\nclass RMSNorm(nn.Module):\n    pass", "self.n = RMSNorm(hidden_size, zero_centred=True)"
    ),
    "an own attribute": program(CONVOLUTION, "self.c = ShortConvolution(hidden_size, 4)", "y = self.convolution(y)"),
    "a shape that a part refuses": program(
        CONVOLUTION, "self.c = ShortConvolution(hidden_size + 1, 4)", "y = self.c(y)[0]"
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_of_the_program_is_not_excused_by_what_it_imports(name: str) -> None:
    certificate = certify(WRONG[name])
    assert certificate["verdict"] == "fail", certificate["findings"]
    assert certificate["findings"][0]["test"] == "construct"


def test_asking_whether_a_part_has_something_is_no_use_of_it() -> None:
    source = program(
        CONVOLUTION,
        "self.c = ShortConvolution(hidden_size, 4)",
        "y = self.c.step(y) if hasattr(self.c, 'step') else self.c(y)[0]",
    )
    assert certify(source)["verdict"] == "pass"
