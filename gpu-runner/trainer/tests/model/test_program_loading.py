"""Text that is no program is refused with a sentence that its author can act on."""

import pytest

from trainer.protocol.failure import JobFailure
from trainer.worker.program import load_mixer


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("class Mixer(:\n", "line 1"),
        ("x = '\0'", "not valid Python"),
        ("import tensorflow_of_tomorrow\n", "tensorflow_of_tomorrow"),
        ("\n\nraise KeyError('gate')\n", "line 3 of the program"),
        ("raise SystemExit(0)\n", "SystemExit"),
        ("class Mixer: pass\n", "class Mixer"),
        ("def Mixer(): pass\n", "class Mixer"),
    ],
)
def test_a_text_that_is_no_program_is_invalid_and_told_why(source, hint):
    with pytest.raises(JobFailure) as caught:
        load_mixer(source)
    assert caught.value.reason == "program-invalid"
    assert hint in caught.value.message


@pytest.mark.parametrize("text", ["x = " + "-" * 60_000 + "1\n", "x = " + "(" * 20_000 + ")" * 20_000 + "\n"])
def test_a_text_that_the_parser_cannot_read_is_told_as_that_and_not_as_too_much_memory(text: str) -> None:
    with pytest.raises(JobFailure, match=r"nested too deeply|not valid Python"):
        load_mixer(text)
