"""Token-by-token recurrences of the built-in mixers, one line of the papers per line of code.

Slow and exact: run them in float64. q, k [B,H,T,d_k]; v [B,H,T,d_v]; beta, g [B,H,T]; o [B,H,T,d_v].
"""

import torch
from torch import Tensor


def gated_delta_rule(q: Tensor, k: Tensor, v: Tensor, beta: Tensor, g: Tensor) -> Tensor:
    """S_t = a_t (I - beta_t k_t k_t^T) S_{t-1} + beta_t k_t v_t^T with a_t = exp(g_t) (arXiv 2412.06464)."""
    state = q.new_zeros(*q.shape[:2], q.shape[-1], v.shape[-1])
    outputs = []
    for t in range(q.shape[2]):
        state = g[:, :, t, None, None].exp() * state
        held = torch.einsum("bhkv,bhk->bhv", state, k[:, :, t])
        write = beta[:, :, t, None] * (v[:, :, t] - held)
        state = state + torch.einsum("bhk,bhv->bhkv", k[:, :, t], write)
        outputs.append(torch.einsum("bhkv,bhk->bhv", state, q[:, :, t]) * q.shape[-1] ** -0.5)
    return torch.stack(outputs, 2)


def delta_rule(q: Tensor, k: Tensor, v: Tensor, beta: Tensor) -> Tensor:
    """The gated rule without decay (arXiv 2406.06484)."""
    return gated_delta_rule(q, k, v, beta, torch.zeros_like(beta))


def state_space_dual(c: Tensor, b: Tensor, x: Tensor, log_decay: Tensor) -> Tensor:
    """S_t = a_t S_{t-1} + B_t x_t^T, y_t = S_t^T C_t (arXiv 2405.21060); c, b [B,T,N]; x [B,H,T,P]."""
    state = x.new_zeros(*x.shape[:2], b.shape[-1], x.shape[-1])
    outputs = []
    for t in range(x.shape[2]):
        state = log_decay[:, :, t, None, None].exp() * state
        state = state + torch.einsum("bn,bhp->bhnp", b[:, t], x[:, :, t])
        outputs.append(torch.einsum("bhnp,bn->bhp", state, c[:, t]))
    return torch.stack(outputs, 2)


def linear_attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """o_t = S_t^T q_t / (z_t . q_t) (arXiv 2006.16236); q, k already feature-mapped."""
    state = q.new_zeros(*q.shape[:2], q.shape[-1], v.shape[-1])
    normaliser = q.new_zeros(*q.shape[:2], q.shape[-1])
    outputs = []
    for t in range(q.shape[2]):
        state = state + torch.einsum("bhk,bhv->bhkv", k[:, :, t], v[:, :, t])
        normaliser = normaliser + k[:, :, t]
        weight = (normaliser * q[:, :, t]).sum(-1, keepdim=True) + 1e-6
        outputs.append(torch.einsum("bhkv,bhk->bhv", state, q[:, :, t]) / weight)
    return torch.stack(outputs, 2)


def diagonal_decay(q: Tensor, k: Tensor, v: Tensor, g: Tensor) -> Tensor:
    """S_t = Diag(a_t) S_{t-1} + k_t v_t^T with a_t = exp(g_t), g [B,H,T,d_k] (GLA, arXiv 2312.06635)."""
    state = q.new_zeros(*q.shape[:2], q.shape[-1], v.shape[-1])
    outputs = []
    for t in range(q.shape[2]):
        state = g[:, :, t, :, None].exp() * state
        state = state + torch.einsum("bhk,bhv->bhkv", k[:, :, t], v[:, :, t])
        outputs.append(torch.einsum("bhkv,bhk->bhv", state, q[:, :, t]) * q.shape[-1] ** -0.5)
    return torch.stack(outputs, 2)


def retention(q: Tensor, k: Tensor, v: Tensor, g: Tensor) -> Tensor:
    """S_t = a_h S_{t-1} + k_t v_t^T with a_h = exp(g_h), g [H] (RetNet, arXiv 2307.08621)."""
    return diagonal_decay(q, k, v, g.view(1, -1, 1, 1).expand(*k.shape))


def delta_rule_with_retention(
    q: Tensor, k: Tensor, v: Tensor, beta: Tensor, retention: Tensor, period: int = 32
) -> Tensor:
    """The delta rule; after every `period` tokens, what the state held `period` tokens ago shrinks by retention [H]."""
    state = start = q.new_zeros(*q.shape[:2], q.shape[-1], v.shape[-1])
    lost = 1 - retention.view(1, -1, 1, 1)
    outputs = []
    for t in range(q.shape[2]):
        if t and t % period == 0:
            state = start = state - lost * start
        held = torch.einsum("bhkv,bhk->bhv", state, k[:, :, t])
        write = beta[:, :, t, None] * (v[:, :, t] - held)
        state = state + torch.einsum("bhk,bhv->bhkv", k[:, :, t], write)
        outputs.append(torch.einsum("bhkv,bhk->bhv", state, q[:, :, t]) * q.shape[-1] ** -0.5)
    return torch.stack(outputs, 2)
