"""A generated language of small programs: the corpus of the byte language model, the same on every machine.

The language is fixed: a lexicon of words spelled by one Markov chain over letters and used with Zipf's frequencies, and
a grammar of functions, bindings, calls, lists, conditions, tables and comments. Every document invents its own
identifiers with the same chain and then uses them again and again. So the text rewards, at growing distance: spelling
and syntax (local mixing), brackets that must close in order (a stack), and names and table entries bound earlier in the
document (recall of things that no weight can know). Documents are independent, so fresh ones from another seed are a
held-out split by construction.

Only `random.Random.random()` is drawn from: Python guarantees its sequence across versions and machines.
"""

from __future__ import annotations

import itertools
import random
from bisect import bisect

from trainer.protocol.seeds import seed_from

_CONSONANTS = "bdfgklmnprstvz"
_VOWELS = "aeiou"
_LEXICON_WORDS = 160


class _Language:
    """The fixed part of the corpus: spelling habits and lexicon."""

    def __init__(self) -> None:
        draw = random.Random(seed_from("program-text", "language")).random
        self.after_consonant = {letter: _preferences(_VOWELS, draw) for letter in _CONSONANTS}
        self.after_vowel = {letter: _preferences(_CONSONANTS, draw) for letter in _VOWELS}
        self.words = sorted({self.spell(draw, 4 + int(draw() * 5)) for _ in range(_LEXICON_WORDS)}, key=seed_from)
        self.word_weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(len(self.words))))

    def spell(self, draw: random.Random.random, letters: int) -> str:
        """A pronounceable word of the given length from the Markov chain."""
        letter = _CONSONANTS[int(draw() * len(_CONSONANTS))]
        word = [letter]
        for position in range(1, letters):
            choices, weights = (self.after_consonant if position % 2 else self.after_vowel)[letter]
            letter = choices[bisect(weights, draw() * weights[-1])]
            word.append(letter)
        return "".join(word)

    def word(self, draw: random.Random.random) -> str:
        """A word of the lexicon by Zipf's law."""
        return self.words[bisect(self.word_weights, draw() * self.word_weights[-1])]


def _preferences(letters: str, draw: random.Random.random) -> tuple[str, list[float]]:
    # The fourth power makes each letter prefer two or three successors: about 1.5 bits a letter instead of 3.
    return letters, list(itertools.accumulate(draw() ** 4 + 0.01 for _ in letters))


_LANGUAGE = _Language()


def program_text(seed: int, length: int) -> bytes:
    """The first `length` bytes (ASCII) of the documents that the seed generates."""
    draw = random.Random(seed).random
    parts: list[str] = []
    missing = length
    while missing > 0:
        document = _document(draw)
        parts.append(document)
        missing -= len(document)
    return "".join(parts).encode("ascii")[:length]


def _document(draw: random.Random.random) -> str:
    arguments = [_LANGUAGE.spell(draw, 2 + int(draw() * 3)) for _ in range(1 + int(draw() * 2))]
    names = list(arguments)
    lines = [f"def {_LANGUAGE.spell(draw, 5)}({', '.join(arguments)}):"]
    if draw() < 0.6:
        lines.append("  # " + " ".join(_LANGUAGE.word(draw) for _ in range(2 + int(draw() * 4))))
    table: dict[str, str] = {}
    for _ in range(4 + int(draw() * 5)):
        lines.append("  " + _statement(draw, names, table))
    lines.append(f"  return {_pick(draw, names)}\n\n")
    return "\n".join(lines)


def _statement(draw: random.Random.random, names: list[str], table: dict[str, str]) -> str:
    kind = draw()
    if kind < 0.35:
        expression = _expression(draw, names, 2)
        names.append(_LANGUAGE.spell(draw, 3 + int(draw() * 3)))
        return f"{names[-1]} = {expression}"
    if kind < 0.50:
        key, value = _LANGUAGE.word(draw), _LANGUAGE.spell(draw, 3)
        table[key] = value
        return f'set "{key}" to {value}'
    if kind < 0.70 and table:
        key = _pick(draw, list(table))
        return f'get "{key}" is {table[key]}'
    if kind < 0.85:
        name = _pick(draw, names)
        return f"if {name} > {int(draw() * 10)}: {name} = {_expression(draw, names, 1)}"
    return f"{_LANGUAGE.word(draw)}({_pick(draw, names)}, {_expression(draw, names, 1)})"


def _expression(draw: random.Random.random, names: list[str], depth: int) -> str:
    kind = draw()
    if depth == 0 or kind < 0.3:
        return _pick(draw, names)
    if kind < 0.4:
        return str(int(draw() * 10))
    left, right = _expression(draw, names, depth - 1), _expression(draw, names, depth - 1)
    if kind < 0.7:
        return f"({left} {'+-*'[int(draw() * 3)]} {right})"
    return f"[{left}, {right}]" if kind < 0.85 else f"{{{left}: {right}}}"


def _pick(draw: random.Random.random, names: list[str]) -> str:
    return names[int(draw() * len(names))]
