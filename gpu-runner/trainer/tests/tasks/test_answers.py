"""Every task's targets equal the answers of a slow reader that goes through the sequence token by token."""

import numpy as np
import pytest

from trainer.suites.registry import SUITES
from trainer.suites.streams import audit_stream, held_out_stream, training_stream
from trainer.tasks.associative_recall import AssociativeRecall
from trainer.tasks.fuzzy_recall import FuzzyRecall
from trainer.tasks.language_model import LanguageModel
from trainer.tasks.noisy_recall import NoisyRecall
from trainer.tasks.overwrite_recall import OverwriteRecall
from trainer.tasks.parity import Parity
from trainer.tasks.task import NO_ANSWER

TASKS = [plan.task for plan in SUITES["cpu-quick"].plans]


def read_parity(task: Parity, row: list[int]) -> list[int]:
    return [sum(row[: position + 1]) % 2 for position in range(len(row))]


def read_recall(task: AssociativeRecall | OverwriteRecall, row: list[int]) -> list[int]:
    writes = len(row) - task.pairs
    memory: dict[int, int] = {}
    for key, value in zip(row[0:writes:2], row[1:writes:2], strict=True):
        memory[key] = value - task.keys
    return [NO_ANSWER] * writes + [memory[key] for key in row[writes:]]


def read_noisy_recall(task: NoisyRecall, row: list[int]) -> list[int]:
    memory: dict[int, int] = {}
    answers = []
    for first, second in zip(row[0::2], row[1::2], strict=True):
        answers += [memory.get(first, NO_ANSWER), NO_ANSWER]
        if first < task.keys:
            memory[first] = second - task.keys
        else:
            assert min(first, second) >= task.keys + task.values
    return answers


def read_fuzzy_recall(task: FuzzyRecall, row: list[int]) -> list[int]:
    cut = 3 * task.pairs
    memory = {(row[at], row[at + 1]): row[at + 2] - task.symbols for at in range(0, cut, 3)}
    assert len(memory) == task.pairs
    answers = [NO_ANSWER] * cut
    for at in range(cut, len(row), 2):
        answers += [NO_ANSWER, memory[row[at], row[at + 1]]]
    return answers


READERS = {
    Parity: read_parity,
    AssociativeRecall: read_recall,
    OverwriteRecall: read_recall,
    NoisyRecall: read_noisy_recall,
    FuzzyRecall: read_fuzzy_recall,
}


@pytest.mark.parametrize("task", [task for task in TASKS if type(task) in READERS], ids=lambda task: task.name)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_targets_are_what_a_slow_reader_answers(task, seed):
    batch = task.stream(seed)(20)
    for row, targets in zip(batch.inputs.tolist(), batch.targets.tolist(), strict=True):
        assert READERS[type(task)](task, row) == targets


def test_the_language_models_target_is_the_next_byte():
    task = LanguageModel(length=32, corpus_bytes=2000)
    batch = task.stream(5)(8)
    np.testing.assert_array_equal(batch.inputs[:, 1:], batch.targets[:, :-1])


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_every_row_has_an_answer_and_every_token_is_in_the_vocabulary(task):
    batch = task.stream(3)(64)
    assert batch.inputs.shape == batch.targets.shape == (64, task.length)
    assert batch.inputs.dtype == batch.targets.dtype == np.int32
    assert batch.inputs.min() >= 0
    assert batch.inputs.max() < task.vocabulary
    assert batch.targets.max() < task.classes
    assert (batch.targets != NO_ANSWER).any(axis=1).all()


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_equal_seeds_repeat_and_training_held_out_and_audit_data_differ(task):
    first = training_stream(task, 1)(16)
    np.testing.assert_array_equal(first.inputs, training_stream(task, 1)(16).inputs)
    for other in (training_stream(task, 2), held_out_stream(task, "1"), audit_stream(task, "1")):
        assert not np.array_equal(first.inputs, other(16).inputs)
