"""An import that nothing needs costs every candidate seconds, and nobody sees why."""

import subprocess
import sys

CERTIFY = """
import sys
from trainer.certificate.certify import certify
from trainer.mixers.registry import builtin_source
assert certify(builtin_source("delta-net"))["verdict"] == "pass"
print(*sorted({"sympy", "torch._dynamo", "torch._inductor"} & set(sys.modules)))
"""


def test_a_certificate_imports_neither_the_compiler_of_torch_nor_its_algebra():
    done = subprocess.run([sys.executable, "-c", CERTIFY], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "\n"), done.stderr
