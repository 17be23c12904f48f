"""Gated linear attention, GLA (Yang et al. 2023, arXiv 2312.06635): a decay for each row of the state.

    a_t = sigmoid(W_2 W_1 x_t + b)^(1/16);   S_t = Diag(a_t) S_{t-1} + k_t v_t^T;   o_t = d_k^-1/2 S_t^T q_t

As published: keys of half the width of the values, W_1 of rank 16, output RMSNorm(o) * silu(W_g x). Two additions that
all baselines here share, so that they differ in the recurrence only: a short convolution on q, k, v, and a bias b_g
that starts the output gate at 1 (`convolution=False, gate_bias=False` is the published mixer).
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CHUNK = 64
CONV_WIDTH = 4
DECAY_RANK = 16
DECAY_NORMALIZER = 16.0
OPEN_GATE = 1.2785  # silu of it is 1


def short_convolution(x: Tensor, weight: Tensor) -> Tensor:
    """Causal depthwise convolution followed by silu; x [B,T,C], weight [width,C] (last row: present)."""
    padded = F.pad(x, (0, 0, weight.shape[0] - 1, 0))
    # In two dimensions, channels last: on a CPU several times as fast as conv1d, above all backwards.
    y = F.conv2d(padded.unsqueeze(2).permute(0, 3, 1, 2), weight.mT[:, None, :, None], groups=weight.shape[1])
    return F.silu(y.permute(0, 2, 3, 1).squeeze(2))


def decayed_scores(q: Tensor, k: Tensor, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Scores of a chunk, sum_d q_id k_jd exp(g_{j+1,d} + .. + g_id) for j <= i, and the decays to its two ends.

    q, k, g [...,C,d_k] with C a power of two. Returns scores [...,C,C], the log decay from the chunk's start up to and
    with each row, and that from after each row to the chunk's end, both [...,C,d_k].

    Blocks are joined in pairs, from single rows to the whole chunk. Between the halves of a pair the decay factorises
    at the boundary (the reference row of section 4.3 of the paper) into two factors that are at most 1, so nothing
    overflows, and every exponent is a sum of numbers <= 0, so nothing cancels.
    """
    chunk = q.shape[-2]
    scores = (q * k).sum(-1)[..., None, None]
    since, until = g.unsqueeze(-2), torch.zeros_like(g).unsqueeze(-2)
    size = 1
    while size < chunk:
        pairs = (-1, 2, size, q.shape[-1])
        late, early = q.unflatten(-2, pairs[:-1])[..., 1, :, :], k.unflatten(-2, pairs[:-1])[..., 0, :, :]
        (since_1, since_2), (until_1, until_2), (scores_1, scores_2) = (
            t.unflatten(-3, (-1, 2)).unbind(-3) for t in (since, until, scores)
        )
        across = (late * since_2.exp()) @ (early * until_1.exp()).mT
        upper = torch.cat((scores_1, torch.zeros_like(across)), -1)
        scores = torch.cat((upper, torch.cat((across, scores_2), -1)), -2)
        since = torch.cat((since_1, since_2 + since_1[..., -1:, :]), -2)
        until = torch.cat((until_1 + since_2[..., -1:, :], until_2), -2)
        size *= 2
    return scores.squeeze(-3), since.squeeze(-3), until.squeeze(-3)


def chunkwise_gated_linear_attention(q: Tensor, k: Tensor, v: Tensor, g: Tensor, chunk: int = CHUNK) -> Tensor:
    """Linear attention with a decay per key channel, in chunks of a power of two.

    q, k [B,H,T,d_k]; v [B,H,T,d_v]; g [B,H,T,d_k] <= 0 (log decay). Returns o [B,H,T,d_v].
    """
    batch, heads, length, d_k = q.shape
    while chunk >= 2 * length or (chunk > 16 and -length % chunk > length // 8):
        chunk //= 2  # little padding, and no chunk longer than needed
    n = -(-length // chunk)
    pad = n * chunk - length
    if pad:  # k = 0 and g = 0 leave the state unchanged
        q, k, v, g = (F.pad(t, (0, 0, 0, pad)) for t in (q, k, v, g))
    q, k, v, g = (t.reshape(batch, heads, n, chunk, -1) for t in (q * d_k**-0.5, k, v, g))

    scores, since, until = decayed_scores(q, k, g)
    y = scores @ v
    if n > 1:
        written = (k * until.exp()).mT @ v  # what each chunk adds to the state, [B,H,n,d_k,d_v]
        whole = since[..., -1, :, None].exp()
        state, incoming = torch.zeros_like(written[:, :, 0]), []
        for whole_i, written_i in zip(whole.unbind(2), written.unbind(2), strict=True):
            incoming.append(state)
            state = whole_i * state + written_i
        y = y + (q * since.exp()) @ torch.stack(incoming, 2)
    return y.reshape(batch, heads, n * chunk, -1)[:, :, :length]


class Mixer(nn.Module):
    """x [B,T,d_model] -> [B,T,d_model]; 4 d^2 + 24 d weights and a state of d^2 / (2 n_heads) numbers."""

    def __init__(
        self,
        d_model: int,
        n_heads: int,
        *,
        layer_idx: int = 0,
        n_layers: int = 1,
        convolution: bool = True,
        gate_bias: bool = True,
    ) -> None:
        super().__init__()
        if d_model % (2 * n_heads):
            raise ValueError(f"d_model {d_model} is not a multiple of twice n_heads {n_heads}")
        self.n_heads, self.d_key = n_heads, d_model // 2
        self.qkv = nn.Linear(d_model, 2 * d_model, bias=False)
        self.convolution = nn.Parameter(torch.empty(CONV_WIDTH, 2 * d_model)) if convolution else None
        self.decay = nn.Sequential(nn.Linear(d_model, DECAY_RANK, bias=False), nn.Linear(DECAY_RANK, self.d_key))
        self.gate = nn.Linear(d_model, d_model, bias=gate_bias)
        self.norm = nn.RMSNorm(d_model // n_heads, eps=1e-5)
        self.out = nn.Linear(d_model, d_model, bias=False)
        if self.convolution is not None:
            nn.init.uniform_(self.convolution, -1 / math.sqrt(CONV_WIDTH), 1 / math.sqrt(CONV_WIDTH))
        nn.init.zeros_(self.decay[1].bias)
        nn.init.normal_(self.gate.weight, std=0.02)
        if gate_bias:
            nn.init.constant_(self.gate.bias, OPEN_GATE)

    def forward(self, x: Tensor) -> Tensor:
        batch, length, d_model = x.shape
        mixed = self.qkv(x)
        if self.convolution is not None:
            mixed = short_convolution(mixed, self.convolution)
        parts = (*mixed.split((self.d_key, self.d_key, d_model), -1), self.decay(x))
        precision = torch.promote_types(mixed.dtype, torch.float32)
        with torch.autocast(x.device.type, enabled=False):  # decay and state stay in float32
            q, k, v, decay = (t.to(precision).unflatten(-1, (self.n_heads, -1)).transpose(1, 2) for t in parts)
            o = chunkwise_gated_linear_attention(q, k, v, F.logsigmoid(decay) / DECAY_NORMALIZER)
        o = self.norm(o).transpose(1, 2).reshape(batch, length, d_model)
        return self.out(o * F.silu(self.gate(x)))
