"""Checks emitted mixers: reads one JSON object per line, {"source": str}, and answers with one line each.

Answer: {"error": str | null, "parameters": int, "wideParameters": int, "probe": [float]}. `error` is the first promise
that the program breaks; `probe` is its standardised output under canonical parameters, to tell behaviours apart. With
{"reference": true} the chunkwise recurrence is also compared with the token-by-token recurrence in float64, and with
{"builtin": name} the whole mixer with the trainer's built-in.
"""

import json
import sys

import torch
from recurrence_reference import check_recurrence
from same_as_builtin import difference_to_builtin
from torch import Tensor, nn

D_MODEL, N_HEADS, LENGTH = 64, 2, 97
torch.set_num_threads(1)


def load(source: str) -> dict:
    namespace: dict = {"__name__": "candidate"}
    exec(compile(source, "<candidate>", "exec"), namespace)  # noqa: S102  the grammar's own text
    return namespace


def probe(mixer_class: type[nn.Module]) -> list[float]:
    """Output for fixed inputs under parameters that depend on shape and rank among equal shapes only."""
    mixer = mixer_class(D_MODEL, N_HEADS)
    ranks: dict[tuple[int, ...], int] = {}
    for parameter in mixer.parameters():
        shape = tuple(parameter.shape)
        ranks[shape] = ranks.get(shape, 0) + 1
        generator = torch.Generator().manual_seed(hash((shape, ranks[shape])) % 2**31)
        scale = parameter.shape[-1] ** -0.5 if parameter.dim() == 2 else 0.3
        parameter.data.copy_(scale * torch.randn(shape, generator=generator))
    x = torch.randn(1, 48, D_MODEL, generator=torch.Generator().manual_seed(7))
    y = mixer(x).detach().flatten()
    y = (y - y.mean()) / (y.std() + 1e-9)
    return [round(float(value), 5) for value in y[::12]]


def other_shapes(mixer_class: type[nn.Module]) -> str | None:
    """Widths and heads of other tiers, down to one head."""
    for d_model, n_heads in ((128, 4), (256, 8), (64, 1), (16, 2)):
        x = torch.randn(2, 5, d_model)
        y = mixer_class(d_model, n_heads)(x)
        if y.shape != x.shape or not torch.isfinite(y).all():
            return f"wrong output at d_model {d_model} with {n_heads} heads"
    return None


def broken_promise(mixer_class: type[nn.Module]) -> str | None:
    torch.manual_seed(0)
    mixer = mixer_class(D_MODEL, N_HEADS, layer_idx=0, n_layers=1)
    y = mixer(torch.randn(4, 64, D_MODEL))
    rms = float(y.detach().square().mean().sqrt())
    if not 0.005 < rms < 50:
        return f"initial output has rms {rms:.3g}"
    with torch.no_grad():  # zero-initialised parts must not hide a path
        for parameter in mixer.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    x = torch.randn(3, LENGTH, D_MODEL, requires_grad=True)
    y = mixer(x)
    if y.shape != x.shape or not torch.isfinite(y).all():
        return f"output of shape {tuple(y.shape)}, finite: {bool(torch.isfinite(y).all())}"
    scale = float(y.detach().abs().mean())
    (y * torch.randn_like(y)).sum().backward()
    for name, parameter in mixer.named_parameters():
        if parameter.grad is None or not torch.isfinite(parameter.grad).all():
            return f"gradient of {name} is missing or not finite"
        if float(parameter.grad.abs().max()) == 0:
            return f"gradient of {name} is zero"
    return leak(mixer, x.detach(), y.detach(), scale)


def leak(mixer: nn.Module, x: Tensor, y: Tensor, scale: float) -> str | None:
    for start in (1, 32, 33, 50, 64, 96):
        changed = x.clone()
        changed[:, start:] = 3 * torch.randn_like(changed[:, start:])
        difference = float((mixer(changed).detach() - y)[:, :start].abs().max()) / scale
        if difference > 1e-5:
            return f"the future from {start} changes the past by {difference:.2g}"
    probe_x = x.clone().requires_grad_()
    start = 50
    out = mixer(probe_x)[:, :start]
    (out * torch.randn_like(out)).sum().backward()
    if float(probe_x.grad[:, start:].abs().max()) != 0:
        return f"the past before {start} has a gradient to the future"
    for length in (1, 2, 31, 33, 64, 65):
        difference = float((mixer(x[:, :length]).detach() - y[:, :length]).abs().max()) / scale
        if difference > 1e-4:
            return f"a prefix of {length} tokens gives another output: {difference:.2g}"
    difference = float((mixer(x[:1]).detach() - y[:1]).abs().max()) / scale
    return f"rows of a batch mix: {difference:.2g}" if difference > 1e-5 else None


def answer(request: dict) -> dict:
    try:
        namespace = load(request["source"])
        mixer_class = namespace["Mixer"]
        error = broken_promise(mixer_class)
        if error is None and request.get("reference"):
            error = other_shapes(mixer_class) or check_recurrence(namespace)
        if error is None and "builtin" in request:
            error = difference_to_builtin(mixer_class, request["builtin"])
        return {
            "error": error,
            "parameters": sum(p.numel() for p in mixer_class(D_MODEL, N_HEADS).parameters()),
            "probe": probe(mixer_class),
            "wideParameters": sum(p.numel() for p in mixer_class(128, 4).parameters()),
        }
    except Exception as failure:  # noqa: BLE001  an answer per request, whatever the program does
        return {"error": f"{type(failure).__name__}: {failure}", "parameters": 0, "wideParameters": 0, "probe": []}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
