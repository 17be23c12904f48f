"""What one kernel of torch does inside is a cost like any other: no program looks cheap because it asks for one."""

from collections.abc import Callable

import pytest
import torch
from torch import nn

from tests.certificate.corpus.program import program
from trainer.accounting.flops_per_token import flops_per_token
from trainer.accounting.operations import count_operations
from trainer.worker.program import load_mixer

A, B = torch.randn(3, 8, 8) + 8 * torch.eye(8), torch.ones(3, 8, 2)
SYMMETRIC = A @ A.mT
TALL = torch.randn(3, 16, 8)
L = torch.linalg


class First(nn.Module):
    """Of a recurrent layer the outputs, without the states."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x)[0]


@pytest.mark.parametrize(("layer", "gates"), [(nn.LSTM, 4), (nn.GRU, 3), (nn.RNN, 1)])
def test_a_recurrent_layer_costs_its_weights_at_every_token_whatever_kernel_runs_it(
    layer: Callable[..., nn.Module], gates: int
) -> None:
    assert flops_per_token(First(layer(64, 64, batch_first=True)), 64) == 2 * gates * 2 * 64 * 64


def test_an_lstm_of_two_layers_and_directions_costs_all_of_its_weights_in_training_too() -> None:
    layer, x = nn.LSTM(8, 16, 2, bidirectional=True), torch.zeros(5, 3, 8)
    weights = sum(weight.numel() for weight in layer.parameters() if weight.ndim == 2)
    assert count_operations(lambda: layer(x)).flops == 5 * 3 * 2 * weights
    packed = nn.utils.rnn.pack_padded_sequence(x, torch.tensor([5, 3, 1]))
    with torch.no_grad():
        assert count_operations(lambda: layer(packed)).flops == (5 + 3 + 1) * 2 * weights


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: L.lu_factor(A), 3 * 2 / 3 * 8**3),
        (lambda: L.lu_factor(TALL), 3 * (16 * 8**2 - 8**3 / 3)),
        (lambda: L.det(A), 3 * 2 / 3 * 8**3),
        (lambda: L.solve(A, B), 3 * (2 / 3 * 8**3 + 2 * 8**2 * 2)),
        (lambda: L.solve(A, B.mT, left=False), 3 * (2 / 3 * 8**3 + 2 * 8**2 * 2)),
        (lambda: L.solve(A[0], B[0, :, 0]), 2 / 3 * 8**3 + 2 * 8**2),
        (lambda: L.inv(A), 3 * 2 * 8**3),
        (lambda: L.cholesky(SYMMETRIC), 3 * 8**3 / 3),
        (lambda: torch.cholesky_solve(B, A), 3 * 2 * 8**2 * 2),
        (lambda: L.lu_solve(*L.lu_factor(A), B), 3 * (2 / 3 * 8**3 + 2 * 8**2 * 2)),
        (lambda: L.qr(TALL), 3 * (4 * 16 * 8**2 - 4 / 3 * 8**3)),
        (lambda: L.qr(TALL, mode="r"), 3 * (2 * 16 * 8**2 - 2 / 3 * 8**3)),
        (lambda: L.lstsq(TALL, TALL[..., :2]), 3 * (2 * 16 * 8**2 - 2 / 3 * 8**3 + 2 * (4 * 16 * 8 - 8**2))),
        (lambda: L.eigh(SYMMETRIC), 3 * 9 * 8**3),
        (lambda: L.eig(A), 3 * 25 * 8**3),
        (lambda: L.svd(TALL, full_matrices=False), 3 * (14 * 16 * 8**2 + 8 * 8**3)),
        (lambda: L.matrix_exp(A), 3 * 10 * 8**3),
        (lambda: torch.cdist(TALL, TALL[:, :4]), 3 * 3 * 16 * 4 * 8),
        (lambda: torch.cdist(torch.ones(40, 8), torch.ones(30, 8)), 2 * 40 * 30 * 8),
        (lambda: L.solve(A + 0j, A + 0j), 4 * 3 * (2 / 3 + 2) * 8**3),
    ],
)
def test_dense_linear_algebra_is_not_free(call: Callable[[], object], expected: float) -> None:
    assert count_operations(call).flops == pytest.approx(expected, abs=1)


def test_a_delta_rule_by_an_inverse_costs_no_less_than_one_by_a_triangular_solve() -> None:
    chunks = (
        "p = -t % 16\n"
        "qc, kc, vc = (F.pad(a, (0, 0, 0, p)).view(b, -1, 16, d) for a in (q, F.normalize(k, dim=-1), v))\n"
        "a = (kc @ kc.mT).tril(-1) + torch.eye(16)\nu = {solved}\n"
        "o = o + ((qc @ kc.mT).tril() @ u).view(b, -1, d)[:, :t]"
    )
    inverse, solve = "torch.linalg.inv(a) @ vc", "torch.linalg.solve_triangular(a, vc, upper=False)"
    costs = [
        flops_per_token(load_mixer(program(chunks.format(solved=solved)))(64, 2), 64) for solved in (inverse, solve)
    ]
    assert costs[0] == costs[1] + 2 * 16**2 + 2 * 16 * 64 - 16 * 64
