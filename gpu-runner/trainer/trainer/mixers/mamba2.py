"""Mamba2: state-space duality with a scalar decay per head (Dao, Gu 2024, arXiv 2405.21060).

    dt_t = softplus(dt_raw_t + dt_bias);   a_t = exp(-exp(A_log) dt_t)
    S_t = a_t S_{t-1} + B_t (dt_t x_t)^T;   y_t = S_t^T C_t + D x_t;   out = W_out RMSNorm(y * silu(z + b_z))

B and C are shared by the heads (one group). As in the paper the state has N = 2 P rows for heads of P columns. The
paper expands to 2 d_model because its block replaces mixer and MLP; here the block has an MLP of its own, so the
inner width is d_model: 5 d^2 weights with 2 heads, where DeltaNet has 4 d^2 (expanded twice it would have 8 d^2).
`expansion=2, d_state=128, gate_bias=False` with heads of 64 is the published mixer.

Two starting points decide whether recall is learned in a few hundred steps. The bias of the convolution is drawn like
its weights, as torch's Conv1d in the published code does, which gives B . C a mean; and b_z, which the paper has not,
starts the gate at 1 instead of at random signs. Accuracy on 16 bindings after 400 steps at a rate of 1e-2, one seed:
with both 1.00, with a bias of zero .65, with the gate of the paper .01.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CHUNK = 64
CONV_WIDTH = 4
OPEN_GATE = 1.2785  # silu of it is 1


def short_convolution(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Causal depthwise convolution followed by silu; x [B,T,C], weight [width,C] (last row: present)."""
    padded = F.pad(x, (0, 0, weight.shape[0] - 1, 0))
    # In two dimensions, channels last: on a CPU several times as fast as conv1d, above all backwards.
    y = F.conv2d(padded.unsqueeze(2).permute(0, 3, 1, 2), weight.mT[:, None, :, None], bias, groups=weight.shape[1])
    return F.silu(y.permute(0, 2, 3, 1).squeeze(2))


def segment_sum(log_decay: Tensor) -> Tensor:
    """Sums of log_decay over (j, i] for j <= i, -inf above the diagonal; [...,C] -> [...,C,C].

    A masked cumulative sum, not a difference of two: that difference cancels in long chunks.
    """
    size = log_decay.shape[-1]
    ones = torch.ones(size, size, dtype=torch.bool, device=log_decay.device)
    rows = log_decay.unsqueeze(-1).expand(*log_decay.shape, size).masked_fill(ones.triu(), 0.0)
    return rows.cumsum(-2).masked_fill(ones.triu(1), -math.inf)


def chunkwise_state_space_dual(c: Tensor, b: Tensor, x: Tensor, log_decay: Tensor, chunk: int = CHUNK) -> Tensor:
    """Decayed linear recurrence in chunks (section 6 of the paper).

    c, b [B,T,N] (shared by the heads); x [B,H,T,P], already times dt; log_decay [B,H,T] <= 0.
    Returns y [B,H,T,P].
    """
    batch, heads, length, p = x.shape
    n = -(-length // chunk)
    chunk = -(-length // n)  # n chunks of equal length: the least padding
    pad = n * chunk - length
    if pad:  # b = 0 and log_decay = 0 leave the state unchanged
        c, b, x = (F.pad(t, (0, 0, 0, pad)) for t in (c, b, x))
        log_decay = F.pad(log_decay, (0, pad))
    c, b = (t.reshape(batch, 1, n, chunk, -1) for t in (c, b))
    x = x.reshape(batch, heads, n, chunk, p)
    log_decay = log_decay.reshape(batch, heads, n, chunk)

    relative = segment_sum(log_decay).exp()  # decay from row j to row i; its last row: to the end of the chunk
    y = ((c @ b.mT) * relative) @ x
    if n == 1:
        return y.reshape(batch, heads, chunk, p)
    since_start = log_decay.cumsum(-1)
    whole = since_start[..., -1:, None].exp()
    written = b.mT @ (relative[..., -1, :, None] * x)  # what each chunk adds to the state, [B,H,n,N,P]
    state, incoming = torch.zeros_like(written[:, :, 0]), []
    for whole_i, written_i in zip(whole.unbind(2), written.unbind(2), strict=True):
        incoming.append(state)
        state = whole_i * state + written_i
    y = y + since_start.exp().unsqueeze(-1) * (c @ torch.stack(incoming, 2))
    return y.reshape(batch, heads, n * chunk, p)[:, :, :length]


class Mixer(nn.Module):
    """x [B,T,d_model] -> [B,T,d_model]; a state of d * N numbers with N = 2 d / n_heads."""

    def __init__(
        self,
        d_model: int,
        n_heads: int,
        *,
        layer_idx: int = 0,
        n_layers: int = 1,
        expansion: int = 1,
        d_state: int | None = None,
        gate_bias: bool = True,
    ) -> None:
        super().__init__()
        d_inner = expansion * d_model
        if d_inner % n_heads:
            raise ValueError(f"the inner width {d_inner} is not a multiple of n_heads {n_heads}")
        self.n_heads, self.d_inner = n_heads, d_inner
        self.d_state = 2 * d_inner // n_heads if d_state is None else d_state
        channels = d_inner + 2 * self.d_state
        self.convolved = nn.Linear(d_model, channels, bias=False)
        self.gate = nn.Linear(d_model, d_inner, bias=gate_bias)
        self.step = nn.Linear(d_model, n_heads, bias=False)
        self.convolution = nn.Parameter(torch.empty(CONV_WIDTH, channels))
        self.convolution_bias = nn.Parameter(torch.empty(channels))
        self.norm = nn.RMSNorm(d_inner, eps=1e-5)
        self.out = nn.Linear(d_inner, d_model, bias=False)
        for convolution in (self.convolution, self.convolution_bias):
            nn.init.uniform_(convolution, -1 / math.sqrt(CONV_WIDTH), 1 / math.sqrt(CONV_WIDTH))
        nn.init.normal_(self.gate.weight, std=0.02)
        if gate_bias:
            nn.init.constant_(self.gate.bias, OPEN_GATE)
        # Stratified over the heads instead of drawn (A ~ U(1,16), dt log-uniform): the same law, but
        # with few heads the draw is a lottery that dominates the difference between seeds.
        self.a_log = nn.Parameter(torch.linspace(1.0, 16.0, n_heads).log())
        self.dt_bias = nn.Parameter(torch.logspace(-1.0, -3.0, n_heads).expm1().log())
        self.skip = nn.Parameter(torch.ones(n_heads))

    def forward(self, x: Tensor) -> Tensor:
        mixed = short_convolution(self.convolved(x), self.convolution, self.convolution_bias)
        value, b, c = mixed.split((self.d_inner, self.d_state, self.d_state), -1)
        value = value.unflatten(-1, (self.n_heads, -1)).transpose(1, 2)
        raw = self.step(x).transpose(1, 2)
        precision = torch.promote_types(value.dtype, torch.float32)
        with torch.autocast(x.device.type, enabled=False):  # decay and state stay in float32
            value, b, c, raw = (t.to(precision) for t in (value, b, c, raw))
            dt = F.softplus(raw + self.dt_bias.unsqueeze(-1))
            log_decay = -self.a_log.exp().unsqueeze(-1) * dt
            y = chunkwise_state_space_dual(c, b, dt.unsqueeze(-1) * value, log_decay)
            y = y + self.skip.view(-1, 1, 1) * value
        y = y.transpose(1, 2).flatten(2)
        return self.out(self.norm(y * F.silu(self.gate(x))))
