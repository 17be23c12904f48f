"""Weights outside the mixers are the trainer's own, or the parameter budget means nothing."""

import numpy as np
import pytest
import torch
from torch import nn

from trainer.model.build_model import build_model
from trainer.protocol.failure import JobFailure
from trainer.protocol.weight_names import is_mixer_weight
from trainer.scorer.training import LARGE_BUFFER_ELEMENTS, TrainedTask
from trainer.scorer.trunk import check_trunk, trunk_shapes
from trainer.suites.registry import SUITES
from trainer.worker.weights import weights_of

PLANS = [
    pytest.param(suite, plan, id=f"{suite.name} {plan.task.name}") for suite in SUITES.values() for plan in suite.plans
]
SUITE = SUITES["cpu-full"]
PLAN = SUITE.plan("language-model")


def mixer(d_model: int, n_heads: int, **_) -> nn.Module:
    return nn.Linear(d_model, d_model)


def weights(suite=SUITE, plan=PLAN) -> dict[str, np.ndarray]:
    return weights_of(build_model(mixer, suite, plan, 1, torch.device("cpu")))


@pytest.mark.parametrize(("suite", "plan"), PLANS)
def test_the_declared_shapes_are_those_of_the_model_that_the_trainer_builds(suite, plan):
    built = weights(suite, plan)
    assert trunk_shapes(suite, plan) == {n: a.shape for n, a in built.items() if not is_mixer_weight(n)}
    check_trunk(suite, plan, built)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"parameter/blocks.1.expand.weight": (256, 64)}, r"blocks.1.expand.weight of shape \[256, 64\] instead of"),
        ({"parameter/blocks.0.extra.weight": (64, 64)}, "has parameter/blocks.0.extra.weight of shape"),
        ({"parameter/blocks.2.expand.bias": (128,)}, "has parameter/blocks.2.expand.bias of shape"),
        ({"buffer/table": (64, 64)}, "has buffer/table of shape"),
        ({"anything": ()}, "has anything of shape"),
        ({"parameter/head.bias": None}, "lacks parameter/head.bias"),
    ],
    ids=["wider", "a layer more", "a block more", "a buffer", "a name of another kind", "one missing"],
)
def test_other_weights_outside_the_mixers_are_refused_and_named(changes, says):
    found = weights()
    for name, shape in changes.items():
        found.pop(name, None)
        if shape is not None:
            found[name] = np.zeros(shape, np.float32)
    with pytest.raises(JobFailure, match=says) as caught:
        check_trunk(SUITE, PLAN, found)
    assert caught.value.reason == "program-invalid"


@pytest.mark.parametrize(("pieces", "counts"), [(10, False), (11, True)])
def test_a_table_cut_into_small_buffers_counts_as_one_table(pieces, counts):
    plan = SUITE.plan("parity")
    size = LARGE_BUFFER_ELEMENTS // 10
    found = {f"buffer/blocks.0.mixer.part{i}": np.zeros(size, np.float32) for i in range(pieces)}
    task = TrainedTask(plan, {**weights(plan=plan), **found}, 0.0, [], 0.0)
    assert task.parameters(mixers_only=True) == 64 * 65 + counts * pieces * size
