"""The recurrences of the grammar, token by token in float64: the slow reference of the emitted chunkwise forms."""

import inspect
from collections.abc import Callable

import torch
from torch import Tensor


def reference(q: Tensor, k: Tensor, v: Tensor, erase: Tensor | None, write: Tensor, log_decay: Tensor) -> Tensor:
    """S_t = (I - erase_t k_t k_t^T) Diag(a_t) S_{t-1} + write_t k_t v_t^T; o_t = S_t^T q_t. All [B,H,T,*].

    `erase` None: an additive write, nothing is erased.
    """
    state = torch.zeros(*k.shape[:2], k.shape[-1], v.shape[-1], dtype=k.dtype)
    outputs = []
    for t in range(q.shape[2]):
        state = log_decay[:, :, t].exp().unsqueeze(-1) * state
        key = k[:, :, t].unsqueeze(-1)
        if erase is not None:
            state = state - erase[:, :, t].unsqueeze(-1) * key @ (key.mT @ state)
        state = state + write[:, :, t].unsqueeze(-1) * key @ v[:, :, t].unsqueeze(-2)
        outputs.append((q[:, :, t].unsqueeze(-2) @ state).squeeze(-2))
    return torch.stack(outputs, 2)


def _arguments(length: int, vector: bool) -> dict[str, Tensor]:
    """Everything a recurrence can ask for, with correlated unit keys, as repeated tokens give."""
    generator = torch.Generator().manual_seed(length)

    def draw(channels: int) -> Tensor:
        return torch.randn(2, 2, length, channels, generator=generator, dtype=torch.float64)

    k = draw(8) + 1.5 * draw(1)
    return {
        "q": draw(8),
        "k": k / k.norm(dim=-1, keepdim=True),
        "v": draw(6),
        "beta": 2 * draw(1).sigmoid(),
        "erase": draw(1).sigmoid(),
        "write": draw(1).sigmoid(),
        "log_decay": -2 * (2 * draw(8 if vector else 1)).sigmoid(),
    }


def check_recurrence(namespace: dict) -> str | None:
    """Compares the program's chunkwise function with the reference, in value and in the gradient of the keys."""
    name = next(n for n in namespace if n.startswith("chunkwise"))
    function = namespace[name]
    parameters = list(inspect.signature(function).parameters)
    for length in (1, 40, 64, 77, 150):
        arguments = _arguments(length, "vector" in name)
        arguments = {key: arguments[key] for key in parameters}
        for dtype, tolerance in ((torch.float64, 1e-9), (torch.float32, 2e-4)):
            error = disagreement(function, arguments, "delta" in name, dtype)
            if error > tolerance:
                return f"{name} differs from the recurrence by {error:.2g} at T={length} in {dtype}"
    return None


def disagreement(
    function: Callable[..., Tensor], arguments: dict[str, Tensor], delta: bool, dtype: torch.dtype
) -> float:
    fast = {key: value.detach().to(dtype).clone().requires_grad_() for key, value in arguments.items()}
    slow = {key: value.detach().clone().requires_grad_() for key, value in arguments.items()}
    one = torch.ones_like(slow["v"][..., :1])
    beta = slow.get("beta", one)
    y = function(**fast)
    expected = reference(
        slow["q"],
        slow["k"],
        slow["v"],
        slow.get("erase", beta) if delta else None,
        slow.get("write", beta),
        slow.get("log_decay", torch.zeros_like(one)),
    )
    weight = torch.randn(expected.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    (y * weight.to(dtype)).sum().backward()
    (expected * weight).sum().backward()
    errors = [float((y.detach().double() - expected.detach()).abs().max() / (expected.detach().abs().mean() + 0.1))]
    for key, value in slow.items():
        # A gradient that nothing depends on (a decay before the first token) is absent on one side, zero on the other.
        exact = torch.zeros_like(value) if value.grad is None else value.grad
        errors.append(float((fast[key].grad.double() - exact).abs().max() / (exact.abs().mean() + 0.1)))
    return max(errors)
