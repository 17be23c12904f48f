"""How many numbers a mixer carries from token to token, measured without knowing its code."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from trainer.accounting.double_precision import asks_for_less, double_precision, in_double
from trainer.accounting.fixed_widths import Alter, cap_ahead
from trainer.accounting.polynomial import polynomial_through
from trainer.accounting.same_law import departure_from_law

_NOISE = 3e-15  # relative singular values that the rounding of any program reaches
_DOUBTFUL = 1e-10  # below, a program's own rounding may reach (sums of logarithms: 3e-13)
_NUDGE, _NUDGES = 1e-12, 2  # of the inputs: draws rounding anew, and moves a direction of the state by as little
_ALIKE = 0.3  # how far a direction may move and be the state's: that moves by less than 0.01, rounding by 0.5 to 1.5
_GAP = 5.0  # between the last value that counts and the first that does not; a smaller one leaves the rank in doubt
_GAP_TO_ROUNDING = 1e3  # where the first that does not is a program's own rounding: a state that fades into it has none
_HEAD_WIDTHS = ((2, 4, 6, 8), (4, 6, 8, 12))  # the second where a program asks for wider heads than n_heads gives
_WINDOW, _FURTHER = 24, 2
_FULL = 0.9  # of the window
_SPARE_ROWS = 8  # between the rank and the rows asked for; with fewer the smallest values are too small
_ROWS_AT_ONCE = 256  # more are asked for in turn: what backward keeps is memory
_AT_FULL_WIDTH = 512 * 64  # numbers of state times d_model, up to which the rank at d_model takes about a second


@dataclass(frozen=True)
class MeasuredState:
    """`size` numbers, or the reason why there is no number, as the end of a sentence about the state; `keeps_tokens`
    where that is the state itself: whatever is in the window is kept."""

    size: int | None
    reason: str = ""
    keeps_tokens: bool = False


class _NoRankError(Exception):
    """Its text is the reason."""

    def __init__(self, reason: str, *, keeps_tokens: bool) -> None:
        super().__init__(reason)
        self.keeps_tokens = keeps_tokens


def measured_state(make: Callable[[int, int], nn.Module], d_model: int, n_heads: int) -> MeasuredState:
    """Numbers of state at (d_model, n_heads).

    The future outputs depend on the past inputs through the state only, so the rank of the Jacobian
    d y[P:] / d x[:P] is its dimension (the rank of the Hankel operator of a linear system; here of the system
    linearised at a random past), taken over many futures at once: within a single one, what a convolution or a shift
    still holds merges with the state that it will be written into. Measured at four small widths and carried to
    d_model by a d^2 + b d + c, which is exact for matrix states, vector states and convolution states, provided that
    the program is the same one there (`departure_from_law`, `cap_ahead`); a small state is measured there too.
    `make(d_model, n_heads)` builds the module, always from the same seed, so that equal programs get equal answers.
    Rounding is no state: neither that of every program (_NOISE) nor this one's own, which other last places of the
    inputs draw anew (`_reproduced`). Casts to float32 and bfloat16 are left out, because they would add to the rank.
    """
    reason = ""
    for widths in _HEAD_WIDTHS:
        sizes = [width * n_heads for width in widths]
        try:
            return _told(make, sizes, d_model, n_heads)
        except (
            *(ArithmeticError, AssertionError, AttributeError, ImportError, LookupError),
            *(RuntimeError, TypeError, ValueError),
        ) as error:
            reason = (
                f"the program does not run in double precision at d_model={sizes} ({type(error).__name__}: {error})"
            )
        except _NoRankError as no_rank:
            return MeasuredState(None, str(no_rank), no_rank.keeps_tokens)
    return MeasuredState(None, reason)


def _told(make: Callable[[int, int], nn.Module], sizes: list[int], d_model: int, n_heads: int) -> MeasuredState:
    ranks = [_bounded_rank(make, size, n_heads) for size in sizes]
    further = _bounded_rank(make, sizes[0], n_heads, window=_FURTHER * _WINDOW)
    if further != ranks[0]:
        word = "larger" if further > ranks[0] else "smaller"
        reason = f"more of the past makes it {word} ({ranks[0]} numbers from {_WINDOW} tokens at d_model={sizes[0]}, "
        return MeasuredState(None, f"its size could not be told: {reason}{further} from {_FURTHER * _WINDOW})")
    state = _extrapolated(sizes, ranks, d_model)
    if state.size is None or d_model in sizes:
        return state
    follows = f"its size could not be told ({state.size} numbers would follow from those at d_model={sizes}, but "
    departure = departure_from_law(make, sizes, d_model, n_heads)
    if departure is not None:
        law = "the program departs from its law of the width, as where one is capped or rounded"
        return MeasuredState(None, f"{follows}{law}: it has {departure})")

    measured = None
    if state.size * d_model <= _AT_FULL_WIDTH:
        measured = _rank_or_none(make, d_model, n_heads, expected=state.size)
        if measured == state.size:
            return state

    def rank_of_altered(alter: Alter) -> int | None:
        return _rank_or_none(make, sizes[1], n_heads, alter=alter)

    if measured is None and len(set(ranks)) == 1:
        return state
    cap = cap_ahead(make, sizes, d_model, n_heads, ranks[1], rank_of_altered)
    if measured is not None and measured < state.size and cap is not None:
        return MeasuredState(measured)
    if measured is not None:
        return MeasuredState(None, f"{follows}{measured} were measured there)")
    if cap is not None:
        return MeasuredState(None, f"{follows}an inner width that does not grow with d_model may cap the state: {cap})")
    return state


def _rank_or_none(make: Callable[[int, int], nn.Module], d_model: int, n_heads: int, **how: Any) -> int | None:
    try:
        return _bounded_rank(make, d_model, n_heads, **how)
    except _NoRankError:
        return None


def _extrapolated(sizes: list[int], ranks: list[int], d_model: int) -> MeasuredState:
    """Only where the ranks lie on a law of the width: the first on the parabola through the others, and none falls."""
    upper, law = sizes[1:], ranks[1:]
    size = round(polynomial_through(upper, law, d_model))
    is_law = abs(polynomial_through(upper, law, sizes[0]) - ranks[0]) < 0.5
    if is_law and sorted(ranks) == ranks and size >= ranks[-1]:
        return MeasuredState(size)
    return MeasuredState(
        None,
        f"its size could not be told (ranks {', '.join(map(str, ranks))} at d_model={sizes} follow no law of the "
        "width: part of the state fades below rounding, or is read at some inputs only)",
    )


def state_size(make: Callable[[int, int], nn.Module], d_model: int, n_heads: int) -> int | None:
    """`measured_state`, without the reason."""
    return measured_state(make, d_model, n_heads).size


def _bounded_rank(
    make: Callable[[int, int], nn.Module],
    d_model: int,
    n_heads: int,
    window: int = _WINDOW,
    alter: Alter = lambda _: None,
    expected: int | None = None,
) -> int:
    """The rank, provided that the window is long enough to exceed it: a growing state fills any window. Where a rank is
    `expected`, the rows that would tell it are tried first."""
    torch.manual_seed(1)
    module = in_double(make(d_model, n_heads)).eval()
    _make_generic(module)
    alter(module)
    casts = asks_for_less(lambda: module(torch.zeros(1, 2 * window, d_model, dtype=torch.float64)))
    size = window * d_model
    tried = [size // 2, size]  # half of the work is enough for most
    if expected is not None and expected + 2 * _SPARE_ROWS < tried[0]:
        tried.insert(0, expected + 2 * _SPARE_ROWS)
    for rows in tried:
        with double_precision(casts=casts):
            jacobian = _jacobian(module, d_model, rows, window)
            left, values, right = torch.linalg.svd(jacobian, full_matrices=False)
            relative = values / values[0].clamp_min(1e-300)
            above = int((relative > _NOISE).sum())
            doubtful = (relative > _NOISE) & (relative < _DOUBTFUL)
            real = torch.ones_like(doubtful)
            if bool(doubtful.any()):
                real[doubtful] = _reproduced(
                    left[:, doubtful],
                    values[doubtful],
                    right[doubtful],
                    (_jacobian(module, d_model, rows, window, nudge) for nudge in range(1, _NUDGES + 1)),
                )
        rank = int(real[:above].cumprod(0).sum())  # what follows the first that is rounding is no larger
        if above <= rows - _SPARE_ROWS:
            break
    if rank == 0 and _reads_the_past(module, d_model, casts, window):
        raise _NoRankError(
            "later outputs depend on earlier tokens, but no gradient leads there (a path that is detached, rounded or "
            "compared)",
            keeps_tokens=False,
        )
    gap = _GAP if rank == above else _GAP_TO_ROUNDING
    without_gap = rank == size or (rank > 0 and float(relative[rank - 1]) < gap * float(relative[rank]))
    if without_gap and rank > _FULL * size:
        raise _NoRankError(
            f"it grows with the length, or it is larger than what {window} tokens can fill ({rank} numbers at "
            f"d_model={d_model})",
            keeps_tokens=True,
        )
    if without_gap:
        raise _NoRankError(
            f"its size could not be told from rounding (singular values fall without a gap at {rank} numbers at "
            f"d_model={d_model})",
            keeps_tokens=False,
        )
    return rank


def _reproduced(left: Tensor, values: Tensor, right: Tensor, others: Iterable[Tensor]) -> Tensor:
    """Which of these singular directions the Jacobians at nudged inputs have too, with the same value.

    A product of what the past writes and the future reads moves by the nudge in all its directions. What the rounding
    of forward leaves is as consistent as that within one Jacobian, and not between two: in log-space scans
    exp(z - logcumsumexp z) does not sum to one by a last place that differs from token to token, and backward carries
    it to all earlier tokens alike, which looks like one more number per channel.
    """
    found = torch.ones_like(values, dtype=torch.bool)
    for other in others:
        again = (left * (other @ right.mT)).sum(0)
        found &= (again - values).abs() <= _ALIKE * values
    return found


def _reads_the_past(module: nn.Module, d_model: int, casts: bool, window: int) -> bool:
    """Whether outputs change, bit for bit, behind tokens that are replaced."""
    generator = torch.Generator().manual_seed(33)
    x = torch.randn(1, 2 * window, d_model, generator=generator, dtype=torch.float64)
    seen = []
    with torch.no_grad(), double_precision(casts=casts):
        for given in (x, torch.cat((3 * x[:, window:], x[:, window:]), 1)):
            torch.manual_seed(0)
            result = module(given * 1.0)
            seen.append((result[0] if isinstance(result, tuple) else result)[:, window:])
    return not torch.equal(seen[0], seen[1])


def _make_generic(module: nn.Module) -> None:
    """Zeros would hide part of the state."""
    generator = torch.Generator().manual_seed(31)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(torch.randn(parameter.shape, generator=generator, dtype=torch.float64), alpha=0.05)


def _jacobian(module: nn.Module, d_model: int, rows: int, window: int, nudge: int = 0) -> Tensor:
    """[rows, window*d] in one backward pass: row i of the batch continues the one past in its own way, and asks for a
    random mixture of its future outputs. The inputs are the same for every `nudge` up to _NUDGE of their size."""
    generator = torch.Generator().manual_seed(32)
    past = torch.randn(1, window, d_model, generator=generator, dtype=torch.float64)
    futures = torch.randn(rows, window, d_model, generator=generator, dtype=torch.float64)
    mixture = torch.randn(rows, window, d_model, generator=generator, dtype=torch.float64)
    if nudge:
        generator.manual_seed(33 + nudge)
        past, futures = (
            x * (1 + _NUDGE * torch.randn(x.shape, generator=generator, dtype=torch.float64)) for x in (past, futures)
        )
    x = torch.cat((past.expand(rows, -1, -1), futures), 1)
    parts = zip(x.split(_ROWS_AT_ONCE), mixture.split(_ROWS_AT_ONCE), strict=True)
    return torch.cat([_pulled_back(module, some.requires_grad_(), asked, window) for some, asked in parts])


def _pulled_back(module: nn.Module, x: Tensor, mixture: Tensor, window: int) -> Tensor:
    torch.manual_seed(0)
    result = module(x * 1.0)
    y = result[0] if isinstance(result, tuple) else result
    if not y.requires_grad:
        return torch.zeros_like(x)[:, :window].flatten(1)
    (gradient,) = torch.autograd.grad((y[:, window:] * mixture).sum(), x, materialize_grads=True)
    return gradient[:, :window].flatten(1)
