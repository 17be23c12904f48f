"""Counts what one call executes: floating-point operations, elements, the largest tensor, saved tensors.

torch's own FlopCounterMode sees nothing of fused CPU attention, FFT, sort, cumsum, dense linear algebra and an LSTM on
the CPU, nor of pooling and elementwise work: a quadratic mixer can look linear to it. Here attention runs in its
decomposed form, those operators have formulas, and elements are counted beside operations.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import flop_registry

from trainer.accounting.dense_algebra import dense_algebra_flops
from trainer.accounting.dispatch_mode import DispatchMode
from trainer.accounting.generated_constants import GeneratedConstants
from trainer.accounting.irregular_products import irregular_product_flops
from trainer.accounting.memory import stored_elements
from trainer.accounting.recurrent_layers import recurrent_layer_flops
from trainer.accounting.saved_tensors import SavedTensors
from trainer.accounting.windows import window_flops, window_reads

_REDUCTIONS = frozenset(
    (
        *("sum", "mean", "prod", "var", "std", "median", "any", "all", "topk"),
        *("logsumexp", "norm", "linalg_vector_norm"),
        *("amax", "amin", "max", "min", "argmax", "argmin", "aminmax"),
        *("var_mean", "std_mean", "nansum", "nanmedian", "mode", "kthvalue", "dist", "segment_reduce"),
        *("nonzero", "count_nonzero", "masked_select", "equal", "histc", "bincount"),
    )
)
_SCATTERS = frozenset(
    (
        *("index_put_", "_index_put_impl_", "index_copy_", "index_add_"),
        *("scatter_", "scatter_add_", "scatter_reduce_"),
    )
)
# What takes numbers out of torch, where no operator shows what becomes of them.
_WAYS_OUT = frozenset(
    (
        *("numpy", "__array__", "tolist", "item", "data_ptr", "__dlpack__"),
        *("__float__", "__int__", "__bool__", "__complex__", "__index__"),
    )
)
# One kernel each on an accelerator. On the CPU torch takes them apart, into a loop over tokens that is not Python's.
_RECURRENT = frozenset(("gru", "lstm", "rnn_tanh", "rnn_relu"))


@dataclass(frozen=True)
class OperatorCall:
    """One operator that was executed: its name, the shape of its largest result, and what it cost."""

    name: str
    shape: tuple[int, ...]
    flops: int
    elements: int


@dataclass(frozen=True)
class OperationCount:
    """flops: multiply and add count two; elements: sum over operators of the elements each produces (reductions and
    windows: reads); peak_elements: largest result of one operator; saved_elements: kept for the backward pass;
    operators: what the program asks for, where a recurrent layer of torch is one; dispatched: what torch makes of it;
    largest: the operator with the largest result, and its shape; constant_elements: of tensors that the call makes up;
    taken_out: elements of tensors that the program reads as arrays, lists, numbers or pointers; calls: the operators in
    order."""

    flops: int
    elements: int
    peak_elements: int
    saved_elements: int
    operators: int
    dispatched: int
    largest: str = ""
    constant_elements: int = 0
    taken_out: int = 0
    calls: tuple[OperatorCall, ...] = ()


def _is_complex(values: object) -> bool:
    return any(isinstance(leaf, torch.Tensor) and leaf.is_complex() for leaf in tree_leaves(values))


def _real_operations(name: str) -> int:
    """How many real operations one complex one takes: a multiply-add four, a sum two. The formula of a Fourier
    transform has that in it."""
    if name.startswith("_fft"):
        return 1
    return 2 if name.startswith("cumsum") else 4


def _numel(values: object) -> list[int]:
    return [stored_elements(leaf) for leaf in tree_leaves(values) if isinstance(leaf, torch.Tensor)]


def _largest_shape(values: object) -> tuple[int, ...]:
    """Of a nested tensor, which has none, its size."""
    leaves = [leaf for leaf in tree_leaves(values) if isinstance(leaf, torch.Tensor)]
    shapes = [(leaf.numel(),) if leaf.is_nested else tuple(leaf.shape) for leaf in leaves]
    return max(shapes, key=math.prod, default=())


def _uncounted_flops(name: str, args: tuple[Any, ...], kwargs: dict[str, Any], largest: int) -> int:
    """Operations of the operators that torch's registry lacks; `largest`: elements of the largest tensor involved."""
    if name in ("linalg_solve_triangular", "triangular_solve"):
        matrix, right = (args[0], args[1]) if name.startswith("linalg") else (args[1], args[0])
        return matrix.shape[-1] * right.numel()
    if name.startswith("_fft"):
        return int(5 * largest * math.log2(max(2, _transformed_length(name, args))))
    if name in ("sort", "argsort", "topk"):
        return int(largest * math.log2(max(2, _sorted_length(name, args, kwargs))))
    return largest if name.startswith("cum") or name == "logcumsumexp" else 0


