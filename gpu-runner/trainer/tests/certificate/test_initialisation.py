"""A lucky draw that no seed can undo is confirmed as a better design."""

import random
import sys

import numpy as np
import pytest
import torch

from tests.certificate.corpus.draws import DRAWS
from tests.certificate.corpus.program import program
from tests.certificate.subject_of import subject_of
from trainer.certificate.checks import initialisation
from trainer.certificate.checks.initialisation import check_initialisation
from trainer.certificate.finding import Finding
from trainer.initialisation.other_draws import other_draws
from trainer.mixers.registry import BUILTIN_NAMES, builtin_source
from trainer.worker.draws_measurement import fixed_draws_within
from trainer.worker.program import MODULE_NAME, load_mixer

LUCKY = [
    name for name, (_, expected) in DRAWS.items() if expected == {"initialisation"} and "without a seed" not in name
]
AT_IMPORT = {
    "draws its weights at import",
    "draws at import from an older generator of numpy",
    "random features with a fixed seed, in a list of a global",
}
FORMULAS = {
    "zeros": "nn.init.zeros_(self.out.weight)",
    "an identity": "nn.init.eye_(self.q.weight)",
    "a convolution that passes its input on": "self.c = nn.Conv1d(8, 8, 3)\nnn.init.dirac_(self.c.weight)",
    "decays by head": "self.a = nn.Parameter(torch.log(torch.arange(1, n_heads + 1).float()))",
    "HiPPO": (
        "p = torch.sqrt(1 + 2 * torch.arange(d_model).float())\n"
        "self.a = nn.Parameter(-(torch.tril(p[:, None] * p, -1) + torch.diag(torch.arange(d_model) + 1.0)))"
    ),
    "a basis without chance": (
        "n = torch.arange(d_model).float()\n"
        "self.b = nn.Parameter(torch.linalg.qr(torch.cos(torch.outer(n + 0.5, n)))[0])"
    ),
    "a formula beside a generator for noise": (
        "import random\nself.a = nn.Parameter(torch.ones(d_model))\nself.r = random.Random(3)\n"
        "self.g = torch.Generator().manual_seed(1)\ntorch.rand(3, generator=self.g)"
    ),
    "one of two values, by the trainer's seed": (
        'self.register_buffer("sign", torch.ones(1) if torch.rand(()) < 0.5 else -torch.ones(1))'
    ),
    "of numpy's global generator": (
        "import numpy as np\nself.a = nn.Parameter(torch.from_numpy(np.random.randn(d_model)).float())"
    ),
    "of Python's global generator": (
        "import random\nself.a = nn.Parameter(torch.tensor([random.random() for _ in range(d_model)]))"
    ),
    "of a generator that the trainer's seeds": (
        "g = torch.Generator().manual_seed(torch.initial_seed())\n"
        "self.a = nn.Parameter(torch.randn(d_model, generator=g))"
    ),
}


def found(source: str) -> Finding:
    (finding,) = check_initialisation(subject_of(source), lambda seed: load_mixer(source, seed=seed))
    return finding


@pytest.mark.parametrize("name", LUCKY)
def test_a_draw_that_no_seed_changes_is_named_with_what_to_do(name: str) -> None:
    finding = found(DRAWS[name][0])
    assert (finding.status, finding.kind) == ("fail", "hard")
    assert finding.measured >= 4096
    assert "do not seed it" in finding.message
    assert "weight" in finding.message or "features" in finding.message


@pytest.mark.parametrize("name", FORMULAS)
def test_what_a_formula_makes_or_the_trainers_seed_draws_is_no_lucky_draw(name: str) -> None:
    assert found(program(constructor=FORMULAS[name])).status == "pass"


UNSEEDED = {
    "a plain attribute": (
        "import numpy as np\nself.p = torch.from_numpy(np.random.default_rng().normal(size=d_model)).float()"
    ),
    "a parameter": (
        "import numpy as np\n"
        "self.p = nn.Parameter(torch.from_numpy(np.random.default_rng().normal(size=d_model)).float())"
    ),
    "from the system": (
        "import secrets\n"
        "self.p = nn.Parameter(torch.tensor([secrets.randbelow(2**20) / 2**20 for _ in range(d_model)]))"
    ),
}


