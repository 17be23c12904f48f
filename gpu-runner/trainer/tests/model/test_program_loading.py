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