def _transformed_length(name: str, args: tuple[Any, ...]) -> int:
    """Points of each of the transforms that an operator makes, over one dimension or several."""
    lengths = [args[0].shape[dim] for dim in args[1]]
    if name == "_fft_c2r" and lengths:
        lengths[-1] = args[3]  # what it reads is about half of a real transform
    return math.prod(lengths)


def _sorted_length(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> int:
    """Elements that are brought into one order: sort(x, dim), sort.stable(x, *, dim), topk(x, k, dim)."""
    place = 2 if name == "topk" else 1
    dim = kwargs.get("dim", args[place] if len(args) > place else -1)
    return args[0].shape[dim] if args[0].ndim else 1


def _returns_view(func: Any) -> bool:
    infos = [r.alias_info for r in func._schema.returns]
    return any(info is not None and not info.is_write for info in infos)


class _Counter(DispatchMode):
    def __init__(self, given: Iterable[int]) -> None:
        super().__init__()
        self.flops = self.elements = self.peak = self.operators = self.dispatched = 0
        self.inside_a_recurrent_layer = False
        self.largest = ""
        self.calls: list[OperatorCall] = []
        self.constants = GeneratedConstants(given)

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if any(kind.__torch_dispatch__ is not torch.Tensor.__torch_dispatch__ for kind in types):
            return NotImplemented  # a tensor of such a class says by which operators it computes: these count
        kwargs = kwargs or {}
        result = func(*args, **kwargs)
        if _returns_view(func):
            return result
        packet = func._overloadpacket
        name = packet.__name__
        flops, elements = self.flops, self.elements
        produced, read = _numel(result), _numel((args, kwargs))
        shape = _largest_shape(result)
        self.constants.saw(name, (args, kwargs), result)
        self.dispatched += 1
        self.operators += not self.inside_a_recurrent_layer
        if max(produced, default=0) > self.peak:
            self.peak = max(produced)
            self.largest = f"{name} of shape {list(shape)}"
        windows = window_reads(name, args, produced, read)
        if windows is not None:
            self.elements += windows
        elif name in _REDUCTIONS:
            self.elements += max(read, default=0)
        elif name in _SCATTERS:  # returns the whole target, touches as much as is written
            self.elements += read[-1] if read else 0
        else:
            self.elements += sum(produced)
        real = _real_operations(name) if _is_complex(result) else 1
        irregular = irregular_product_flops(name, args, result)
        if irregular is not None:
            self.flops += real * irregular
        elif packet in flop_registry:
            self.flops += real * int(flop_registry[packet](*args, **kwargs, out_val=result))
        elif "attention" in name:  # a fused kernel called directly: it never shows its scores
            scores = math.prod(args[0].shape[:-1]) * args[1].shape[-2]
            self.flops += 4 * scores * args[0].shape[-1]
            self.elements += scores
            if scores > self.peak:
                self.peak, self.largest = scores, f"{name}, whose scores have {scores} elements"
        else:
            self.flops += real * _uncounted_flops(name, args, kwargs, max([0, *produced, *read]))
            self.flops += real * window_flops(name, args, produced, windows)
            self.flops += dense_algebra_flops(name, args, result) + recurrent_layer_flops(name, args)
        self.calls.append(OperatorCall(name, shape, self.flops - flops, self.elements - elements))
        return result


class _Functions(TorchFunctionMode):
    """Counts a recurrent layer once, and what leaves torch, which is no operator."""

    def __init__(self, counter: _Counter) -> None:
        super().__init__()
        self._counter = counter
        self.taken_out = 0

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = getattr(func, "__name__", "")
        # Pointers to an accelerator's memory go to kernels of the program's own, whose numbers stay there.
        if name in _WAYS_OUT and (name != "data_ptr" or args[0].is_cpu):
            self.taken_out += args[0].numel()
        if name not in _RECURRENT:
            return func(*args, **(kwargs or {}))
        self._counter.operators += 1
        self._counter.inside_a_recurrent_layer = True
        try:
            return func(*args, **(kwargs or {}))
        finally:
            self._counter.inside_a_recurrent_layer = False


def count_operations(call: Callable[[], object], given: Iterable[int] = ()) -> OperationCount:
    """Counts one call; the saved tensors are those of the graph it builds (none under `no_grad`).

    `given` are the addresses of what the call is given: input, parameters, buffers; all else is made up by it.
    """
    saved = SavedTensors()
    counter = _Counter(given)
    functions = _Functions(counter)
    with sdpa_kernel(SDPBackend.MATH), saved.watch(), functions, counter:
        result = call()
    saved.missed(result)
    count = OperationCount(
        flops=counter.flops,
        elements=counter.elements,
        peak_elements=counter.peak,
        saved_elements=saved.elements,
        operators=counter.operators,
        dispatched=counter.dispatched,
        largest=counter.largest,
        constant_elements=counter.constants.elements,
        taken_out=functions.taken_out,
        calls=tuple(counter.calls),
    )
    del result  # kept until here, so that no storage is freed and its address counted twice
    return count
