"""The corpus is the same on every machine, is well formed, and rewards recall."""

import hashlib
import re

from trainer.tasks.program_text import program_text


def test_the_corpus_never_changes_unnoticed():
    digest = hashlib.sha256(program_text(7, 50_000)).hexdigest()
    assert digest[:16] == "be17b20eeca54a32"


def test_a_longer_corpus_begins_with_the_shorter_one():
    assert program_text(3, 9_000)[:4_000] == program_text(3, 4_000)


def test_brackets_close_in_order_and_all_bytes_are_printable():
    text = program_text(11, 30_000).decode("ascii")
    assert set(re.sub(r"[\x20-\x7e\n]", "", text)) == set()
    closing = {")": "(", "]": "[", "}": "{"}
    for line in text.split("\n")[:-1]:
        stack = []
        for letter in line:
            if letter in closing.values():
                stack.append(letter)
            elif letter in closing:
                assert stack.pop() == closing[letter], line
        assert stack == [], line


def test_names_are_defined_before_they_are_used_and_tables_answer_with_their_latest_entry():
    for document in program_text(13, 30_000).decode().split("\n\n")[:-1]:
        head, *lines = document.split("\n")
        names = set(re.search(r"\((.*)\)", head).group(1).split(", "))
        table = {}
        for line in lines:
            if entry := re.match(r'  set "(\w+)" to (\w+)$', line):
                table[entry[1]] = entry[2]
            elif query := re.match(r'  get "(\w+)" is (\w+)$', line):
                assert table[query[1]] == query[2]
            elif binding := re.match(r"  (\w+) = (.*)$", line):
                assert set(re.findall(r"[a-z]+", binding[2])) <= names
                names.add(binding[1])
