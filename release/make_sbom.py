#!/usr/bin/env python3
"""A bill of materials (CycloneDX 1.6, JSON) of a server's packages, from the lock file with its hashes.

    python release/make_sbom.py [FILE]          dist/galeon.cdx.json, where none is named

It is made and checked by CycloneDX's own tool, needs no network, and is the same every time. A lock file does not say what needs
what, so the bill has no graph of it; the tool's warning of that is left out.
"""

import json
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements-server.txt"


def make(target: Path, lock: Path = LOCK) -> None:
    """Write the bill of what a lock file names. Raises CalledProcessError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        # The tool reads what the bill is of from a pyproject.toml; ours is in setup.cfg.
        about = Path(folder) / "pyproject.toml"
        about.write_text(_about(), encoding="utf-8")
        options = ["--pyproject", f"{about}", "--mc-type", "application", "--sv", "1.6", "--of", "JSON"]
        quiet = ["-W", "ignore::UserWarning:cyclonedx.model.bom"]
        command = [sys.executable, *quiet, "-m", "cyclonedx_py", "requirements", *options]
        subprocess.run([*command, "--output-reproducible", "--validate", "-o", f"{target}", f"{lock}"], check=True)


def _about() -> str:
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    facts = {name: setup["metadata"][name] for name in ("name", "version", "description")}
    # JSON's texts are TOML's.
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in facts.items()]
    return "\n".join(["[project]", *lines, f'license = {{ text = "{setup["metadata"]["license"]}" }}', ""])


if __name__ == "__main__":
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist" / "galeon.cdx.json"
    make(file)
    print(file)
