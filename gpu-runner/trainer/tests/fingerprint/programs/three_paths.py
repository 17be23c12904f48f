"""A delta rule with a rate per channel and a gated decay per channel (rank 16), beside a short FIR
path (5 taps) and a running-mean path, joined by a softmax router.

    S_t = (I - k'_t k'_t^T) Diag(a_t) S_{t-1} + k'_t v_t^T,   k'_t = rate_t * k_t
    o_t = S_t^T q_t

- Input: a short convolution on v, a convolution of width 3, a bias after the convolution; SiLU
  features; l1-normalised keys and queries; no position embedding; SiLU values.
- State: a delta rule with a rate per channel; a gated decay per channel (rank 16); the given
  number of heads; keys of each head; keys of half the width; values of full width.
- Paths: a short FIR path (5 taps); no long FIR path; a running-mean path; a softmax router; no
  skip.
- Output: RMS norm per head; a gate per head.

Causal and of linear cost: the state is carried from chunk to chunk. After DeltaNet
(2406.06484), Kimi Delta Attention (2510.26692), RWKV-7 (2503.14456), GLA (2312.06635),
ASI-Arch, paths and routers (2507.18074).
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CHUNK = 32
MAX_RATE = 2.0  # of forgetting per token, which bounds exp within a chunk


def full_precision(*tensors: Tensor) -> tuple[Tensor, ...]:
    """At least float32: gates, solves and states lose too much in half precision."""
    return tuple(t.to(torch.promote_types(t.dtype, torch.float32)) for t in tensors)


def into_heads(x: Tensor, heads: int) -> Tensor:
    """[B,T,H*d] -> [B,H,T,d]."""
    return x.unflatten(-1, (heads, -1)).transpose(1, 2).contiguous()


def l1_normalize(x: Tensor) -> Tensor:
    """Vectors whose absolute values sum to one along the last axis."""
    return x / (x.abs().sum(-1, keepdim=True) + 1e-6)


def causal_convolution(x: Tensor, taps: Tensor) -> Tensor:
    """Depthwise causal FIR filter over time; x [...,T,d], taps [width,...,d] (last one: present).

    Shifted multiply-adds: for few taps cheaper than conv1d, whose backward pass is slow on CPU.
    """
    width, length = taps.shape[0], x.shape[-2]
    padded = F.pad(x, (0, 0, width - 1, 0))
    y = x * taps[-1]
    for i in range(width - 1):
        y = torch.addcmul(y, padded[..., i : i + length, :], taps[i])
    return y


def running_mean(x: Tensor) -> Tensor:
    """Mean of x over all tokens up to the present one; x [B,H,T,d]."""
    count = torch.arange(1, x.shape[2] + 1, device=x.device, dtype=x.dtype)
    return x.cumsum(2) / count.unsqueeze(-1)


def into_chunks(x: Tensor, n: int, size: int) -> Tensor:
    """[B,H,T,d] -> [B,H,n,size,d]; the zeros after the end leave the state unchanged."""
    return F.pad(x, (0, 0, 0, n * size - x.shape[2])).unflatten(2, (n, size))


def feature_map(x: Tensor) -> Tensor:
    """SiLU, then unit absolute sum per head; [B,H,T,d_k]."""
    return l1_normalize(F.silu(x))


def chunkwise_vector_decayed_delta_rule(
    q: Tensor, k: Tensor, v: Tensor, log_decay: Tensor
) -> Tensor:
    """The delta rule in chunks (WY form, section 3 of arXiv 2406.06484): o_t = S_t^T q_t with

        S_t = (I - k_t k_t^T) Diag(a_t) S_{t-1} + k_t v_t^T

    q, k [B,H,T,d_k] with |k| <= 1; v [B,H,T,d_v]; log_decay [1 or B,H,T,d_k] in [-MAX_RATE, 0].
    Returns o [B,H,T,d_v].
    """
    dtype, length = v.dtype, q.shape[2]
    n = -(-length // CHUNK)
    size = -(-length // n)  # n chunks of equal length: the least padding
    q, k, v, log_decay = (
        into_chunks(t, n, size) for t in full_precision(q, k, v, log_decay)
    )
    since_start = log_decay.cumsum(3)  # in [-MAX_RATE * size, 0]
    # exp(G_i - G_j) = exp(G_i + c) exp(-G_j - c): the constant c keeps both factors finite.
    centre = MAX_RATE * size / 2
    ahead, behind = (since_start + centre).exp(), (-since_start - centre).exp()
    scores = ((q * ahead) @ (k * behind).mT).tril()
    # A row writes v minus what earlier rows wrote under similar keys: a triangular system.
    transition = ((k * ahead) @ (k * behind).mT).tril(-1)
    right = v if n == 1 else torch.cat((v, k * since_start.exp()), -1)
    solved = torch.linalg.solve_triangular(transition, right, upper=False, unitriangular=True)
    if n == 1:
        return (scores @ solved).flatten(2, 3).to(dtype)
    u, w = solved.split((v.shape[-1], k.shape[-1]), -1)
    whole = since_start[:, :, :, -1:]
    kept = whole.exp().mT
    q, k = q * since_start.exp(), k * (whole - since_start).exp()
    state = k.new_zeros(*k.shape[:2], k.shape[-1], v.shape[-1])
    outputs = []
    # unbind, not indexing: the backward pass of n indexings would cost n whole tensors each.
    chunks = zip(*(t.unbind(2) for t in (q, k, u, w, scores, kept)), strict=True)
    for q_i, k_i, u_i, w_i, scores_i, kept_i in chunks:
        new = u_i - w_i @ state
        outputs.append(q_i @ state + scores_i @ new)
        state = kept_i * state + k_i.mT @ new
    return torch.cat(outputs, 2)[:, :, :length].to(dtype)


class Mixer(nn.Module):
    """Token mixer: x [B,T,d_model] -> [B,T,d_model]; causal, any B and T."""

    def __init__(
        self, d_model: int, n_heads: int, *, layer_idx: int = 0, n_layers: int = 1
    ) -> None:
        super().__init__()
        heads = n_heads
        if d_model % (2 * heads):
            raise ValueError(f"d_model {d_model} does not divide into {heads} heads of this mixer")
        self.heads = heads
        self.key_dim = d_model // (2 * heads)
        self.value_dim = d_model // heads
        key_width = heads * self.key_dim
        value_width = heads * self.value_dim

        self.qk = nn.Linear(d_model, 2 * key_width, bias=False)
        self.value = nn.Linear(d_model, value_width, bias=False)
        self.convolution = nn.Parameter(torch.empty(3, value_width))
        nn.init.uniform_(self.convolution, -1 / math.sqrt(3), 1 / math.sqrt(3))
        self.convolution_bias = nn.Parameter(torch.empty(value_width))
        nn.init.uniform_(self.convolution_bias, -1 / math.sqrt(3), 1 / math.sqrt(3))
        self.decay_down = nn.Linear(d_model, 16, bias=False)
        self.decay_up = nn.Linear(16, heads * self.key_dim)
        # Stratified over the channels of a head: horizons from 2 to 200 tokens.
        self.decay_up.bias.data.copy_(torch.linspace(-6.0, -1.0, self.key_dim).repeat(heads))
        self.rate_down = nn.Linear(d_model, 8, bias=False)
        self.rate_up = nn.Linear(8, heads * self.key_dim, bias=False)
        # Filters start as the identity: the present tap is 1, the past ones are noise.
        self.short_taps = nn.Parameter(0.02 * torch.randn(5, heads, 1, self.value_dim))
        self.short_taps.data[-1] += 1.0
        self.router = nn.Linear(d_model, 3 * heads)
        nn.init.zeros_(self.router.weight)
        self.router.bias.data.copy_(torch.tensor([1.0, 0.0, 0.0]).repeat(heads))
        self.norm = nn.RMSNorm(self.value_dim, eps=1e-5)
        self.gate = nn.Linear(d_model, heads)
        nn.init.zeros_(self.gate.weight)
        nn.init.zeros_(self.gate.bias)
        self.out = nn.Linear(value_width, d_model, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        mixed = causal_convolution(self.value(x), self.convolution) + self.convolution_bias
        q, k = self.qk(x).chunk(2, -1)
        v = mixed
        q, k, v = (into_heads(t, self.heads) for t in (q, k, v))
        q, k = feature_map(q), feature_map(k)
        v = F.silu(v)
        (decay,) = full_precision(self.decay_up(self.decay_down(x)))
        log_decay = into_heads(-MAX_RATE * decay.sigmoid(), self.heads)
        # Scaling the key scales erasing and writing alike: the transition stays a contraction.
        k = k * into_heads(self.rate_up(self.rate_down(x)).sigmoid(), self.heads)
        with torch.autocast(x.device.type, enabled=False):  # the state stays in float32
            memory = chunkwise_vector_decayed_delta_rule(q, k, v, log_decay)
        short = causal_convolution(v, self.short_taps)
        mean = running_mean(v)
        logits = into_heads(self.router(x), self.heads)  # [B,H,T,3]
        weight = (0.02 + 0.94 * logits.softmax(-1)).split(1, -1)  # floor 0.02
        o = weight[0] * memory + weight[1] * short + weight[2] * mean
        o = self.norm(o)
        o = 2 * into_heads(self.gate(x).sigmoid(), self.heads) * o
        y = o.transpose(1, 2).flatten(2)  # [B,T,H*d_v]
        return self.out(y)