@pytest.mark.parametrize("name", UNSEEDED)
def test_a_draw_without_a_seed_is_named_no_run_of_it_could_be_repeated_or_evaluated(name: str) -> None:
    finding = found(program(constructor=UNSEEDED[name]))
    assert (finding.status, finding.kind, finding.measured) == ("fail", "hard", 64.0)
    assert "with the same seed" in finding.message


HELD_ELSEWHERE = {
    "an array": ("import numpy as np\nself.p = {}", "", ""),
    "a list in a dictionary": ("import numpy as np\nself.p = dict(a=[{}])", "", ""),
    "an object of the program's": (
        "import numpy as np\nself.p = Kept()\nself.p.numbers = {}",
        "",
        "\n\nclass Kept:\n    __slots__ = ('numbers',)\n",
    ),
    "a list of numbers": ("import numpy as np\nself.p = {}.tolist()", "", ""),
    "a closure": ("import numpy as np\np = {}\nself.f = lambda x: x * p", "", ""),
    "a partial function": ("import functools, numpy as np\nself.f = functools.partial(torch.add, {})", "", ""),
    "a global": ("", "import numpy as np\nTABLE = {}\n", ""),
    "an attribute of the class": ("", "import numpy as np\nTABLE = {}\n", "\n\nMixer.table, TABLE = TABLE, None\n"),
    "a default argument": ("", "import numpy as np\ndef f(x, p={}):\n    return x * p\n", ""),
}


@pytest.mark.parametrize("name", HELD_ELSEWHERE)
def test_a_draw_is_found_wherever_a_program_keeps_it(name: str) -> None:
    constructor, before, after = HELD_ELSEWHERE[name]

    def drawn(draw: str) -> Finding:
        line = constructor.format(draw) if constructor else "pass"
        return found(before.format(draw) + program(constructor=line) + after)

    assert "with the same seed" in drawn("np.random.default_rng().normal(size=64)").message
    lucky = drawn("np.random.default_rng(5).normal(size=64)")
    assert (lucky.status, lucky.kind, lucky.measured) == ("fail", "hard", 64.0)
    assert "do not seed it" in lucky.message
    assert drawn("np.random.normal(size=64)").status == "pass"
    assert drawn("np.linspace(0, 1, 64)").status == "pass"
    assert drawn("np.empty(64)").status == "pass"


def test_a_time_a_count_and_where_an_object_lies_are_no_draws() -> None:
    constructor = (
        "import time\nself.began, self.at = time.time(), time.localtime()\n"
        "self.parts = [id(p) for p in self.parameters()]\nself.handle = self.register_forward_hook(lambda *_: None)"
    )
    assert found(program(constructor=constructor)).status == "pass"


CACHED = "import functools, torch\n@functools.lru_cache\ndef features(n):\n    return torch.randn(n)\n"


@pytest.mark.parametrize(
    "constructor",
    [
        'self.register_buffer("scratch", torch.empty(d_model))',
        'self.register_buffer("nothing", torch.full((4,), float("nan")))',
        "self.f = features(d_model)",
    ],
)
def test_memory_that_is_left_as_it_was_nan_and_caches_are_no_draws_that_no_seed_changes(constructor: str) -> None:
    assert found(CACHED + program(constructor=constructor)).status == "pass"


