"""A leak that passes is trained, wins, and becomes the parent of the next generation."""

import pytest

from tests.certificate.corpus.batch_sizes import BATCH_SIZES
from tests.certificate.corpus.behaviour import BEHAVIOUR
from tests.certificate.corpus.constructors import CONSTRUCTORS
from tests.certificate.corpus.costs import COSTS
from tests.certificate.corpus.draws import DRAWS
from tests.certificate.corpus.functional import FUNCTIONAL_DEFECTS
from tests.certificate.corpus.gates import GATES
from tests.certificate.corpus.layers import LAYERS
from tests.certificate.corpus.leaks import LEAKS
from tests.certificate.corpus.loud import LOUD
from tests.certificate.corpus.memories import MEMORIES
from tests.certificate.corpus.program import program
from tests.certificate.corpus.rows_and_lengths import ROWS_AND_LENGTHS
from tests.certificate.corpus.tables import TABLES
from trainer.certificate.batches import SHORT_SHAPES
from trainer.certificate.certify import certify
from trainer.suites.batch_shapes import ROWS_PER_BATCH
from trainer.suites.cpu_quick import CPU_QUICK

DEFECTS = {
    **LEAKS,
    **GATES,
    **BATCH_SIZES,
    **ROWS_AND_LENGTHS,
    **COSTS,
    **TABLES,
    **BEHAVIOUR,
    **MEMORIES,
    **LOUD,
    **LAYERS,
    **CONSTRUCTORS,
    **FUNCTIONAL_DEFECTS,
    **DRAWS,
}
SOFT = {
    *("gradient flow", "unregistered parameters", "token mixing", "determinism", "state hygiene", "saturated gates"),
    *(
        "op count",
        "hidden tables",
        "uncounted work",
        "trained lengths",
        "bfloat16",
        "bfloat16 prefix",
        "torch settings",
        "shared parameters",
        "stale values",
    ),
}
# One for every test and every condition under which the tests are repeated, the cheaper where two show the same; the
# rest is slow only in sum. The tests below examine five more.
QUICK = {
    "off by one: mask of the attention inside a chunk",
    "normalised by a standard deviation over the whole sequence",
    "circular convolution by FFT",
    "leak through an index",
    "look-ahead by one token, in training only",
    "look-ahead without gradient, in training with gradients only",
    "tokens scaled by how often they occur, the future included",
    "leak behind a gate that a bias keeps shut",
    "leak at the initial parameters only",
    "leak far below the rounding of the output",
    "leak only at lengths that are no multiple of the chunk",
    "small look-ahead by a comparison, beside a causal FFT",
    "leak in the second layer only",
    "leak in bfloat16 only",
    "one position in sixteen sees the next token",
    "gate per head and feature below the threshold of a ReLU",
    "step of a scalar",
    "one position in sixteen sees the next token, in large batches",
    "leak of one row alone",
    "rows from the fourth on get the values of another row",
    "looks ahead in all layers but the last",
    "softmax attention in the second layer",
    "a largest length",
    "fused softmax attention",
    "softmax attention in eval mode only",
    "average over a window as long as the sequence",
    "window that grows with the length",
    "capacity hidden in a global",
    "table drawn by numpy in every call",
    "a sixth of all operations for pairs",
    "table of positions that repeats its last row",
    "softmax attention in numpy",
    "window as wide as the longest sequence that is trained",
    "softmax attention under torch.func.grad",
    "table drawn from a seed under torch.func.grad",
    "sums of the past by a sparse matrix of all pairs",
    "memory of the last call in a class attribute",
    "look-ahead that opens after ten calls in training",
    "table that the constructor makes and every call fills",
    "looks ahead in the layer that is built second, counted in a global",
    "leak through an index beside a memory",
    "look-ahead without gradient, beside a loud position",
    "nothing at all",
    "random numbers of Python in evaluation",
    "dropout in evaluation, as the function has it by default",
    "sparse gradients",
    "parameters in a plain list",
    "tensors that ask for gradients and are no parameters",
    "decay computed from a parameter by the constructor",
    "decay computed by the constructor, with nothing saved for the backward pass",
    "another parameter in the place of the first, in training",
    "mask after exp",
    "NaN at beta = 2",
    "crashes in bfloat16",
    "exits in forward",
    "no Python",
    "exits at import",
    "seeds torch in its constructor",
    "double precision by default, at import",
}


def failures(certificate: dict) -> list[dict]:
    return [finding for finding in certificate["findings"] if finding["status"] == "fail"]


