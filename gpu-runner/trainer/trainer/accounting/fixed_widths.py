"""Whether a width that a program fixes will cap its state at wider models."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from trainer.accounting.double_precision import double_precision, in_double

Alter = Callable[[nn.Module], None]

_FEW = 1  # kept of a fixed width: fewer than the state needs at any width of a model, also as a sum of several
_WIDE = 4  # times d_model: what is wider (the hidden layer of a feed-forward part) caps nothing of this model
_LENGTH = 3  # a filter of more taps reads no more of them than there are tokens
_NONE = 1e-9  # of the largest gradient: what is left of none by a transform


@dataclass(frozen=True)
class FixedWidth:
    """Dimension `dimension` of a parameter or buffer, of the same size at every width of the model."""

    name: str
    dimension: int
    size: int

    def cut(self, module: nn.Module, kept: int) -> None:
        """Sets what follows the first `kept` slices to zero."""
        tensor = _tensors(module)[self.name]
        with torch.no_grad():
            tensor.narrow(self.dimension, kept, self.size - kept).zero_()


def cap_ahead(
    make: Callable[[int, int], nn.Module],
    sizes: Sequence[int],
    d_model: int,
    n_heads: int,
    whole: int,
    rank: Callable[[Alter], int | None],
) -> str | None:
    """What will cap the state above the small widths `sizes`, or None.

    A projection to 24 numbers carries all of 8 channels, and 24 of 64: neither the ranks at small widths nor any count
    of operations tell. So the fixed widths are made narrower at a small width of the model: one that the state passes
    through leaves less of it when it has `_FEW` numbers. It has numbers to spare there, and so caps the state of a
    wider model, where it can lose one without a loss; where it cannot, the state is full already, and stays so. `whole`
    is the rank at sizes[1], and `rank` gives that of a module there that was changed by its argument, None where it
    could not be told.
    """
    fixed = _fixed_widths(make, (*sizes, d_model), n_heads, below=_WIDE * d_model)
    if not fixed:
        return None
    if rank(lambda module: _cut_all(fixed, module, lambda _: _FEW)) == whole:
        return None
    if rank(lambda module: _cut_all(fixed, module, lambda size: size - 1)) == whole:
        return _spare(fixed, sizes[1])
    for one in fixed:
        if rank(lambda module, one=one: one.cut(module, _FEW)) == whole:
            continue
        if rank(lambda module, one=one: one.cut(module, one.size - 1)) in (whole, None):
            return _spare([one], sizes[1])
    return None


def _spare(fixed: Sequence[FixedWidth], d_model: int) -> str:
    names = ", ".join(f"{one.name} of {one.size}" for one in fixed[:3])
    return f"{names} at every width, with some to spare at {d_model}"


def _cut_all(fixed: Iterable[FixedWidth], module: nn.Module, kept: Callable[[int], int]) -> None:
    for one in fixed:
        one.cut(module, kept(one.size))


def _tensors(module: nn.Module) -> dict[str, Tensor]:
    named = {**dict(module.named_parameters()), **dict(module.named_buffers())}
    return {name: tensor for name, tensor in named.items() if tensor.is_floating_point() or tensor.is_complex()}


def _fixed_widths(
    make: Callable[[int, int], nn.Module], widths: Sequence[int], n_heads: int, below: int
) -> list[FixedWidth]:
    """Those of more than `_FEW` and fewer than `below` numbers."""
    shapes = []
    for width in widths:
        torch.manual_seed(1)
        shapes.append({name: tensor.shape for name, tensor in _tensors(make(width, n_heads)).items()})
    found = [
        FixedWidth(name, dimension, size)
        for name, shape in shapes[0].items()
        for dimension, size in enumerate(shape)
        if _FEW < size < below and all(_size(other.get(name), dimension) == size for other in shapes)
    ]
    lags = _lags(make, widths[0], n_heads, found) if found else []
    return [one for one in found if one not in lags]


def _size(shape: torch.Size | None, dimension: int) -> int | None:
    return None if shape is None or dimension >= len(shape) else shape[dimension]


def _lags(
    make: Callable[[int, int], nn.Module], d_model: int, n_heads: int, fixed: list[FixedWidth]
) -> list[FixedWidth]:
    """Those that are taps of a filter or places in the sequence: of them a short sequence reads only a few."""
    torch.manual_seed(1)
    module = in_double(make(d_model, n_heads)).eval()
    tensors = _tensors(module)
    names = list(dict.fromkeys(one.name for one in fixed))
    asked = [tensors[name].requires_grad_() for name in names]
    generator = torch.Generator().manual_seed(34)
    x, mixture = (torch.randn(1, _LENGTH, d_model, generator=generator, dtype=torch.float64) for _ in range(2))
    try:
        with torch.enable_grad(), double_precision(casts=True):
            result = module(x)
            y = result[0] if isinstance(result, tuple) else result
            gradients = torch.autograd.grad((y * mixture).sum(), asked, materialize_grads=True)
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError):
        return []  # it takes no sequence so short, or writes to a buffer
    read = dict(zip(names, gradients, strict=True))
    return [one for one in fixed if 0 < _slices_read(read[one.name], one.dimension) <= _LENGTH]


def _slices_read(gradient: Tensor, dimension: int) -> int:
    largest = gradient.abs().movedim(dimension, 0).reshape(gradient.shape[dimension], -1).amax(1)
    return int((largest > _NONE * largest.max().clamp_min(1e-300)).sum())
