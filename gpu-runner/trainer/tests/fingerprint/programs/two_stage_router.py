"""The delta rule with beta in (0, 2) and a gated decay per head, beside a long FIR path (16 taps)
and an identity path, joined by a two-stage router.

    S_t = (I - beta_t k_t k_t^T) a_t S_{t-1} + beta_t k_t v_t^T,   beta_t in (0, 2)
    o_t = S_t^T q_t

- Input: a short convolution on q and k, a convolution of width 4, no bias after the
  convolution; squared-ReLU features; l2-normalised keys and queries; no position embedding;
  SiLU values.
- State: the delta rule with beta in (0, 2); a gated decay per head; the given number of heads;
  keys of each head; keys of three quarters of the width; values of full width.
- Paths: no short FIR path; a long FIR path (16 taps); an identity path; a two-stage router; no
  skip.
- Output: RMS norm over all heads; a gate per head.

Causal and of linear cost: the state is carried from chunk to chunk. After DeltaNet
(2406.06484), Gated DeltaNet (2412.06464), negative eigenvalues (2411.12537), ASI-Arch, paths
and routers (2507.18074).
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CHUNK = 64


def full_precision(*tensors: Tensor) -> tuple[Tensor, ...]:
    """At least float32: gates, solves and states lose too much in half precision."""
    return tuple(t.to(torch.promote_types(t.dtype, torch.float32)) for t in tensors)


def into_heads(x: Tensor, heads: int) -> Tensor:
    """[B,T,H*d] -> [B,H,T,d]."""
    return x.unflatten(-1, (heads, -1)).transpose(1, 2).contiguous()


def l2_normalize(x: Tensor) -> Tensor:
    """Unit vectors along the last axis."""
    return x * torch.rsqrt(x.square().sum(-1, keepdim=True) + 1e-6)


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


def long_convolution(x: Tensor, taps: Tensor) -> Tensor:
    """Depthwise causal FIR filter of many taps; x [B,H,T,d], taps [width,H,d] (last one: present).

    Time is cut into blocks as long as the filter. A block of outputs depends on two of inputs by a
    banded Toeplitz matrix per channel: linear cost, and matrix products instead of shifts.
    """
    width, length = taps.shape[0], x.shape[2]
    n = -(-length // width)
    blocks = F.pad(x, (0, 0, width, n * width - length)).unflatten(2, (n + 1, width))
    window = torch.cat((blocks[:, :, :-1], blocks[:, :, 1:]), 3)  # [B,H,n,2*width,d]
    # Row i is the taps shifted by i + 1: repeat a period of 2 width + 1, cut every 2 width.
    period = F.pad(taps, (0, 0, 0, 0, 1, width))
    toeplitz = period.repeat(width, 1, 1)[: 2 * width * width].unflatten(0, (width, 2 * width))
    return torch.einsum("bhnjd,ijhd->bhnid", window, toeplitz).flatten(2, 3)[:, :, :length]


def into_chunks(x: Tensor, n: int, size: int) -> Tensor:
    """[B,H,T,d] -> [B,H,n,size,d]; the zeros after the end leave the state unchanged."""
    return F.pad(x, (0, 0, 0, n * size - x.shape[2])).unflatten(2, (n, size))


def relative_decay(since_start: Tensor) -> Tensor:
    """exp(G_i - G_j) for j <= i, else 0; G [...,C,1] is the log decay since the chunk's start."""
    size = since_start.shape[-2]
    future = torch.ones(size, size, dtype=torch.bool, device=since_start.device).triu(1)
    # Masked before exp: above the diagonal the difference is positive and exp could overflow.
    return (since_start - since_start.mT).masked_fill(future, -math.inf).exp()


def feature_map(x: Tensor) -> Tensor:
    """Squared ReLU, which is sparse, then unit length per head; [B,H,T,d_k]."""
    return l2_normalize(F.relu(x).square())


