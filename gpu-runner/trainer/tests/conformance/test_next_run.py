"""Conformance program 63: nothing that one worker leaves behind reaches the next one."""

import pytest

from tests.conformance.sandbox import sandbox
from tests.jobs.misbehaving_programs import program
from tests.jobs.run_job import run_job

PLACES = """
import pathlib, site
home, short = pathlib.Path(os.environ["HOME"]), f"python3.{sys.version_info.minor}"
places = {
    "usercustomize": home / ".local/lib" / short / "site-packages/usercustomize.py",
    "inductor": pathlib.Path("/tmp/torchinductor_worker/poison.py"),
    "triton": home / ".triton/cache/poison.so",
    "shared memory": pathlib.Path("/dev/shm/poison"),
    "preload": pathlib.Path("/etc/ld.so.preload"),
    "sitecustomize": pathlib.Path(site.getsitepackages()[0]) / "sitecustomize.py",
}
"""
POISON = (
    PLACES
    + """
for place in places.values():
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("raise SystemExit('poisoned')")
    except OSError:
        pass
raise RuntimeError("poison is laid: " + " ".join(name for name, place in places.items() if os.path.exists(place)))
"""
)
LOOK = PLACES + 'raise RuntimeError("found " + str([name for name, place in places.items() if os.path.exists(place)]))'


@pytest.mark.slow
@pytest.mark.skipif(sandbox().tier < 2, reason=f"tier 2 is not proven here: {sandbox().note}")
def test_63_poisoned_caches_and_start_files_have_no_effect_on_the_next_run():
    first = run_job(program(after=POISON), launcher=sandbox().argv).outcome
    assert "poison is laid: usercustomize inductor triton shared memory" in first["message"], first
    second = run_job(program(after=LOOK), launcher=sandbox().argv).outcome
    assert "found []" in second["message"], second
