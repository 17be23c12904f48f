"""Operations of dense linear algebra and of distances, which torch's registry lacks.

Leading order for real numbers, multiply and add counting two, of the algorithms that LAPACK has for them: LAPACK
Working Note 41, appendix C (factorisations, solutions, inverses); Golub and Van Loan, Matrix Computations, on the QR
algorithms (eigenvalues, singular values); of a matrix exponential Bader, Blanes and Casas 2019, degree 18. Under the
counter torch makes eigenvectors and singular vectors also where values alone are asked for, and they count.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch

_EXPONENTIAL_PRODUCTS = 5  # and squarings beside them, as many as its numbers ask for
_COMPLEX = 4  # real operations for a complex one


def dense_algebra_flops(name: str, args: tuple[Any, ...], result: Any) -> int:
    """0 for any other operator."""
    count = _COUNTS.get(name)
    if count is None:
        return 0
    results = (result,) if isinstance(result, torch.Tensor) else tuple(result)
    return round((_COMPLEX if args[0].is_complex() else 1) * count(args, results))


Results = tuple[torch.Tensor, ...]


def _lu(matrix: torch.Tensor) -> float:
    batch, short, long = _sides(matrix)
    return batch * (long * short**2 - short**3 / 3)


def _qr(matrix: torch.Tensor) -> float:
    batch, short, long = _sides(matrix)
    return batch * (2 * long * short**2 - 2 * short**3 / 3)


def _orthogonal(batch: int, rows: int, columns: int, reflectors: int) -> float:
    """The first columns of a product of reflectors."""
    quadratic = 2 * (rows + columns) * reflectors**2
    return batch * (4 * rows * columns * reflectors - quadratic + 4 * reflectors**3 / 3)


def _whole_qr(args: tuple[Any, ...], results: Results) -> float:
    batch, short, _ = _sides(args[0])
    columns = results[0].shape[-1]  # none where R alone is asked for
    made = _orthogonal(batch, args[0].shape[-2], columns, min(short, columns))
    return _qr(args[0]) + made


def _householder_product(args: tuple[Any, ...], results: Results) -> float:
    rows, columns = args[0].shape[-2:]
    return _orthogonal(_sides(args[0])[0], rows, columns, args[1].shape[-1])


def _reflected(args: tuple[Any, ...], results: Results) -> float:
    """ormqr: all reflectors applied to a matrix from one side, the left one unless it is told."""
    batch, reflectors = _sides(results[0])[0], args[1].shape[-1]
    rows, columns = results[0].shape[-2:] if len(args) < 4 or args[3] else results[0].shape[:-3:-1]
    return batch * columns * (4 * rows * reflectors - 2 * reflectors**2)


def _least_squares(args: tuple[Any, ...], results: Results) -> float:
    batch, short, long = _sides(args[0])
    right = args[1].numel() / max(1, batch * args[0].shape[-2])
    return _qr(args[0]) + batch * right * (4 * long * short - short**2)


def _singular(args: tuple[Any, ...], results: Results) -> float:
    batch, short, long = _sides(args[0])
    if not results[0].numel():
        return batch * (4 * long * short**2 - 4 * short**3 / 3)
    if max(results[0].shape[-1], results[2].shape[-2]) > short:
        return batch * (4 * long**2 * short + 8 * long * short**2 + 9 * short**3)
    return batch * (14 * long * short**2 + 8 * short**3)


def _pseudo_inverse(args: tuple[Any, ...], results: Results) -> float:
    batch, short, long = _sides(args[0])
    return batch * (14 * long * short**2 + 8 * short**3 + 2 * long * short**2)


def _solved_with(factor: int) -> Callable[[tuple[Any, ...], Results], float]:
    """Two triangular solves per right-hand side; the factor is among the arguments."""
    return lambda args, results: 2 * args[factor].shape[-1] * results[0].numel()


def _per_matrix(cubes: float) -> Callable[[tuple[Any, ...], Results], float]:
    return lambda args, _: cubes * args[0].numel() * args[0].shape[-1]


def _distances(args: tuple[Any, ...], results: Results) -> float:
    """A difference, its power and a sum for every feature of every pair."""
    return 3 * results[0].numel() * args[0].shape[-1]


def _sides(matrix: torch.Tensor) -> tuple[int, int, int]:
    """How many matrices, and their shorter and longer side."""
    rows, columns = matrix.shape[-2:]
    return math.prod(matrix.shape[:-2]), min(rows, columns), max(rows, columns)


_COUNTS: dict[str, Callable[[tuple[Any, ...], Results], float]] = {
    **dict.fromkeys(("linalg_lu_factor_ex", "linalg_lu_factor", "linalg_lu"), lambda args, _: _lu(args[0])),
    **dict.fromkeys(("_linalg_det", "_linalg_slogdet"), _per_matrix(2 / 3)),
    # The factorised matrix is returned too, as often as right-hand sides of a batch have made it one of their own.
    "_linalg_solve_ex": lambda args, results: _lu(results[1]) + 2 * results[1].shape[-1] * results[0].numel(),
    "linalg_inv_ex": _per_matrix(2),
    **dict.fromkeys(("linalg_cholesky_ex", "cholesky", "linalg_ldl_factor_ex"), _per_matrix(1 / 3)),
    "cholesky_inverse": _per_matrix(2 / 3),
    "cholesky_solve": _solved_with(1),
    **dict.fromkeys(("linalg_lu_solve", "linalg_ldl_solve"), _solved_with(0)),
    "geqrf": lambda args, _: _qr(args[0]),
    "linalg_qr": _whole_qr,
    "linalg_householder_product": _householder_product,
    "ormqr": _reflected,
    "linalg_lstsq": _least_squares,
    "_linalg_eigh": lambda args, results: _per_matrix(9 if results[1].numel() else 4 / 3)(args, results),
    "linalg_eig": _per_matrix(25),
    **dict.fromkeys(("linalg_eigvals", "_linalg_eigvals"), _per_matrix(10)),
    "_linalg_svd": _singular,
    "linalg_pinv": _pseudo_inverse,
    "linalg_matrix_exp": _per_matrix(2 * _EXPONENTIAL_PRODUCTS),
    "_cdist_forward": _distances,
    "_pdist_forward": _distances,
    "_euclidean_dist": lambda args, results: 2 * results[0].numel() * args[0].shape[-1],  # by a matrix product
}
