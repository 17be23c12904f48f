"""How far an emitted delta rule is off where one key repeats, beta in [1.9, 2), against its recurrence in float32.

Reads one program per line, as a JSON string; answers each with the largest ratio of errors over output and gradients.
"""

import inspect
import json
import sys
from collections.abc import Callable

import torch
from recurrence_reference import reference
from torch import Tensor

LENGTH, WIDTH, DRAWS = 128, 32, 2
torch.set_num_threads(1)


def operands(seed: int, vector: bool) -> dict[str, Tensor]:
    """Numbers that float32 holds exactly; hardly any decay, which would hide what old keys do."""
    generator = torch.Generator().manual_seed(seed)

    def draw(*shape: int) -> Tensor:
        return torch.randn(2, 2, *shape, generator=generator)

    key = draw(1, WIDTH)
    drawn = {
        "q": draw(LENGTH, WIDTH) / WIDTH**0.5,
        "k": (key / key.norm(dim=-1, keepdim=True)).expand(-1, -1, LENGTH, -1),
        "v": draw(LENGTH, WIDTH),
        "beta": 1.9 + 0.1 * torch.rand(2, 2, LENGTH, 1, generator=generator),
        "log_decay": -1e-3 * torch.rand(2, 2, LENGTH, WIDTH if vector else 1, generator=generator),
    }
    return {name: value.double() for name, value in drawn.items()}


def results(function: Callable[..., Tensor], given: dict[str, Tensor], dtype: torch.dtype) -> list[Tensor]:
    leaves = {name: value.to(dtype).clone().requires_grad_() for name, value in given.items()}
    y = function(**leaves)
    weight = torch.randn(y.shape, generator=torch.Generator().manual_seed(1)).to(dtype)
    return [y.detach(), *torch.autograd.grad((y * weight).sum(), list(leaves.values()))]


def slow(q: Tensor, k: Tensor, v: Tensor, beta: Tensor, log_decay: Tensor | None = None) -> Tensor:
    return reference(q, k, v, beta, beta, torch.zeros_like(beta) if log_decay is None else log_decay)


def ratio(source: str) -> float:
    namespace: dict = {"__name__": "candidate"}
    exec(compile(source, "<candidate>", "exec"), namespace)  # noqa: S102  the grammar's own text
    name = next(n for n in namespace if n.startswith("chunkwise"))
    errors: list[list[list[float]]] = [[], []]
    for seed in range(DRAWS):
        given = operands(seed, "MAX_RATE" in namespace)
        given = {key: given[key] for key in inspect.signature(namespace[name]).parameters}
        exact = results(slow, given, torch.float64)
        for found, function in zip(errors, (namespace[name], slow), strict=True):
            actual = results(function, given, torch.float32)
            found.append([float((a - e).norm() / e.norm()) for a, e in zip(actual, exact, strict=True)])
    mine, theirs = ([max(column) for column in zip(*found, strict=True)] for found in errors)
    return max(m / t for m, t in zip(mine, theirs, strict=True))


for line in sys.stdin:
    print(json.dumps(ratio(json.loads(line))), flush=True)