@pytest.mark.parametrize(
    "constructor",
    [
        "import random\nr = random.Random()\nr.seed(42)\n"
        "self.p = nn.Parameter(torch.tensor([r.random() for _ in range(d_model)]))",
        "import numpy as np\nr = np.random.RandomState()\nr.seed(42)\n"
        "self.p = nn.Parameter(torch.from_numpy(r.randn(d_model)).float())",
        "import numpy as np\nassert isinstance(np.random.mtrand._rand, np.random.RandomState)\n"
        "torch.manual_seed(42)\nself.p = nn.Parameter(torch.randn(d_model))",
    ],
)
def test_a_generator_that_is_seeded_after_it_was_made_or_asked_for_its_class_hides_no_lucky_draw(
    constructor: str,
) -> None:
    finding = found(program(constructor=constructor))
    assert (finding.status, finding.kind) == ("fail", "hard")


def test_a_program_that_breaks_where_its_draws_are_replaced_is_not_said_to_heed_the_seed() -> None:
    finding = found(
        program(
            constructor="import numpy as np\nassert np.random.RandomState.__module__.startswith('numpy')\n"
            "torch.manual_seed(42)\nself.p = nn.Parameter(torch.randn(d_model))"
        )
    )
    assert finding.status in ("fail", "reported")


@pytest.mark.parametrize("name", BUILTIN_NAMES)
def test_no_builtin_is_taken_for_a_lucky_draw(name: str) -> None:
    assert found(builtin_source(name)).status == "pass"


def test_a_training_without_a_certificate_learns_of_it_too_unless_it_was_drawn_at_import() -> None:
    for name in LUCKY:
        mixer = load_mixer(DRAWS[name][0])
        unseen = name in AT_IMPORT or "second layer" in name
        assert bool(fixed_draws_within(60, mixer, 64, 2)) is not unseen, name
    for constructor in FORMULAS.values():
        assert fixed_draws_within(60, load_mixer(program(constructor=constructor)), 64, 2) == {}


def test_looking_for_lucky_draws_leaves_the_program_and_all_generators_as_they_were() -> None:
    subject = subject_of(program())
    module, made = sys.modules[MODULE_NAME], (np.random.default_rng, np.random.RandomState, random.Random, random.seed)
    check_initialisation(subject, lambda seed: load_mixer(program(), seed=seed))
    assert sys.modules[MODULE_NAME] is module
    assert made == (np.random.default_rng, np.random.RandomState, random.Random, random.seed)
    with pytest.raises(ZeroDivisionError), other_draws(1):
        _ = 1 / 0
    assert made == (np.random.default_rng, np.random.RandomState, random.Random, random.seed)


def test_other_draws_are_others_whatever_the_seed_and_the_same_for_the_same_number() -> None:
    def drawn(number: int) -> list[float]:
        with other_draws(number):
            torch.manual_seed(5)
            random.seed(5)
            np.random.seed(5)
            return [
                float(torch.rand(())),
                float(torch.rand((), generator=torch.Generator().manual_seed(5))),
                float(torch.nn.init.uniform_(torch.empty(()))),
                *(random.random(), random.Random(5).random(), random.Random("five").random()),
                *(float(np.random.rand()), float(np.random.RandomState(5).rand())),
                *(float(np.random.default_rng(seed=5).random()), float(np.random.default_rng([5, 6]).random())),
                float(np.random.Generator(np.random.PCG64(5)).random()),
                float(np.random.default_rng(np.random.SeedSequence(5)).random()),
            ]

    one, again, other = drawn(1), drawn(1), drawn(2)
    assert one == again
    assert not any(a == b for a, b in zip(one, other, strict=True))


def test_a_program_that_can_be_imported_once_only_is_asked_about_its_constructor() -> None:
    once = "\n\nimport sys\nassert not hasattr(sys, 'imported_once')\nsys.imported_once = True\n"
    try:
        assert (
            found(program(constructor="torch.manual_seed(3)\nnn.init.normal_(self.q.weight)") + once).status == "fail"
        )
        del sys.imported_once  # type: ignore[attr-defined]
        assert found(program() + once).status == "pass"
    finally:
        del sys.imported_once  # type: ignore[attr-defined]


def test_a_constructor_that_takes_its_time_is_no_reason_to_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(initialisation, "_SECONDS", 0.05)
    assert found(program(constructor="while layer_idx:\n    pass")).status == "reported"
