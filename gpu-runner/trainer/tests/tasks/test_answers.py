"""Every task's targets equal the answers of a slow reader that goes through the sequence token by token."""

import numpy as np
import pytest

from trainer.scorer.score import answer_positions, raw_score, summarise
from trainer.suites.registry import SUITES
from trainer.suites.streams import audit_stream, held_out_stream, training_stream
from trainer.tasks.associative_recall import AssociativeRecall
from trainer.tasks.fuzzy_recall import FuzzyRecall
from trainer.tasks.language_model import LanguageModel
from trainer.tasks.needle import Needle
from trainer.tasks.noisy_recall import NoisyRecall
from trainer.tasks.overwrite_recall import OverwriteRecall
from trainer.tasks.parity import Parity
from trainer.tasks.task import NO_ANSWER

TASKS = [plan.task for plan in SUITES["cpu-quick"].plans] + [SUITES["cpu-full"].plan("needle").task]


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


def read_needle(task: Needle, row: list[int]) -> list[int]:
    first_filler = task.keys + task.values
    memory = {}
    for at, token in enumerate(row[: task.haystack]):
        if token < task.keys:
            assert at % 2 == 0
            memory[token] = row[at + 1] - task.keys
    assert len(memory) == task.pairs
    assert sum(token < first_filler for token in row[: task.haystack]) == 2 * task.pairs
    return [NO_ANSWER] * task.haystack + [memory[key] for key in row[task.haystack :]]


READERS = {
    Parity: read_parity,
    AssociativeRecall: read_recall,
    OverwriteRecall: read_recall,
    NoisyRecall: read_noisy_recall,
    FuzzyRecall: read_fuzzy_recall,
    Needle: read_needle,
}


@pytest.mark.parametrize("task", [task for task in TASKS if type(task) in READERS], ids=lambda task: task.name)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_targets_are_what_a_slow_reader_answers(task, seed):
    batch = task.stream(seed)(20)
    for row, targets in zip(batch.inputs.tolist(), batch.targets.tolist(), strict=True):
        assert READERS[type(task)](task, row) == targets


@pytest.mark.parametrize("task", [task for task in TASKS if type(task) in READERS], ids=lambda task: task.name)
def test_who_reads_slowly_scores_1_and_who_guesses_scores_chance(task):
    batch = held_out_stream(task, "a secret")(200)
    read = np.array([READERS[type(task)](task, row) for row in batch.inputs.tolist()]).reshape(-1)
    read = read[answer_positions(batch.targets)]
    known = 20 * np.eye(task.classes, dtype=np.float32)[read]
    assert summarise(raw_score(known, batch.targets), "accuracy").value == 1
    guessed = np.random.default_rng(1).normal(size=known.shape).astype(np.float32)
    chance = summarise(raw_score(guessed, batch.targets), "accuracy")
    assert abs(chance.value - 1 / task.classes) < 4 * chance.standard_error


def test_who_cannot_tell_an_old_value_from_a_new_one_reaches_063_in_overwrite_recall():
    task = SUITES["cpu-quick"].plan("overwrite-recall").task
    assert isinstance(task, OverwriteRecall)
    batch = task.stream(4)(2000)
    right = []
    for row, targets in zip(batch.inputs.tolist(), batch.targets.tolist(), strict=True):
        writes = len(row) - task.pairs
        seen: dict[int, list[int]] = {}
        for key, value in zip(row[0:writes:2], row[1:writes:2], strict=True):
            seen.setdefault(key, []).append(value - task.keys)
        # One of those that the key ever had, drawn evenly: its expected score.
        asked = zip(row[writes:], targets[writes:], strict=True)
        right += [seen[key].count(target) / len(seen[key]) for key, target in asked]
    assert float(np.mean(right)) == pytest.approx(0.63, abs=0.01)


