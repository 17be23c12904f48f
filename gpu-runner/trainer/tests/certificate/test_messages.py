"""An author mends what a message names: one that names the wrong place sends him to what was never wrong."""

import pytest

from tests.certificate.corpus.behaviour import BEHAVIOUR
from tests.certificate.corpus.costs import COSTS
from tests.certificate.corpus.program import program
from tests.certificate.subject_of import subject_of
from trainer.certificate.checks.causality_by_gradient import check_causality_by_gradient
from trainer.certificate.checks.causality_by_values import check_causality_by_values
from trainer.certificate.checks.construct import check_construct
from trainer.certificate.checks.determinism import check_determinism
from trainer.certificate.checks.element_exponent import check_element_exponent
from trainer.certificate.checks.flop_exponent import check_flop_exponent
from trainer.certificate.checks.gradients import check_gradients
from trainer.certificate.checks.parameter_growth import check_parameter_growth
from trainer.certificate.checks.prefix_consistency import check_prefix_consistency
from trainer.certificate.checks.saturated_gates import check_saturated_gates
from trainer.certificate.checks.uncounted_work import check_uncounted_work
from trainer.certificate.checks.unregistered_parameters import check_unregistered_parameters
from trainer.certificate.dropout import without_dropout
from trainer.certificate.finding import Finding


def of(check, source: str) -> Finding:
    (finding,) = check(subject_of(source))
    assert finding.status == "fail", finding
    return finding


# Beside a linear tensor that is larger than all of the quadratic part's.
OUTER = "o = o + torch.einsum('bti,btj->btij', k[..., :32], v[..., :32]).cumsum(1).flatten(2)[..., :d]\n"
CHUNKS = (
    "c = max(16, t // 8)\nu = F.pad(v, (0, 0, 0, -t % c)).view(b, -1, c, d)\n"
    "s = (u @ u.mT).tril()\no = o + (s @ u).view(b, -1, d)[:, :t]"
)
# Every chunk is compared with all before it: the longer sequence has more calls, not only larger ones.
LOOP = (
    "ys = []\nfor i in range(0, t, 128):\n    s = q[:, i : i + 128] @ k[:, : i + 128].mT\n"
    "    ys.append((s.tril(i) @ v[:, : i + 128]))\no = o + torch.cat(ys, 1)"
)


@pytest.mark.parametrize(("after", "named"), [(CHUNKS, "bmm of shape [8, 256, 256]"), (LOOP, "bmm of shape [1, 128, ")])
def test_the_operator_whose_operations_grow_is_named_and_not_the_largest_tensor(after, named):
    finding = of(check_flop_exponent, program(OUTER + after))
    assert f"What grows most is {named}" in finding.message


def test_the_operator_whose_elements_grow_is_named_and_not_the_largest_tensor():
    wide = OUTER.replace("32", "64")  # 2048 x 64 x 64, twice as large as the mask
    mask = "i = torch.arange(t)\nm = (i[:, None] - i).clamp(min=0) * -0.1\no = o * (1 + m.exp().mean(1, keepdim=True))"
    finding = of(check_element_exponent, program(wide + mask))
    assert "of shape [2048, 2048]" in finding.message


def test_work_in_another_thread_is_told_by_its_share_and_not_by_numbers_taken_out():
    source, _ = COSTS["softmax attention in another thread"]
    finding = of(check_uncounted_work, source)
    assert finding.threshold == 0.2
    assert 0.2 < finding.measured <= 1
    source, _ = COSTS["softmax attention in numpy"]
    finding = of(check_uncounted_work, source)
    assert finding.threshold == 1
    assert finding.measured > 1


def test_dropout_that_evaluation_does_not_stop_is_told_from_other_random_numbers():
    with without_dropout():
        assert "pass training=self.training" in of(check_determinism, program("o = F.dropout(o, 0.3)")).message
        drawn = of(check_determinism, program("o = F.dropout(o, 0.3) + 0.1 * torch.randn(d)"))
    assert "draw random numbers only if self.training" in drawn.message


