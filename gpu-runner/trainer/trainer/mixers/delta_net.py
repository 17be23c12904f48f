"""DeltaNet: linear attention with the delta rule (Yang et al. 2024, arXiv 2406.06484).

Per head the state S [d_k, d_v] is corrected towards v_t along the key k_t, then read by q_t:

    u_t = beta_t (v_t - S_{t-1}^T k_t);   S_t = S_{t-1} + k_t u_t^T;   o_t = d_k^-1/2 S_t^T q_t
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CHUNK = 64  # most rows solved at once
CONV_WIDTH = 4


def l2_normalize(x: Tensor) -> Tensor:
    """Unit vectors along the last axis; bounds the eigenvalue 1 - beta |k|^2 of the transition."""
    return x * torch.rsqrt(x.square().sum(-1, keepdim=True) + 1e-6)


def short_convolution(x: Tensor, weight: Tensor) -> Tensor:
    """Causal depthwise convolution followed by silu; x [B,T,C], weight [width,C] (last row: present)."""
    padded = F.pad(x, (0, 0, weight.shape[0] - 1, 0))
    # In two dimensions, channels last: on a CPU several times as fast as conv1d, above all backwards.
    y = F.conv2d(padded.unsqueeze(2).permute(0, 3, 1, 2), weight.mT[:, None, :, None], groups=weight.shape[1])
    return F.silu(y.permute(0, 2, 3, 1).squeeze(2))


def chunkwise_delta_rule(q: Tensor, k: Tensor, v: Tensor, beta: Tensor, chunk: int = CHUNK) -> Tensor:
    """Delta rule in chunks by the WY/UT transform (section 3 of the paper).

    q, k [B,H,T,d_k]; v [B,H,T,d_v]; beta [B,H,T] in (0, 2). Returns o [B,H,T,d_v].
    """
    batch, heads, length, d_k = q.shape
    n = -(-length // chunk)
    chunk = -(-length // n)  # n chunks of equal length: the least padding
    pad = n * chunk - length
    if pad:  # beta = 0 and k = 0 leave the state unchanged
        q, k, v = (F.pad(t, (0, 0, 0, pad)) for t in (q, k, v))
        beta = F.pad(beta, (0, pad))
    q, k, v = (t.reshape(batch, heads, n, chunk, -1) for t in (q, k, v))
    beta = beta.reshape(batch, heads, n, chunk, 1)

    scores = (q @ k.mT).tril() * d_k**-0.5
    # In float64: where a key repeats, the rounding of k . k is the same error at every step and adds up, and near
    # beta = 2 the solve hands on every error undiminished.
    exact = k.double()
    transition = ((beta * exact) @ exact.mT).tril(-1)  # the solve adds the unit diagonal
    right = beta * (v.double() if n == 1 else torch.cat((v, k), -1).double())
    solved = torch.linalg.solve_triangular(transition, right, upper=False, unitriangular=True).to(k.dtype)
    if n == 1:
        return (scores @ solved).reshape(batch, heads, chunk, -1)
    u, w = solved.split((v.shape[-1], d_k), -1)

    q = q * d_k**-0.5
    state = q.new_zeros(batch, heads, d_k, v.shape[-1])
    outputs = []
    # unbind, not indexing: the backward pass of n indexings costs n whole tensors each
    for q_i, k_i, u_i, w_i, scores_i in zip(*(t.unbind(2) for t in (q, k, u, w, scores)), strict=True):
        write = u_i - w_i @ state
        outputs.append(q_i @ state + scores_i @ write)
        state = state + k_i.mT @ write
    return torch.cat(outputs, 2)[:, :, :length]


class Mixer(nn.Module):
    """x [B,T,d_model] -> [B,T,d_model]; 4 d^2 weights and a state of d^2 / n_heads numbers."""

    def __init__(self, d_model: int, n_heads: int, *, layer_idx: int = 0, n_layers: int = 1) -> None:
        super().__init__()
        if d_model % n_heads:
            raise ValueError(f"d_model {d_model} is not a multiple of n_heads {n_heads}")
        self.n_heads = n_heads
        self.qkv = nn.Linear(d_model, 3 * d_model, bias=False)
        self.convolution = nn.Parameter(torch.empty(CONV_WIDTH, 3 * d_model))
        self.beta = nn.Linear(d_model, n_heads, bias=False)
        self.norm = nn.RMSNorm(d_model // n_heads, eps=1e-5)
        self.out = nn.Linear(d_model, d_model, bias=False)
        nn.init.uniform_(self.convolution, -1 / math.sqrt(CONV_WIDTH), 1 / math.sqrt(CONV_WIDTH))

    def forward(self, x: Tensor) -> Tensor:
        batch, length, d_model = x.shape
        mixed = short_convolution(self.qkv(x), self.convolution)
        q, k, v = mixed.view(batch, length, 3, self.n_heads, -1).permute(2, 0, 3, 1, 4).unbind(0)
        beta = self.beta(x).sigmoid().transpose(1, 2)
        precision = torch.promote_types(q.dtype, torch.float32)
        with torch.autocast(x.device.type, enabled=False):  # the solve and the state stay in float32
            q, k, v, beta = (t.to(precision) for t in (q, k, v, beta))
            o = chunkwise_delta_rule(l2_normalize(q), l2_normalize(k), v, beta)
        return self.out(self.norm(o).transpose(1, 2).reshape(batch, length, d_model))
