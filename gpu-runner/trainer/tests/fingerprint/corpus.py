"""Pairs of programs as edits: rewrites, which are the same design, and changes of one gene, which are not.

The bases are built-ins by name, programs that the grammar emitted, and programs of the published interface.
"""

from pathlib import Path

from tests.foreign.programs_of import foreign_source
from trainer.mixers.registry import BUILTIN_NAMES, builtin_source

Edits = list[tuple[str, str]]
Pairs = dict[str, tuple[str, Edits]]

_EMITTED = Path(__file__).with_name("programs")

_RECURRENT = """
    dtype, length = v.dtype, q.shape[2]
    state = v.new_zeros(*v.shape[:2], k.shape[-1], v.shape[-1])
    outputs = []
    for t in range(length):
        key, decay = k[:, :, t, :, None], log_decay[:, :, t, :, None].exp()
        state = decay * (state - beta[:, :, t, :, None] * key @ (key.mT @ state))
        state = state + beta[:, :, t, :, None] * key @ v[:, :, t, None]
        outputs.append(q[:, :, t, None] @ state)
    return torch.cat(outputs, 2).to(dtype)
"""

REWRITES: Pairs = {
    "chunks of another size": ("delta-net", [("CHUNK = 64", "CHUNK = 16")]),
    "parameters in another order": (
        "gated-delta-net",
        [
            ("        self.step = nn.Linear(d_model, n_heads, bias=False)\n", ""),
            (
                "        self.beta = nn.Linear(d_model, n_heads, bias=False)\n",
                "        self.step = nn.Linear(d_model, n_heads, bias=False)\n"
                "        self.beta = nn.Linear(d_model, n_heads, bias=False)\n",
            ),
        ],
    ),
    "other names": ("mamba2", [("self.step", "self.delta"), ("convolved", "projected")]),
    "a norm written out": (
        "delta-net",
        [("self.norm(o)", "(o / (o.square().mean(-1, keepdim=True) + 1e-5).sqrt() * self.norm.weight)")],
    ),
    "a mean by a triangular matrix": (
        "three_paths",
        [("x.cumsum(2) / ", "(torch.ones(x.shape[2], x.shape[2], dtype=x.dtype).tril() @ x) / ")],
    ),
    "a softmax written out": (
        "three_paths",
        [("logits.softmax(-1)", "(logits - logits.logsumexp(-1, keepdim=True)).exp()")],
    ),
    "a sigmoid as a tanh": (
        "three_paths",
        [
            (
                "2 * into_heads(self.gate(x).sigmoid(), self.heads)",
                "into_heads(1 + (self.gate(x) / 2).tanh(), self.heads)",
            )
        ],
    ),
    "a part in float32": ("three_paths", [("v = F.silu(v)", "v = F.silu(v.float()).to(v.dtype)")]),
    "a program that does not run in float64": (
        "three_paths",
        [("v = F.silu(v)", "assert v.dtype == torch.float32, 'float32 only'\n        v = F.silu(v)")],
    ),
    "definitions in reverse": (
        "three_paths",
        [
            ("        self.out = nn.Linear(value_width, d_model, bias=False)\n", ""),
            (
                "        self.qk = ",
                "        self.out = nn.Linear(value_width, d_model, bias=False)\n        self.qk = ",
            ),
        ],
    ),
    "token by token": ("two_stage_router", [("    dtype, length = v.dtype, q.shape[2]\n", _RECURRENT)]),
    "a long filter by conv1d": (
        "two_stage_router",
        [
            (
                "long_convolution(v, self.long_taps)",
                "F.conv1d(F.pad(v.transpose(2, 3).flatten(1, 2), (15, 0)), "
                "self.long_taps.permute(1, 2, 0).flatten(0, 1)[:, None], "
                "groups=v.shape[1] * v.shape[3]).unflatten(1, (v.shape[1], -1)).transpose(2, 3)",
            )
        ],
    ),
    "a scale moved through a product": (
        "two_stage_router",
        [
            ("q = q * q.shape[-1] ** -0.5", "pass"),
            ("memory = chunkwise", "memory = self.key_dim ** -0.5 * chunkwise"),
        ],
    ),
    "a published program without einops": (
        "foreign/plain_delta_net",
        [('rearrange(beta, "b l h -> b h l")', "beta.transpose(1, 2)")],
    ),
}

