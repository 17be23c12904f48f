"""What the certificate's instruments cannot do must not be said of a program, nor may a program hide in it."""

import itertools
import json
import os
import subprocess
import sys
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint

from tests.certificate.corpus.program import program
from tests.jobs.misbehaving_programs import program as misbehaving
from tests.jobs.run_job import run_job
from trainer.accounting.memory import memory_address, same_numbers, storage_elements
from trainer.accounting.operations import count_operations
from trainer.certificate.certify import certify

X = torch.randn(2, 5, 4, generator=torch.Generator().manual_seed(0)).requires_grad_()
# Runs wherever nobody watches its operators.
UNWATCHED = (
    "from torch.utils._python_dispatch import _get_current_dispatch_mode_stack as watchers\n"
    "if any(type(w).__name__ == '_Counter' for w in watchers()):\n    raise RuntimeError('watched')"
)


def cube(x: Tensor) -> Tensor:
    return (x.exp() * x).sum()


def grad_by_autograd() -> Tensor:
    return torch.autograd.grad(cube(X), X, create_graph=True)[0]


def test_torch_func_is_counted_like_autograd_though_it_refuses_hooks():
    counts = [count_operations(call) for call in (grad_by_autograd, lambda: torch.func.grad(cube)(X))]
    assert counts[0].elements == counts[1].elements
    assert counts[0].flops == counts[1].flops


@pytest.mark.parametrize(
    "call",
    [
        lambda: torch.func.vjp(lambda x: x.exp() * x, X)[1](X),
        lambda: torch.func.vmap(torch.func.grad(cube))(X),
        lambda: torch.func.grad(lambda x: torch.func.grad(lambda y: (y.exp() * y * x).sum())(x).sum())(X),
        lambda: torch.func.jacrev(lambda x: (x.exp() * x).sum(0))(X[0]),
        lambda: torch.func.hessian(cube)(X[0]),
    ],
    ids=["vjp", "vmap of grad", "grad of grad", "jacrev", "hessian"],
)
def test_what_torch_func_saves_for_the_backward_pass_is_counted(call):
    assert count_operations(call).saved_elements >= 2 * 5 * 4


def test_counting_leaves_torch_as_it_was_also_where_the_call_raises():
    before = torch.autograd.graph.disable_saved_tensors_hooks

    def raises(x: Tensor) -> Tensor:
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        count_operations(lambda: torch.func.grad(raises)(X))
    assert torch.autograd.graph.disable_saved_tensors_hooks is before
    assert count_operations(lambda: X.exp().sum()).saved_elements == 2 * 5 * 4


def test_what_is_recomputed_is_not_counted_as_saved_beside_torch_func():
    def recomputed() -> Tensor:
        return checkpoint(lambda x: (x.exp() * x).sin(), X, use_reentrant=False)

    alone = count_operations(lambda: torch.func.grad(cube)(X).sum()).saved_elements
    both = count_operations(lambda: torch.func.grad(cube)(X).sum() + recomputed().sum()).saved_elements
    assert both <= alone + X.numel()


def band(length: int) -> Tensor:
    i = torch.arange(length)
    return torch.sparse_coo_tensor(torch.stack((i, i)), torch.ones(length), (length, length))


@pytest.mark.filterwarnings("ignore:Sparse:UserWarning")
@pytest.mark.parametrize("name", ["to_sparse_coo", "to_sparse_csr", "to_sparse_csc"])
def test_a_sparse_product_costs_what_is_written_down_and_not_its_shape(name):
    matrix, x = getattr(band(64), name)(), torch.ones(64, 8)
    assert count_operations(lambda: matrix @ x).flops == 2 * 64 * 8
    assert count_operations(lambda: x.mT @ matrix).flops == 2 * 64 * 8
    assert count_operations(lambda: matrix * 2).elements == 64


@pytest.mark.filterwarnings("ignore:Sparse:UserWarning")
def test_products_of_two_sparse_matrices_and_into_a_sparse_one_are_counted():
    dense = torch.ones(64, 64)
    assert count_operations(lambda: band(64) @ band(64)).flops == 2 * 64
    assert count_operations(lambda: torch.sparse.mm(dense.to_sparse(), dense.to_sparse())).flops == 2 * 64**3
    into, x = band(64).to_sparse_csr(), torch.ones(64, 8)
    assert count_operations(lambda: torch.sparse.sampled_addmm(into, x, x.mT)).flops == 2 * 64 * 8


def test_a_sparse_table_counts_with_the_places_of_its_numbers():
    rows = torch.ones(20, 8).to_sparse()
    assert storage_elements(rows) == 20 * 8 * (1 + 2)
    assert memory_address(rows) == memory_address(rows._values())


