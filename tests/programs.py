"""What some tests need beside us, programs and packages: without it a test is left out, and said so; under .ci/run it fails."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

FOLDERS = ("/usr/sbin", *(str(each / "bin") for each in sorted(Path("/usr/lib/postgresql").glob("*"), reverse=True)))


def program(name: str) -> str:
    """The path of a system program; the test that asks is left out, or fails, where it is missing."""
    found = shutil.which(name, path=os.pathsep.join((*FOLDERS, os.environ.get("PATH", ""))))
    if found is None:
        if os.environ.get("GALEON_REQUIRE_PROGRAMS"):
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"needs {name}")
    return found


def package(name: str) -> None:
    """A Python package of an extra; the test that asks is left out, or fails, where it is missing."""
    if find_spec(name) is None:
        if os.environ.get("GALEON_REQUIRE_PROGRAMS"):
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"needs {name}")
