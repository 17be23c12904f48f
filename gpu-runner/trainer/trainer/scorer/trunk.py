"""The weights that every model of a task has around its mixers, known without building one.

The candidate's own process builds the models of training and evaluation, so a program can patch the trainer's layers
there; layers that it adds or widens would escape the budget, which counts mixers only.
"""

from __future__ import annotations

import numpy as np

from trainer.protocol.failure import JobFailure
from trainer.protocol.weight_names import PARAMETER, is_mixer_weight
from trainer.suites.suite import Suite, TaskPlan

_MLP_RATIO = 2  # of trainer/model/block.py, which cannot be imported without torch; a test compares the shapes


def trunk_shapes(suite: Suite, plan: TaskPlan) -> dict[str, tuple[int, ...]]:
    """Names and shapes of all weights outside the mixers: embedding, norms, MLPs, head."""
    width, hidden = suite.d_model, _MLP_RATIO * suite.d_model
    shapes: dict[str, tuple[int, ...]] = {"embedding.weight": (plan.task.vocabulary, width)}
    for layer in range(plan.layers):
        shapes |= {
            f"blocks.{layer}.mixer_norm.weight": (width,),
            f"blocks.{layer}.mlp_norm.weight": (width,),
            f"blocks.{layer}.expand.weight": (hidden, width),
            f"blocks.{layer}.expand.bias": (hidden,),
            f"blocks.{layer}.contract.weight": (width, hidden),
            f"blocks.{layer}.contract.bias": (width,),
        }
    shapes |= {
        "norm.weight": (width,),
        "head.weight": (plan.task.classes, width),
        "head.bias": (plan.task.classes,),
    }
    return {PARAMETER + name: shape for name, shape in shapes.items()}


def check_trunk(suite: Suite, plan: TaskPlan, weights: dict[str, np.ndarray]) -> None:
    """Refuses weights outside the mixers that are not exactly the trainer's own.

    Raises:
        JobFailure: `program-invalid`, naming the first weight that differs.
    """
    expected = trunk_shapes(suite, plan)
    found = {name: array.shape for name, array in weights.items() if not is_mixer_weight(name)}
    for name in sorted(expected.keys() | found.keys()):
        if name not in expected:
            what = f"has {name} of shape {list(found[name])}, which the trainer's own layers have not"
        elif name not in found:
            what = f"lacks {name}"
        elif found[name] != expected[name]:
            what = f"has {name} of shape {list(found[name])} instead of {list(expected[name])}"
        else:
            continue
        raise JobFailure(
            "program-invalid",
            f"After training on {plan.task.name}, the model {what}; a program must leave the layers outside its Mixer "
            "alone.",
        )