@pytest.mark.filterwarnings("ignore:Sparse:UserWarning", "ignore:.*nested tensors:UserWarning")
def test_tensors_that_torch_cannot_compare_are_compared():
    makers = [
        *(lambda x, c=c: getattr(x, c)() for c in ("to_sparse_coo", "to_sparse_csr", "to_sparse_csc", "contiguous")),
        *(lambda x, k=k: torch.nested.nested_tensor([x, x[1:]], layout=k) for k in (torch.strided, torch.jagged)),
    ]
    for make in makers:
        x = torch.arange(12.0).view(3, 4)
        assert same_numbers(make(x), make(x.clone()))
        assert not same_numbers(make(x), make(x * 2))
    assert not any(same_numbers(one(x), other(x)) for one, other in itertools.combinations(makers, 2))


@pytest.mark.filterwarnings("ignore:.*nested tensors:UserWarning")
def test_pairs_of_a_nested_tensor_are_counted_in_either_layout():
    rows = [torch.ones(5, 4), torch.ones(7, 4)]
    pairs = 5 * 5 + 7 * 7
    nested = torch.nested.nested_tensor(rows)
    count = count_operations(lambda: nested @ nested.transpose(1, 2))
    assert (count.flops, count.peak_elements) == (2 * 4 * pairs, pairs)
    jagged = torch.nested.nested_tensor([row[:, None] for row in rows], layout=torch.jagged).transpose(1, 2)
    count = count_operations(lambda: F.scaled_dot_product_attention(jagged, jagged, jagged))
    assert count.flops == 2 * 2 * 4 * pairs
    assert count.peak_elements == pairs


def test_a_program_that_runs_where_the_counter_fails_is_unsupported_and_not_said_to_raise():
    certificate = certify(program(UNWATCHED), parameter_budget=1.05)
    assert certificate["verdict"] == "unsupported"
    assert [finding for finding in certificate["findings"] if finding["status"] == "fail"] == []
    missed = [finding for finding in certificate["findings"] if finding["status"] == "unsupported"]
    assert {"FLOP exponent", "hidden tables", "parameter budget"} <= {finding["test"] for finding in missed}
    for finding in missed:
        assert "it runs, but the counter does not get through it (RuntimeError: watched" in finding["message"]


def test_a_layer_that_cannot_be_counted_does_not_pass_for_the_others_sake():
    elsewhere = "if self.layer_idx:\n    " + UNWATCHED.replace("\n", "\n    ")
    certificate = certify(program(elsewhere, constructor="self.layer_idx = layer_idx"))
    assert certificate["verdict"] == "unsupported"


def test_a_leak_is_found_also_where_the_counter_fails():
    assert certify(program(f"{UNWATCHED}\no = o + v.roll(-1, 1)"))["verdict"] == "fail"


def test_a_training_is_not_lost_for_want_of_its_operations_per_token():
    run = run_job(misbehaving(forward=UNWATCHED))
    assert run.outcome["status"] == "ok", run.outcome
    assert run.outcome["result"]["flopsPerToken"] == 0
    assert any("operations per token are not measured" in event["text"] for event in run.of_type("log"))


COND = "(o,) = torch.cond(torch.tensor(t > 10), lambda y: (y * 1.5,), lambda y: (y * 1.5,), (o,))"
REENTRANT = (
    "from torch.utils.checkpoint import checkpoint\n"
    "o = checkpoint(lambda y: (y.exp() - 1) * 0.1, o, use_reentrant=True)"
)


def certified_as_in_a_worker(source: str) -> dict[str, Any]:
    """In a process of its own, in which torch compiles nothing: torch.cond is another operator there."""
    script = (
        "import json, sys\nfrom trainer.certificate.certify import certify\n"
        "from trainer.protocol.numbers import to_json\n"
        "print(to_json(certify(sys.stdin.read(), parameter_budget=10.0)))"
    )
    environment = {**os.environ, "TORCHDYNAMO_DISABLE": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script], input=source, env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize(("after", "remedy"), [(COND, "cannot be counted"), (REENTRANT, "use_reentrant=False")])
def test_what_the_instruments_do_not_get_through_is_unsupported_and_no_illegal_mixer(after: str, remedy: str) -> None:
    certificate = certified_as_in_a_worker(program(after))
    messages = [finding["message"] for finding in certificate["findings"] if finding["status"] == "unsupported"]
    assert certificate["verdict"] == "unsupported", certificate["findings"]
    assert messages
    assert all(remedy in message for message in messages), messages


def test_a_number_that_is_none_is_no_state_that_a_call_changes() -> None:
    source = program(constructor='self.register_buffer("nothing", torch.full((4,), float("nan")))')
    findings = {finding["test"]: finding["status"] for finding in certify(source)["findings"]}
    assert findings["state hygiene"] == "pass"
