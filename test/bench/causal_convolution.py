"""What does a causal depthwise filter cost in the ways that PyTorch offers?

Run: `PYTHONPATH=gpu-runner/trainer python test/bench/causal_convolution.py` (half a minute of one core).
Forward and backward together on [16,128,192], one thread, as ratios to the way that the mixers and the grammar take: a
two-dimensional convolution, channels last. The fastest of 15 interleaved rounds counts: a neighbour slows a round down,
nothing speeds one up. What the ways differ by is checked first.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

ROWS, LENGTH, CHANNELS, ROUNDS = 16, 128, 192, 15


def channels_last(x: Tensor, taps: Tensor) -> Tensor:
    padded = F.pad(x, (0, 0, taps.shape[0] - 1, 0))
    y = F.conv2d(
        padded.unsqueeze(2).permute(0, 3, 1, 2),
        taps.mT[:, None, :, None],
        groups=taps.shape[1],
    )
    return y.permute(0, 2, 3, 1).squeeze(2)


def shifted_multiply_adds(x: Tensor, taps: Tensor) -> Tensor:
    padded = F.pad(x, (0, 0, taps.shape[0] - 1, 0))
    y = x * taps[-1]
    for i in range(taps.shape[0] - 1):
        y = torch.addcmul(y, padded[:, i : i + x.shape[1]], taps[i])
    return y


def conv1d(x: Tensor, taps: Tensor) -> Tensor:
    y = F.conv1d(x.mT, taps.mT[:, None], groups=taps.shape[1], padding=taps.shape[0] - 1)
    return y[..., : x.shape[1]].mT


WAYS = {
    "conv2d, channels last": channels_last,
    "shifted multiply-adds": shifted_multiply_adds,
    "conv1d": conv1d,
}


def gradients(way: Callable[[Tensor, Tensor], Tensor], x: Tensor, taps: Tensor) -> tuple[Tensor, ...]:
    y = way(x, taps)
    return (y, *torch.autograd.grad(y, (x, taps), torch.ones_like(y)))


def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    print("| taps |", " | ".join(WAYS), "|\n| ---: |", " ---: |" * len(WAYS))
    for width in (4, 7, 15, 31, 64):
        x = torch.randn(ROWS, LENGTH, CHANNELS, requires_grad=True)
        taps = torch.randn(width, CHANNELS, requires_grad=True)
        expected = gradients(shifted_multiply_adds, x, taps)
        for way in WAYS.values():
            for value, reference in zip(gradients(way, x, taps), expected, strict=True):
                torch.testing.assert_close(value, reference, rtol=1e-3, atol=1e-3)
        best = dict.fromkeys(WAYS, float("inf"))
        for _ in range(ROUNDS):
            for name, way in WAYS.items():
                started = time.process_time()
                gradients(way, x, taps)
                best[name] = min(best[name], time.process_time() - started)
        first, *others = best.values()
        print(
            f"| {width} | 1 ({1000 * first:.1f} ms) |",
            " | ".join(f"{other / first:.1f}" for other in others),
            "|",
        )


main()
