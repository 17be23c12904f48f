"""Which tests there are, in order of report, and under which conditions they are repeated."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from trainer.certificate.batches import SHORT_SHAPES
from trainer.certificate.checks.auxiliary_outputs import check_auxiliary_outputs
from trainer.certificate.checks.batch_independence import check_batch_independence
from trainer.certificate.checks.causality_by_gradient import check_causality_by_gradient
from trainer.certificate.checks.causality_by_values import check_causality_by_values
from trainer.certificate.checks.compile import check_compile
from trainer.certificate.checks.decode_consistency import check_decode_consistency
from trainer.certificate.checks.determinism import check_determinism
from trainer.certificate.checks.element_exponent import check_element_exponent
from trainer.certificate.checks.flop_exponent import check_flop_exponent
from trainer.certificate.checks.gradients import check_gradients
from trainer.certificate.checks.hidden_tables import check_hidden_tables
from trainer.certificate.checks.init_scale import check_init_scale
from trainer.certificate.checks.length_extrapolation import check_length_extrapolation
from trainer.certificate.checks.lengths import check_lengths
from trainer.certificate.checks.op_count import check_op_count
from trainer.certificate.checks.padding_mask import check_padding_mask
from trainer.certificate.checks.parameter_budget import check_parameter_budget
from trainer.certificate.checks.parameter_growth import check_parameter_growth
from trainer.certificate.checks.peak_exponent import check_peak_exponent
from trainer.certificate.checks.prefix_consistency import check_prefix_consistency
from trainer.certificate.checks.saturated_gates import check_saturated_gates
from trainer.certificate.checks.schedules import check_schedules
from trainer.certificate.checks.shared_parameters import check_shared_parameters
from trainer.certificate.checks.state_hygiene import check_state_hygiene
from trainer.certificate.checks.state_size import check_state_size
from trainer.certificate.checks.token_mixing import check_token_mixing
from trainer.certificate.checks.torch_settings import check_torch_settings
from trainer.certificate.checks.train_eval import check_train_eval
from trainer.certificate.checks.trained_lengths import check_trained_lengths
from trainer.certificate.checks.training_steps import check_training_steps
from trainer.certificate.checks.uncounted_work import check_uncounted_work
from trainer.certificate.checks.unregistered_parameters import check_unregistered_parameters
from trainer.certificate.finding import Finding
from trainer.certificate.other_layers import other_layers
from trainer.certificate.subject import Subject

Check = tuple[str, Callable[[Subject], list[Finding]]]

_LEAKS: tuple[Check, ...] = (
    ("causality by values", check_causality_by_values),
    ("causality by gradient", check_causality_by_gradient),
)
_ROWS: Check = ("batch independence", check_batch_independence)
_INDEPENDENCE: tuple[Check, ...] = (("prefix consistency", check_prefix_consistency), _ROWS)

# What a program computes, repeated under the conditions below.
CONTENT_CHECKS: tuple[Check, ...] = (
    ("lengths", check_lengths),
    *_LEAKS,
    *_INDEPENDENCE,
    ("finite gradients", check_gradients),
)

_STEPS: Check = ("training steps", check_training_steps)

# What a program costs.
_COST_CHECKS: tuple[Check, ...] = (
    ("parameter budget", check_parameter_budget),
    ("hidden tables", check_hidden_tables),
    ("parameter growth", check_parameter_growth),
    ("unregistered parameters", check_unregistered_parameters),
    ("FLOP exponent", check_flop_exponent),
    ("element exponent", check_element_exponent),
    ("peak tensor exponent", check_peak_exponent),
    ("op count", check_op_count),
    ("uncounted work", check_uncounted_work),
)
# Repeated in every layer that is built in another way than a single one.
LAYER_CHECKS: tuple[Check, ...] = (*CONTENT_CHECKS, _STEPS, *_COST_CHECKS)

CHECKS: tuple[Check, ...] = (
    *CONTENT_CHECKS,
    _STEPS,
    ("saturated gates", check_saturated_gates),
    ("token mixing", check_token_mixing),
    *_COST_CHECKS,
    ("state size", check_state_size),
    ("trained lengths", check_trained_lengths),
    ("decode consistency", check_decode_consistency),
    ("determinism", check_determinism),
    ("state hygiene", check_state_hygiene),
    ("train/eval", check_train_eval),
    ("schedules", check_schedules),
    ("auxiliary outputs", check_auxiliary_outputs),
    ("padding mask", check_padding_mask),
    ("init scale", check_init_scale),
    ("shared parameters", check_shared_parameters),
    ("torch settings", check_torch_settings),
)

FULL_CHECKS: tuple[Check, ...] = (
    ("compile", check_compile),
    ("length extrapolation", check_length_extrapolation),
)


def variations(subject: Subject) -> list[tuple[str, Subject, tuple[Check, ...], bool]]:
    """(label, subject, tests, whether its parameters are ones that no training may ever reach)."""
    short = dataclasses.replace(subject, shapes=SHORT_SHAPES)
    return [
        *(
            (f"layer_idx={placed.placement[0]} n_layers={placed.placement[1]}", placed, LAYER_CHECKS, False)
            for placed in other_layers(short)
        ),
        ("initial parameters", short.with_parameters("initial"), (*_LEAKS, *_INDEPENDENCE), False),
        ("opened gates", short.with_parameters("opened"), (*_LEAKS, _ROWS), True),
        ("gates opened the other way", short.with_parameters("opened the other way"), (*_LEAKS, _ROWS), True),
    ]
