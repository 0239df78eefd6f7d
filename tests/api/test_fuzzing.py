"""Schemathesis runs all its checks over a running server: nothing undocumented, nothing that the specification denies.

The requests are the same on every run. `make fuzz` draws others, and as many as GALEON_FUZZ says (300 for each operation).
"""

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

from tests.servers import Serving

HERE = Path(__file__).parent / "fuzzing"
USUAL = 25


@pytest.mark.slow
def test_generated_requests_find_no_lie_in_the_specification(tmp_path: Path):
    drawn = os.environ.get("GALEON_FUZZ")
    config = tmp_path / "schemathesis.toml"
    shutil.copy(HERE / "schemathesis.toml", config)
    if drawn:
        config.write_text(config.read_text().replace("deterministic = true", "deterministic = false"))
    program = Path(sysconfig.get_path("scripts")) / "schemathesis"
    with Serving(f"sqlite:///{tmp_path / 'quotes.sqlite3'}") as server:
        command = [str(program), "--config-file", str(config), "--no-color", "run", f"{server.base}/openapi.json"]
        command += ["--checks", "all", "--continue-on-failure", "--max-examples", drawn or str(USUAL)]
        environment = {**os.environ, "SCHEMATHESIS_HOOKS": str(HERE / "hooks.py")}
        told = subprocess.run(command, check=False, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "Stateful" in told.stdout
