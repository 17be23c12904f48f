"""An honest program that is scored with other constants than it was trained with is accused of a leak."""

from tests.certificate.corpus.program import program
from tests.jobs.run_job import run_job
from trainer.worker.program import load_mixer

# Every process that scores it refuses to, unless what it draws is what was drawn where it was trained.
SOURCE = (
    program(
        "o = o + v @ PROJECTION\nassert torch.equal(self.seen, PROJECTION)\nassert torch.equal(self.kept, self.drawn)",
        constructor='self.register_buffer("seen", PROJECTION.clone())\nself.drawn = torch.randn(8)\n'
        'self.register_buffer("kept", self.drawn.clone())',
    )
    + "\n\nPROJECTION = torch.randn(64, 64) / 8\n"
)


def test_a_program_is_scored_with_the_numbers_it_was_trained_with_and_again_with_the_same() -> None:
    runs = [run_job({"source": SOURCE}) for _ in range(2)]
    assert [run.outcome["status"] for run in runs] == ["ok", "ok"], runs[0].outcome
    first, second = (run.outcome["result"] for run in runs)
    assert first["raw"] == second["raw"]
    assert first["curves"] == second["curves"]


def test_what_is_drawn_at_import_depends_on_the_seed_and_on_nothing_else() -> None:
    source = "import random\nimport numpy\n" + program() + "\n\nDRAWN = torch.rand(()), random.random()\n"
    source += "Mixer.drawn = [float(DRAWN[0]), DRAWN[1], numpy.random.rand()]\n"
    first, again, other = (load_mixer(source, seed=seed).drawn for seed in (4, 4, 5))  # type: ignore[attr-defined]
    assert first == again
    assert not any(a == b for a, b in zip(first, other, strict=True))
