"""Operands of the recurrences, and which chunkwise form must equal which slow one."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from trainer.mixers import delta_net, fusion_gated_fir_net, gated_delta_net, gla, linear_attention, mamba2, retnet
from trainer.mixers.reference import recurrences

BATCH, HEADS = 2, 2

Recurrence = Callable[..., Tensor]


@dataclass(frozen=True)
class Case:
    """`operands` are names in `draw`; those after a bar are constants of the model and get no gradient."""

    fast: Recurrence
    slow: Recurrence
    operands: str
    chunks: tuple[int, ...] = (1, 4, 7, 16, 64)  # none: the chunk's length is part of the definition


CASES = {
    "delta rule": Case(delta_net.chunkwise_delta_rule, recurrences.delta_rule, "q k v beta"),
    "gated delta rule": Case(gated_delta_net.chunkwise_gated_delta_rule, recurrences.gated_delta_rule, "q k v beta g"),
    "state-space dual": Case(mamba2.chunkwise_state_space_dual, recurrences.state_space_dual, "c b v g"),
    "gated linear attention": Case(
        gla.chunkwise_gated_linear_attention, recurrences.diagonal_decay, "q k v channel_g", (1, 2, 4, 16, 64)
    ),
    "retention": Case(retnet.chunkwise_retention, recurrences.retention, "q k v | head_g"),
    "linear attention": Case(
        linear_attention.chunkwise_linear_attention, recurrences.linear_attention, "positive_q positive_k v"
    ),
    "delta rule with retention": Case(
        fusion_gated_fir_net.chunkwise_delta_rule_with_retention,
        recurrences.delta_rule_with_retention,
        "q k v beta | retention",
        (),
    ),
}


def draw(seed: int, length: int, d_k: int = 6, d_v: int = 5) -> dict[str, Tensor]:
    """Random operands that float32 holds exactly, in float64; a third of the keys repeat, as tokens do."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    per_token = (BATCH, HEADS, length)
    k = normal(*per_token, d_k)
    repeated = torch.rand(length, 1, generator=generator) < 1 / 3
    k = torch.where(repeated, k[:, :, :1], k)
    operands = {
        "q": normal(*per_token, d_k),
        "k": delta_net.l2_normalize(k),
        "v": normal(*per_token, d_v),
        "beta": 2 * normal(*per_token).sigmoid(),
        "g": -normal(*per_token).mul(2).exp(),  # from no decay to none left in a step
        "channel_g": -normal(*per_token, d_k).mul(2).exp(),
        "head_g": retnet.log_decays(HEADS, k),
        "retention": 0.6 + 0.4 * normal(HEADS).sigmoid(),
        "positive_q": torch.nn.functional.elu(normal(*per_token, d_k)) + 1,
        "positive_k": torch.nn.functional.elu(normal(*per_token, d_k)) + 1,
        "c": normal(BATCH, length, d_k),
        "b": normal(BATCH, length, d_k),
    }
    return {name: operand.float().double() for name, operand in operands.items()}


def split_operands(case: Case, drawn: dict[str, Tensor]) -> tuple[list[Tensor], list[Tensor]]:
    """Operands with a gradient, and constants."""
    varied, _, constant = case.operands.partition("|")
    return [drawn[name] for name in varied.split()], [drawn[name] for name in constant.split()]


def values_and_gradients(
    function: Recurrence, operands: list[Tensor], constants: list[Tensor], dtype: torch.dtype, *rest: int
) -> list[Tensor]:
    """The output and the gradient of a fixed random functional of it, computed in `dtype`, returned in float64."""
    leaves = [t.to(dtype).requires_grad_() for t in operands]
    output = function(*leaves, *(t.to(dtype) for t in constants), *rest)
    cotangent = torch.randn(output.shape, generator=torch.Generator().manual_seed(5)).to(dtype)
    gradients = torch.autograd.grad(output, leaves, cotangent, materialize_grads=True, allow_unused=True)
    return [t.detach().double() for t in (output, *gradients)]