CHANGES: Pairs = {
    "another initialisation": ("delta-net", [("nn.init.uniform_(", "nn.init.normal_(")]),
    "beta up to 2": ("delta-net", [("self.beta(x).sigmoid()", "2 * self.beta(x).sigmoid()")]),
    "no silu after the convolution": (
        "delta-net",
        [("F.silu(y.permute(0, 2, 3, 1).squeeze(2))", "y.permute(0, 2, 3, 1).squeeze(2)")],
    ),
    "sigmoid output gate": ("gated-delta-net", [("F.silu(self.gate(x))", "self.gate(x).sigmoid()")]),
    "no output gate": ("gated-delta-net", [("o * F.silu(self.gate(x))", "o")]),
    "no decay": ("gated-delta-net", [("beta, g)\n        o =", "beta, 0 * g)\n        o =")]),
    "no skip": ("mamba2", [("y = y + self.skip", "y = y + 0 * self.skip")]),
    "gate after the norm": (
        "mamba2",
        [("self.norm(y * F.silu(self.gate(x)))", "self.norm(y) * F.silu(self.gate(x))")],
    ),
    "relu feature map": ("linear-attention", [("F.elu(q) + 1, F.elu(k) + 1", "F.relu(q) + 0.01, F.relu(k) + 0.01")]),
    "no normaliser": ("linear-attention", [("/ (y[..., -1:] + 1e-6)", "")]),
    "l2 instead of l1 beside two paths": (
        "three_paths",
        [("x / (x.abs().sum(-1, keepdim=True) + 1e-6)", "x * torch.rsqrt(x.square().sum(-1, keepdim=True) + 1e-6)")],
    ),
    "identity features beside two paths": ("three_paths", [("l1_normalize(F.silu(x))", "l1_normalize(x)")]),
    "no floor of the router": ("three_paths", [("0.02 + 0.94 * logits", "logits")]),
    "slower decay beside two paths": ("three_paths", [("-MAX_RATE * decay.sigmoid()", "-0.5 * decay.sigmoid()")]),
    "a rate per head instead of per channel": (
        "three_paths",
        [
            (
                "self.rate_up(self.rate_down(x)).sigmoid()",
                "self.rate_up(self.rate_down(x)).sigmoid().mean(-1, keepdim=True)"
                ".expand(-1, -1, self.heads * self.key_dim)",
            )
        ],
    ),
    "no memory": ("three_paths", [("weight[0] * memory + ", "")]),
    "an identity path for the mean": ("three_paths", [("mean = running_mean(v)", "mean = v")]),
    "beta up to 1": ("two_stage_router", [("beta = 2 * into_heads", "beta = into_heads")]),
    "relu for squared relu": ("two_stage_router", [("F.relu(x).square()", "F.relu(x)")]),
    "a fixed decay": ("two_stage_router", [("F.softplus(step + self.dt_bias)", "F.softplus(0 * step + self.dt_bias)")]),
    "a bonus for the present token": (
        "two_stage_router",
        [
            (
                "        long = long",
                "        memory = memory + 0.1 * (q * k).sum(-1, keepdim=True) * v\n        long = long",
            )
        ],
    ),
    "an output gate of twice the size": (
        "gated-delta-net",
        [("o * F.silu(self.gate(x))", "o * 2 * F.silu(self.gate(x))")],
    ),
    "an output a tenth larger": ("delta-net", [("self.out(", "1.1 * self.out(")]),
    "no penalty of the router": ("ada-multi-path-gate-net", [(', {"aux": PENALTY * (math.log(4) - entropy)}', "")]),
    "a penalty the other way round": (
        "ada-multi-path-gate-net",
        [("(math.log(4) - entropy)", "(entropy - math.log(4))")],
    ),
    "a penalty twice as dear": ("ada-multi-path-gate-net", [("PENALTY * (math.log(4)", "2 * PENALTY * (math.log(4)")]),
    "dropout": ("gated-delta-net", [("F.silu(self.gate(x))", "F.dropout(F.silu(self.gate(x)), 0.1, self.training)")]),
    "noise in training": (
        "gated-delta-net",
        [("self.gate(x)", "(self.gate(x) + 0.1 * self.training * torch.randn_like(x))")],
    ),
    "no l2 norm in a published program": (
        "foreign/plain_delta_net",
        [("q, k = l2norm(q), l2norm(k)", "k = l2norm(k)")],
    ),
}


def base_source(name: str) -> str:
    if name in BUILTIN_NAMES:
        return builtin_source(name)
    if name.startswith("foreign/"):
        return foreign_source(name.removeprefix("foreign/"))
    return (_EMITTED / f"{name}.py").read_text(encoding="utf-8")


def edited(name: str, edits: Edits) -> str:
    source = base_source(name)
    for old, new in edits:
        assert old in source, old
        source = source.replace(old, new)
    return source