def chunkwise_decayed_delta_rule(
    q: Tensor, k: Tensor, v: Tensor, beta: Tensor, log_decay: Tensor
) -> Tensor:
    """The delta rule in chunks (WY form, section 3 of arXiv 2406.06484): o_t = S_t^T q_t with

        S_t = a_t (I - beta_t k_t k_t^T) S_{t-1} + beta_t k_t v_t^T

    q, k [B,H,T,d_k] with |k| <= 1; v [B,H,T,d_v]; beta [B,H,T,1]; log_decay [1 or B,H,T,1],
    never positive. Returns o [B,H,T,d_v].
    """
    dtype, length = v.dtype, q.shape[2]
    n = -(-length // CHUNK)
    size = -(-length // n)  # n chunks of equal length: the least padding
    q, k, v, beta, log_decay = (
        into_chunks(t, n, size) for t in full_precision(q, k, v, beta, log_decay)
    )
    since_start = log_decay.cumsum(3)
    relative = relative_decay(since_start)
    scores = (q @ k.mT) * relative
    # A row writes v minus what earlier rows wrote under similar keys: a triangular system.
    transition = ((beta * k) @ k.mT * relative).tril(-1)
    right = beta * v if n == 1 else torch.cat((beta * v, beta * k * since_start.exp()), -1)
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
        if d_model % (4 * heads):
            raise ValueError(f"d_model {d_model} does not divide into {heads} heads of this mixer")
        self.heads = heads
        self.key_dim = 3 * d_model // (4 * heads)
        self.value_dim = d_model // heads
        key_width = heads * self.key_dim
        value_width = heads * self.value_dim

        self.qk = nn.Linear(d_model, 2 * key_width, bias=False)
        self.value = nn.Linear(d_model, value_width, bias=False)
        self.convolution = nn.Parameter(torch.empty(4, 2 * key_width))
        nn.init.uniform_(self.convolution, -1 / math.sqrt(4), 1 / math.sqrt(4))
        self.step = nn.Linear(d_model, heads, bias=False)
        # Stratified over the heads: with few heads a random draw is a lottery between seeds.
        self.a_log = nn.Parameter(torch.linspace(1.0, 16.0, heads).log())
        self.dt_bias = nn.Parameter(torch.logspace(-1.0, -3.0, heads).expm1().log())
        self.beta = nn.Linear(d_model, heads, bias=False)
        # Filters start as the identity: the present tap is 1, the past ones are noise.
        self.long_taps = nn.Parameter(0.02 * torch.randn(16, heads, self.value_dim))
        self.long_taps.data[-1] += 1.0
        self.router = nn.Linear(d_model, 3 * heads)
        nn.init.zeros_(self.router.weight)
        self.router.bias.data.copy_(torch.tensor([1.0, 0.0, -1.0]).repeat(heads))
        self.norm = nn.RMSNorm(value_width, eps=1e-5)
        self.gate = nn.Linear(d_model, heads)
        nn.init.zeros_(self.gate.weight)
        nn.init.zeros_(self.gate.bias)
        self.out = nn.Linear(value_width, d_model, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        q, k = causal_convolution(self.qk(x), self.convolution).chunk(2, -1)
        v = self.value(x)
        q, k, v = (into_heads(t, self.heads) for t in (q, k, v))
        q, k = feature_map(q), feature_map(k)
        q = q * q.shape[-1] ** -0.5
        v = F.silu(v)
        (step,) = full_precision(self.step(x))
        step = into_heads(F.softplus(step + self.dt_bias), self.heads)
        log_decay = -self.a_log.exp().view(-1, 1, 1) * step
        beta = 2 * into_heads(self.beta(x).sigmoid(), self.heads)  # above 1 the state is reflected
        with torch.autocast(x.device.type, enabled=False):  # the state stays in float32
            memory = chunkwise_decayed_delta_rule(q, k, v, beta, log_decay)
        long = long_convolution(v, self.long_taps)
        logits = into_heads(self.router(x), self.heads)  # [B,H,T,3]
        # First how much to copy, then how the rest is shared by the context paths.
        copy = 0.98 * logits[..., -1:].sigmoid()
        context = logits[..., :-1]
        weight = (0.02 + 0.96 * context.softmax(-1)).split(1, -1)  # floor 0.02
        o = copy * v + (1 - copy) * (weight[0] * memory + weight[1] * long)
        y = o.transpose(1, 2).flatten(2)  # [B,T,H*d_v]
        y = self.norm(y)
        y = y * 2 * self.gate(x).sigmoid().repeat_interleave(self.value_dim, -1)
        return self.out(y)