def only_slow(names: dict, quick: set[str]) -> list:
    assert quick <= set(names)
    return [name if name in quick else pytest.param(name, marks=pytest.mark.slow) for name in names]


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore:.*weight_norm.*:FutureWarning")
@pytest.mark.parametrize("name", only_slow(DEFECTS, QUICK))
def test_a_planted_defect_is_found_by_the_right_tests_and_no_other(name: str) -> None:
    source, expected = DEFECTS[name]
    certificate = certify(source, parameter_budget=1.05)
    assert {finding["test"] for finding in failures(certificate)} == expected
    assert certificate["verdict"] == ("flagged" if expected <= SOFT else "fail")
    for finding in failures(certificate):
        assert finding["smallestInput"], finding
        assert finding["message"].startswith(f"{finding['test']}: ")


def test_a_message_names_test_position_magnitude_and_remedy() -> None:
    source, _ = DEFECTS["mean over the whole sequence"]
    (finding,) = [f for f in failures(certify(source)) if f["test"] == "causality by values"]
    assert finding["message"].startswith("causality by values: replacing the inputs from position ")
    assert f"by {finding['measured']:.3g} of the mean size" in finding["message"]
    assert "mask scores before softmax" in finding["message"]
    assert finding["smallestInput"] == "B=1 T=2"
    assert finding["measured"] > finding["threshold"] == 1e-5


def test_a_leak_that_needs_a_long_sequence_is_reported_at_its_shortest_one() -> None:
    source, _ = DEFECTS["leak only in sequences longer than 128"]
    assert {f["smallestInput"] for f in failures(certify(source))} == {"B=1 T=129"}


def test_a_leak_that_needs_many_rows_is_reported_with_the_fewest() -> None:
    source, expected = DEFECTS["another algorithm in large batches"]
    (finding,) = failures(certify(source))
    assert {finding["test"]} == expected
    assert finding["smallestInput"] == "B=21 T=1"


def test_the_batches_of_training_and_scoring_are_among_those_tested() -> None:
    plan = CPU_QUICK.plans[0]
    tested = {(shape.rows, shape.training) for shape in SHORT_SHAPES}
    assert {(plan.batch_size, True), (ROWS_PER_BATCH, False)} <= tested


def test_the_operator_that_makes_a_program_quadratic_is_named() -> None:
    source, _ = DEFECTS["decay matrix of all pairs"]
    (peak,) = [f for f in failures(certify(source)) if f["test"] == "peak tensor exponent"]
    assert "of shape [2048, 2048]" in peak["message"]


def test_a_program_that_needs_another_library_is_unsupported_not_wrong() -> None:
    certificate = certify("import a_library_that_is_not_here\nclass Mixer: pass\n")
    (finding,) = certificate["findings"]
    assert certificate["verdict"] == finding["status"] == "unsupported"
    assert "a_library_that_is_not_here" in finding["message"]


def test_noise_without_a_seed_excuses_no_leak_and_says_that_it_may_be_one() -> None:
    noise = "import secrets\nif self.training and secrets.randbelow(20) == 0:\n    o = o / 2\n"
    for leak in ("o = o + v.roll(-1, 1)", "if self.training:\n    o = o + v.roll(-1, 1)"):
        assert "causality by gradient" in {f["test"] for f in failures(certify(program(noise + leak)))}
    rare = certify(program("import secrets\nif secrets.randbelow(8) == 0:\n    o = o + v.detach().roll(-1, 1)"))
    assert rare["verdict"] == "fail"
    assert any("noise, which nobody can tell from a leak" in finding["message"] for finding in failures(rare))


@pytest.mark.parametrize("leak", ["o = o + v.detach().roll(-1, 1)", ""])
def test_noise_that_a_leak_could_hide_in_is_refused_whether_there_is_one_or_not(leak: str) -> None:
    noise = (
        "import secrets\no = o + 5 * torch.randn(d, generator=torch.Generator().manual_seed(secrets.randbits(40)))\n"
    )
    (causality,) = [f for f in failures(certify(program(noise + leak))) if f["test"] == "causality by values"]
    assert "a look at the future could hide in it" in causality["message"]


def test_without_a_budget_the_parameters_are_reported_only() -> None:
    source, _ = DEFECTS["too many parameters"]
    certificate = certify(source)
    assert certificate["verdict"] == "pass"
    assert certificate["parameterRatio"] > 1.1
