"""Schedule, optimiser, divergence rules and the pairing of initialisations."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from trainer.accounting.parameters import count_parameters
from trainer.mixers.registry import BUILTIN_NAMES, builtin_class
from trainer.model.adamw import AdamW
from trainer.model.build_model import build_model
from trainer.model.schedule import learning_rate_at
from trainer.protocol.failure import JobFailure
from trainer.protocol.frames import FrameDecoder, encode_frame
from trainer.suites.registry import SUITES
from trainer.worker.divergence import DivergenceWatch
from trainer.worker.weights import load_weights, weights_of

CPU = torch.device("cpu")
SUITE = SUITES["cpu-smoke"]
PLAN = SUITE.plans[0]


def test_the_learning_rate_rises_to_its_peak_then_falls_to_a_tenth():
    rates = [learning_rate_at(step, 200, 20, 1e-2) for step in range(1, 201)]
    assert rates[19] == max(rates) == pytest.approx(1e-2)
    assert rates[:20] == sorted(rates[:20])
    assert rates[19:] == sorted(rates[19:], reverse=True)
    assert rates[-1] == pytest.approx(1e-3)


def test_adamw_follows_its_definition_step_by_step():
    torch.manual_seed(0)
    model = nn.Linear(3, 2)
    optimiser = AdamW(model)
    expected = {name: parameter.detach().numpy().astype(np.float64) for name, parameter in model.named_parameters()}
    first = {name: np.zeros_like(value) for name, value in expected.items()}
    second = {name: np.zeros_like(value) for name, value in expected.items()}
    for step in range(1, 8):
        gradients = {name: np.random.default_rng(step).normal(size=value.shape) for name, value in expected.items()}
        norm = math.sqrt(sum((gradient**2).sum() for gradient in gradients.values()))
        for name, parameter in model.named_parameters():
            parameter.grad = torch.from_numpy(gradients[name]).float()
        assert float(optimiser.gradient_norm()) == pytest.approx(norm, rel=1e-5)
        optimiser.step(0.01, norm)
        for name, value in expected.items():
            gradient = gradients[name] / max(1.0, norm)
            first[name] = 0.9 * first[name] + 0.1 * gradient
            second[name] = 0.95 * second[name] + 0.05 * gradient**2
            decay = 0.01 * 0.01 * value if value.ndim == 2 else 0.0
            update = first[name] / (1 - 0.9**step) / (np.sqrt(second[name] / (1 - 0.95**step)) + 1e-8)
            expected[name] = value - decay - 0.01 * update
    for name, parameter in model.named_parameters():
        np.testing.assert_allclose(parameter.detach().numpy(), expected[name], rtol=1e-4, atol=1e-6)


def test_of_a_complex_parameter_each_part_is_trained_as_a_real_one():
    torch.manual_seed(0)
    start, target = torch.randn(2, 4, 3, dtype=torch.cfloat)
    trained = []
    for parameter in (start, torch.view_as_real(start)):
        model = nn.Module()
        model.weight = nn.Parameter(parameter.clone())
        optimiser = AdamW(model)
        for _ in range(50):
            weight = model.weight if model.weight.is_complex() else torch.view_as_complex(model.weight)
            (weight - target).abs().square().sum().backward()
            optimiser.step(0.02, float(optimiser.gradient_norm()))
        trained.append(model.weight.detach().clone())
    assert torch.allclose(torch.view_as_real(trained[0]), trained[1], atol=1e-5)


def test_a_parameter_without_a_gradient_is_left_alone():
    model = nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 2)])
    unused = model[1].weight.detach().clone()
    model[0](torch.ones(1, 2)).sum().backward()
    AdamW(model).step(0.1, 1.0)
    assert torch.equal(model[1].weight, unused)


def test_a_single_bad_step_is_skipped_but_two_in_a_row_or_four_in_a_hundred_end_training():
    watch = DivergenceWatch()
    assert watch.skip(10) is None
    assert watch.skip(11)
    watch = DivergenceWatch()
    assert [bool(watch.skip(step)) for step in (1, 30, 60, 99)] == [False, False, False, True]
    watch = DivergenceWatch()
    assert [bool(watch.skip(step)) for step in (1, 40, 80, 120, 160, 200)] == [False] * 6


def test_all_programs_start_with_the_same_embedding_mlp_and_head():
    models = [build_model(builtin_class(name), SUITE, PLAN, 3, CPU) for name in BUILTIN_NAMES]
    for model in models[1:]:
        for part in ("embedding.weight", "head.weight", "blocks.0.expand.weight", "blocks.0.contract.bias"):
            assert torch.equal(model.get_parameter(part), models[0].get_parameter(part))


def test_weights_arrive_in_a_fresh_model_as_they_were_buffers_tied_and_wide_ones_too():
    class Odd(nn.Module):
        def __init__(self, d_model, n_heads, **_):
            super().__init__()
            self.a = nn.Linear(d_model, d_model)
            self.b = nn.Linear(d_model, d_model)
            self.b.weight = self.a.weight
            self.phase = nn.Parameter(torch.randn(3, dtype=torch.complex64))
            self.register_buffer("count", torch.tensor(5))
            self.register_buffer("mask", torch.tensor([True, False]))
            self.register_buffer("multipliers", torch.tensor([6364136223846793005, -(2**63)]))
            self.register_buffer("unsigned", torch.tensor([2**32 - 1], dtype=torch.uint32))
            self.register_buffer("narrow", torch.tensor([1 / 3], dtype=torch.bfloat16))
            self.fine = nn.Parameter(torch.full((2,), 1 / 3, dtype=torch.float64))
            self.fine_phase = nn.Parameter(torch.full((1,), 1 / 3, dtype=torch.complex128))

    trained, fresh = (build_model(Odd, SUITE, PLAN, seed, CPU) for seed in (1, 2))
    mixer = trained.blocks[0].mixer
    with torch.no_grad():
        for changed in (mixer.count, mixer.multipliers, mixer.fine, mixer.fine_phase):
            changed += 7
    (frame,) = FrameDecoder().feed(encode_frame({"type": "weights"}, weights_of(trained)))
    arrays = frame.arrays()
    assert sum("mixer.a.weight" in name or "mixer.b.weight" in name for name in arrays) == 1
    load_weights(fresh, arrays)
    for (name, value), other in zip(trained.state_dict().items(), fresh.state_dict().values(), strict=True):
        assert torch.equal(value, other), name


def test_views_whose_conjugation_or_sign_is_still_to_be_done_are_trained_and_arrive_as_other_tensors_do():
    class Lazy(nn.Module):
        def __init__(self, d_model, n_heads, **_):
            super().__init__()
            turns = torch.randn(d_model, dtype=torch.complex64)
            self.register_buffer("turns", turns)
            self.register_buffer("backwards", turns.conj())
            self.register_buffer("negated", torch.randn(d_model, dtype=torch.complex64).conj().imag)
            self.phase = nn.Parameter(torch.randn(d_model, dtype=torch.complex64).conj())
            self.sines = nn.Parameter(torch.randn(d_model, dtype=torch.complex64).conj().imag)
            self.given = [self.phase, self.sines]

    trained, fresh = (build_model(Lazy, SUITE, PLAN, seed, CPU) for seed in (1, 2))
    mixer = trained.blocks[0].mixer
    assert mixer.given[0] is mixer.phase
    assert mixer.given[1] is mixer.sines
    assert count_parameters(mixer) == 3 * SUITE.d_model
    before = mixer.phase.detach().clone()
    (mixer.phase.conj().abs().sum() + mixer.sines.square().sum()).backward()
    AdamW(trained).step(0.1, 1.0)
    assert not torch.equal(mixer.phase, before)
    with torch.no_grad():
        mixer.turns += 1j
    assert torch.equal(mixer.backwards, mixer.turns.conj())
    load_weights(fresh, weights_of(trained))
    for (name, value), other in zip(trained.state_dict().items(), fresh.state_dict().values(), strict=True):
        assert torch.equal(value, other), name


def test_a_program_that_changes_its_structure_while_training_is_told_so():
    trained, fresh = (build_model(builtin_class("delta-net"), SUITE, PLAN, 1, CPU) for _ in range(2))
    trained.blocks[0].mixer.grown = nn.Parameter(torch.zeros(3))
    with pytest.raises(JobFailure, match="grown") as caught:
        load_weights(fresh, weights_of(trained))
    assert caught.value.reason == "program-invalid"