def test_who_binds_nothing_reaches_a_third_of_the_needles():
    task = SUITES["cpu-full"].plan("needle").task
    assert isinstance(task, Needle)
    batch = task.stream(4)(2000)
    values = batch.targets[:, task.haystack :]
    share = (values[:, :, None] == values[:, None, :]).mean(axis=2)  # of the values that occurred, those that are right
    assert float(share.mean()) == pytest.approx(1 / 3, abs=0.05)


def one_symbol_reader(task: FuzzyRecall, row: list[int], place: int) -> list[int]:
    """Answers by the first or the second symbol of a key alone: the latest value that was seen with it."""
    cut = 3 * task.pairs
    memory = {row[at + place]: row[at + 2] - task.symbols for at in range(0, cut, 3)}
    return [memory[row[at + place]] for at in range(cut, len(row), 2)]


@pytest.mark.parametrize("suite", ["cpu-quick", "cpu-full"])
@pytest.mark.parametrize("place", [0, 1], ids=["first", "second"])
def test_one_symbol_of_a_key_alone_leaves_two_values_or_fuzzy_recall_would_not_tell_who_joins_tokens(suite, place):
    task = SUITES[suite].plan("fuzzy-recall").task
    assert isinstance(task, FuzzyRecall)
    batch = task.stream(7)(400)
    asked = batch.targets[batch.targets != NO_ANSWER].reshape(400, task.pairs)
    read = np.array([one_symbol_reader(task, row, place) for row in batch.inputs.tolist()])
    # One of the two is right, and both where they are equal: 1/2 + 1/2 x 1/24, with its standard error.
    assert (read == asked).mean() == pytest.approx(0.5 + 0.5 / task.values, abs=4 * 0.5 / np.sqrt(asked.size))


def test_the_symbols_of_fuzzy_recall_are_drawn_evenly():
    task = FuzzyRecall(pairs=6, symbols=12, values=24)
    inputs = task.stream(9)(4000).inputs
    for place in (0, 1):
        share = np.bincount(inputs[:, place : 3 * task.pairs : 3].reshape(-1), minlength=task.symbols) / (4000 * 6)
        assert np.abs(share - 1 / task.symbols).max() < 0.01
        # Also of the first key alone: its place tells nothing.
        share = np.bincount(inputs[:, place], minlength=task.symbols) / 4000
        assert np.abs(share - 1 / task.symbols).max() < 0.02


@pytest.mark.parametrize(("pairs", "symbols"), [(5, 12), (2, 12), (8, 3)])
def test_keys_of_which_a_symbol_would_be_a_keys_own_are_refused(pairs, symbols):
    with pytest.raises(ValueError, match="an even number of pairs, at least 4, and at least half as many symbols"):
        FuzzyRecall(pairs=pairs, symbols=symbols, values=4)


def test_needles_lie_everywhere_in_the_haystack_and_every_value_is_asked_for_equally_often():
    task = Needle(pairs=3, haystack=11, keys=5, values=4, fillers=6)
    batch = task.stream(2)(4000)
    begins = (batch.inputs[:, :10:2] < task.keys).mean(axis=0)
    assert np.abs(begins - 3 / 5).max() < 0.04
    assert (batch.inputs[:, 10] >= task.keys + task.values).all()  # no room for a pair there
    asked = np.bincount(batch.targets[:, 11:].reshape(-1), minlength=4) / (3 * 4000)
    assert np.abs(asked - 1 / 4).max() < 0.02


@pytest.mark.parametrize(("pairs", "haystack"), [(6, 40), (3, 5)])
def test_needles_that_do_not_fit_are_refused(pairs, haystack):
    with pytest.raises(ValueError, match="two places of the haystack each"):
        Needle(pairs=pairs, haystack=haystack, keys=5, values=4, fillers=6)


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
    held_out = held_out_stream(task, "1")(16).inputs
    for other in (training_stream(task, 2), held_out_stream(task, "2"), audit_stream(task, "1")):
        drawn = other(16).inputs
        assert not np.array_equal(first.inputs, drawn)
        assert not np.array_equal(held_out, drawn)
    assert not np.array_equal(first.inputs, held_out)
