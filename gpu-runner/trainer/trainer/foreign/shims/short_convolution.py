"""`fla.modules.ShortConvolution`: a depthwise causal convolution over time, with packed sequences and a cache."""

from __future__ import annotations

import itertools
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from trainer.foreign.lacks import PartOfTheAdapter
from trainer.foreign.shims.activations import activate


class ShortConvolution(PartOfTheAdapter, nn.Conv1d):
    """y_t = act(sum_i w[:,0,i] x_{t-k+1+i} + bias) + residual; the last tap is the present token."""

    def __init__(
        self,
        hidden_size: int,
        kernel_size: int,
        bias: bool = False,
        activation: str | None = "silu",
        use_fast_conv1d: bool = True,
        device: torch.device | None = None,
        dtype: torch.dtype | None = None,
        **_kernel_choices: Any,
    ) -> None:
        activate(torch.zeros(()), activation, "ShortConvolution")
        super().__init__(
            hidden_size,
            hidden_size,
            kernel_size,
            groups=hidden_size,
            bias=bias,
            padding=kernel_size - 1,
            device=device,
            dtype=dtype,
        )
        self.hidden_size = hidden_size
        self.activation = activation
        self.use_fast_conv1d = use_fast_conv1d

    @property
    def state_size(self) -> int:
        """Numbers carried from token to token."""
        return self.hidden_size * self.kernel_size[0]

    def forward(
        self,
        x: Tensor,
        residual: Tensor | None = None,
        mask: Tensor | None = None,
        cache: Tensor | None = None,
        output_final_state: bool = False,
        cu_seqlens: Tensor | None = None,
        **_ignored: Any,
    ) -> tuple[Tensor, Tensor | None]:
        """x [B,T,D] -> y [B,T,D] and the cache [N,D,k] (the last k inputs, oldest first, zeros before the start).

        With `cu_seqlens` [N+1] B is 1 and the N sequences lie one after another. `mask` [B,T] multiplies x in place.
        One token per sequence with a cache is a step; more tokens with a cache start anew and overwrite it.
        """
        batch, length, _ = x.shape
        sequences = batch if cu_seqlens is None else cu_seqlens.numel() - 1
        if cu_seqlens is not None and (batch != 1 or mask is not None):
            raise ValueError("with cu_seqlens the batch size must be 1 and there must be no mask")
        if mask is not None:
            x = x.mul_(mask.unsqueeze(-1))
        if cache is not None and batch * length == sequences:
            return self._step(x, residual, cache), cache
        if output_final_state and cache is None:
            cache = x.new_zeros(sequences, self.hidden_size, self.kernel_size[0])
        if cache is not None:
            self._remember(x, cache, cu_seqlens)
        y = self._convolved(x, cu_seqlens)
        return self._finished(y, residual), cache

    def _convolved(self, x: Tensor, cu_seqlens: Tensor | None) -> Tensor:
        length, width = x.shape[1], self.kernel_size[0]
        weight = self.weight[:, 0].to(x.dtype)
        place = None if cu_seqlens is None else _places(cu_seqlens, length)
        padded = F.pad(x, (0, 0, width - 1, 0))
        y = x * weight[:, -1]
        for tap in range(width - 1):  # shifted multiply-adds: the backward pass of conv1d is slow on CPU
            earlier = padded[:, tap : tap + length]
            if place is not None:
                earlier = earlier * (place >= width - 1 - tap).unsqueeze(-1)
            y = torch.addcmul(y, earlier, weight[:, tap])
        return y

    def _step(self, x: Tensor, residual: Tensor | None, cache: Tensor) -> Tensor:
        cache.copy_(cache.roll(-1, -1))
        cache[:, :, -1] = x.reshape(cache.shape[0], -1)
        y = (cache * self.weight[:, 0]).sum(-1).to(x.dtype).view(x.shape)
        return self._finished(y, residual)

    def _finished(self, y: Tensor, residual: Tensor | None) -> Tensor:
        if self.bias is not None:
            y = y + self.bias
        y = activate(y, self.activation, "ShortConvolution")
        return y if residual is None else y + residual

    def _remember(self, x: Tensor, cache: Tensor, cu_seqlens: Tensor | None) -> None:
        width = self.kernel_size[0]
        cache.zero_()
        if cu_seqlens is None:
            last = x[:, -width:]
            cache[:, :, width - last.shape[1] :] = last.transpose(1, 2)
            return
        ends = cu_seqlens.tolist()
        for row, (start, end) in enumerate(itertools.pairwise(ends)):
            last = x[0, max(start, end - width) : end]
            cache[row, :, width - last.shape[0] :] = last.transpose(0, 1)


def _places(cu_seqlens: Tensor, length: int) -> Tensor:
    """[T]: how many tokens of its own sequence stand before each token."""
    tokens = torch.arange(length, device=cu_seqlens.device)
    sequence = torch.searchsorted(cu_seqlens[1:].contiguous(), tokens, right=True)
    return tokens - cu_seqlens[sequence.clamp_max(cu_seqlens.numel() - 2)]
