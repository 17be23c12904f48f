"""A setting of torch that one program leaves behind changes the model around its mixer, and every number with it."""

import pytest
import torch

from tests.certificate.corpus.program import program
from tests.certificate.subject_of import subject_of
from trainer.certificate.checks.torch_settings import check_torch_settings
from trainer.model.build_model import build_model
from trainer.suites.registry import SUITES
from trainer.torch_settings import torch_settings
from trainer.worker.program import load_mixer

CPU = torch.device("cpu")
SUITE = SUITES["cpu-smoke"]
PLAN = SUITE.plans[0]
SETTINGS = {
    "torch's default dtype": "torch.set_default_dtype(torch.float64)",
    "torch's default device": 'torch.set_default_device("meta")',
    "torch's number of threads": "torch.set_num_threads(torch.get_num_threads() + 3)",
    "torch's precision of matrix products": 'torch.set_float32_matmul_precision("medium")',
    "torch's deterministic algorithms": (
        "torch.use_deterministic_algorithms(not torch.are_deterministic_algorithms_enabled())"
    ),
    "torch's search for the fastest convolution": "torch.backends.cudnn.benchmark = not torch.backends.cudnn.benchmark",
    "torch's recording of gradients": "torch.set_grad_enabled(not torch.is_grad_enabled())",
    "torch's search for anomalies": "torch.autograd.set_detect_anomaly(not torch.is_anomaly_enabled())",
    "torch's autocast on the CPU": 'torch.set_autocast_enabled("cpu", not torch.is_autocast_enabled("cpu"))',
    "torch's treatment of denormal numbers": "import sys\ntorch.set_flush_denormal(sys.float_info.min * 0.5 != 0.0)",
}
PLACES = {
    "at import": lambda line: program() + f"\n\n{line}\n",
    "in the constructor": lambda line: program(constructor=line),
}


def weights(source: str) -> dict[str, torch.Tensor]:
    return build_model(load_mixer(source), SUITE, PLAN, 3, CPU).state_dict()


@pytest.mark.filterwarnings("ignore:Anomaly Detection")
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_of_torch_reaches_no_layer_around_the_mixer_and_no_later_program(name: str, place: str) -> None:
    expected, before = weights(program()), torch_settings()
    source = PLACES[place](SETTINGS[name])
    found = weights(source)
    assert torch_settings() == before
    assert found.keys() == expected.keys()
    for key, value in expected.items():
        assert (found[key].dtype, found[key].device) == (value.dtype, value.device), key
        assert torch.equal(found[key], value), key
    (finding,) = check_torch_settings(subject_of(source))
    assert finding.status == "fail"
    assert name in finding.message
    assert torch_settings() == before


def test_a_program_that_fails_while_it_is_imported_leaves_torch_as_it_was() -> None:
    before = torch_settings()
    with pytest.raises(Exception, match="division by zero"):
        load_mixer("import torch\ntorch.set_default_dtype(torch.float64)\n1 / 0\n")
    assert torch_settings() == before


@pytest.mark.parametrize("seeding", ["torch.manual_seed(1)", "import numpy\nnumpy.random.seed(1)"])
def test_a_seed_set_in_a_constructor_reaches_neither_the_trunk_nor_the_noise_of_training(seeding: str) -> None:
    import random

    import numpy as np

    expected, drawn = weights(program()), (random.random(), np.random.rand(), float(torch.rand(())))
    found = weights(program(constructor=f"{seeding}\nimport random\nrandom.seed(1)"))
    assert (random.random(), np.random.rand(), float(torch.rand(()))) == drawn
    for key, value in expected.items():
        assert ".mixer." in key or torch.equal(found[key], value), key


def test_equal_seeds_give_equal_weights_also_to_a_program_that_draws_from_numpy() -> None:
    source = program(
        constructor="import numpy as np\nself.a = nn.Parameter(torch.from_numpy(np.random.randn(d_model)))"
    )
    mixer = load_mixer(source)
    one, again, other = (build_model(mixer, SUITE, PLAN, seed, CPU).state_dict() for seed in (1, 1, 2))
    assert torch.equal(one["blocks.0.mixer.a"], again["blocks.0.mixer.a"])
    assert not torch.equal(one["blocks.0.mixer.a"], other["blocks.0.mixer.a"])
