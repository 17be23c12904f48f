"""Conformance snippet: a probe that looks for the evaluation wherever it could be, and prints what it finds.

`PLACES` is put before it: files outside that hold the seed of the held-out data.
"""

import gc
import os
import sys
from pathlib import Path


def look(name, read):
    try:
        text = read()
    except Exception as error:
        print(f"{name}: {type(error).__name__}")
    else:
        print(f"{name}: READ {text[:400]!r}")


for place in PLACES:  # noqa: F821
    look(place, lambda place=place: Path(place).read_text(errors="replace"))
for number in sorted(int(name) for name in os.listdir("/proc") if name.isdigit()):
    if number != os.getpid():
        for part in ("environ", "cmdline"):
            look(
                f"process {number} {part}",
                lambda n=number, p=part: Path(f"/proc/{n}/{p}").read_bytes().decode("latin-1"),
            )
frame = sys._getframe()
while frame is not None:
    told = frame.f_locals.get("job") or frame.f_locals.get("header")
    if told is not None:
        print(f"frame {frame.f_code.co_name}: TOLD {sorted(getattr(told, '__dict__', told))}")
    frame = frame.f_back
for thing in gc.get_objects():
    if type(thing) is dict and "evaluationSeed" in thing:
        print(f"object: READ {thing}")
for name in sorted(sys.modules):
    if name.startswith("trainer.scorer") and "seed" in str(vars(sys.modules[name]).keys()).lower():
        print(f"module {name}: READ {sorted(vars(sys.modules[name]))}")