def test_what_no_optimiser_trains_is_named_with_its_place():
    listed = program("o = o + self.more['a'][0](o)", constructor="self.more = {'a': [nn.Linear(d_model, d_model)]}")
    assert "self.more (shape [64, 64])" in of(check_unregistered_parameters, listed).message
    replaced = program(before="self.v.weight = nn.Parameter(self.v.weight * 0.9)")
    assert "in the place of v.weight" in of(check_parameter_growth, replaced).message


def test_sparse_gradients_are_refused_with_what_to_do_about_them():
    source, _ = BEHAVIOUR["sparse gradients"]
    assert "e.weight is a sparse tensor; pass sparse=False" in of(check_gradients, source).message
    assert [finding.status for finding in check_saturated_gates(subject_of(source))] == ["pass"]


BACKWARD = """
class Mixed(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        return g + 0.1 * g.flip(1)
"""


def test_a_backward_pass_that_mixes_time_is_told_from_a_forward_pass_that_does():
    backward = of(check_causality_by_gradient, program(before="x = Mixed.apply(x)") + BACKWARD)
    assert "its backward does" in backward.message
    forward = of(check_causality_by_gradient, program("o = o + 0.1 * v.flip(1)"))
    assert "backward" not in forward.message


@pytest.mark.parametrize(
    ("source", "about_arguments"),
    [
        (program().replace(", layer_idx=0, n_layers=1", ", width=1"), True),
        ("from torch import nn\nclass Mixer(nn.Module):\n    def forward(self, x):\n        return x\n", True),
        (program(constructor="self.a = nn.Linear(d_model)"), False),
        (program(constructor='raise RuntimeError("can\'t allocate memory: 16000000000 bytes")'), False),
    ],
    ids=["its own arguments", "none at all", "those of another", "torch's memory error"],
)
def test_only_who_refuses_the_arguments_is_told_to_accept_them(source, about_arguments):
    finding = of(check_construct, source)
    assert ("must accept exactly these arguments" in finding.message) is about_arguments


def normalisers(before: str, gain: float) -> str:
    """Sums of exp over the chunks before a token's own."""
    return program(
        f"u = F.pad(({gain} * v).exp(), (0, 0, 0, -t % 64)).unflatten(1, (-1, 64)).sum(2)\n"
        f"s = {before}\no = o + (1 + s).log().repeat_interleave(64, 1)[:, :t]"
    )


@pytest.mark.parametrize(("gain", "largest"), [(2, 1e-3), (3, 1.0)], ids=["small", "large"])
def test_cancellation_in_single_precision_is_named_at_any_size_of_what_it_does(gain, largest):
    finding = of(check_causality_by_values, normalisers("u.cumsum(1) - u", gain))
    assert 1e-3 * largest < finding.measured < largest
    assert "Most likely it is cancellation" in finding.message
    assert "the program sees the future" not in finding.message
    (mended,) = check_causality_by_values(subject_of(normalisers("F.pad(u.cumsum(1), (0, 0, 1, 0))[:, :-1]", gain)))
    assert mended.status == "pass", mended


def test_a_prefix_that_differs_by_cancellation_is_not_told_that_it_depends_on_the_length():
    finding = of(
        check_prefix_consistency,
        program("w = (3 * v).exp()\no = (w.sum(1, keepdim=True) - (w.flip(1).cumsum(1).flip(1) - w)).log()"),
    )
    assert "Most likely it is cancellation" in finding.message
    assert "total length" not in finding.message


def test_a_look_ahead_in_single_precision_alone_fails_at_any_size_and_is_told_of_types():
    for size in (1e-4, 1e-1):
        source = program(f"if x.dtype == torch.float32:\n    o = o + {size} * v.detach().roll(-1, 1)")
        assert "do not branch on the type" in of(check_causality_by_values, source).message


def test_what_double_precision_reads_too_sees_the_future():
    finding = of(check_causality_by_values, program("o = o + 0.1 * v.roll(-1, 1)"))
    assert "the program sees the future" in finding.message
    assert "cancellation" not in finding.message
