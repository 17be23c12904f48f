"""AdamW (Loshchilov and Hutter, arXiv 1711.05101) with clipping by the global gradient norm.

Written out because the first step of an optimiser of torch.optim imports torch's compiler: three seconds of one core,
more than the training of a small task.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from trainer.accounting.real_numbers import real_gradient, real_view

BETA_1 = 0.9
BETA_2 = 0.95
EPSILON = 1e-8
WEIGHT_DECAY = 0.01
CLIP_NORM = 1.0


class AdamW:
    """Updates a model's parameters from their gradients; of a complex number each part is a parameter.

    Weight decay applies to matrices only: vectors and scalars (norms, biases, decay rates) are not decayed, nor is any
    parameter with the attribute `_no_weight_decay`. A parameter without a gradient is left as it is.
    """

    def __init__(self, model: nn.Module) -> None:
        self._parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
        self._first = [torch.zeros_like(real_view(parameter.detach())) for parameter in self._parameters]
        self._second = [torch.zeros_like(first) for first in self._first]
        self._decayed = [
            parameter.ndim >= 2 and not getattr(parameter, "_no_weight_decay", False) for parameter in self._parameters
        ]
        self._updates = 0

    def gradient_norm(self) -> Tensor:
        """The Euclidean norm of all gradients together, a scalar tensor."""
        gradients = [parameter.grad for parameter in self._parameters if parameter.grad is not None]
        if not gradients:
            return torch.zeros(())
        return torch.stack(torch._foreach_norm(gradients)).norm()

    @torch.no_grad()
    def step(self, learning_rate: float, gradient_norm: float) -> None:
        """One update; gradients are scaled down to CLIP_NORM when their norm is above it, and then freed."""
        self._updates += 1
        found = [(index, parameter.grad) for index, parameter in enumerate(self._parameters)]
        active = [index for index, gradient in found if gradient is not None]
        if not active:
            return
        parameters = [real_view(self._parameters[index]) for index in active]
        gradients = [real_gradient(gradient) for _, gradient in found if gradient is not None]
        first = [self._first[index] for index in active]
        second = [self._second[index] for index in active]
        if gradient_norm > CLIP_NORM:
            torch._foreach_mul_(gradients, CLIP_NORM / gradient_norm)
        decayed = [self._parameters[index] for index in active if self._decayed[index]]
        if decayed:
            torch._foreach_mul_(decayed, 1 - learning_rate * WEIGHT_DECAY)
        torch._foreach_lerp_(first, gradients, 1 - BETA_1)
        torch._foreach_mul_(second, BETA_2)
        torch._foreach_addcmul_(second, gradients, gradients, 1 - BETA_2)
        denominators = torch._foreach_sqrt(second)
        torch._foreach_div_(denominators, math.sqrt(1 - BETA_2**self._updates))
        torch._foreach_add_(denominators, EPSILON)
        torch._foreach_addcdiv_(parameters, first, denominators, -learning_rate / (1 - BETA_1**self._updates))
        self.clear_gradients()

    def clear_gradients(self) -> None:
        """Forgets all gradients."""
        for parameter in self._parameters:
            parameter.grad = None
