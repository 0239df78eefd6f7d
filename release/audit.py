#!/usr/bin/env python3
"""Known vulnerabilities of the locked packages, by pip-audit.

    python release/audit.py [LOCK...]          every lock file, where none is named

Exit code 0: none is known; or nothing could be asked, which is said. 1: some are known; or nothing could be asked and
GALEON_REQUIRE_AUDIT is set. The lists of PyPI are asked, and where they cannot be had those of OSV.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LISTS = ("pypi", "osv")


@dataclass(frozen=True, slots=True)
class Audit:
    """What is known of the packages of a lock file: those that were asked about, those that were not, and what was found."""

    asked: int
    unknown: tuple[str, ...]
    found: tuple[str, ...]


def audited(lock: Path, source: str) -> Audit | None:
    """Ask one of the lists; None where it cannot be had."""
    options = ["--disable-pip", "--require-hashes", "--progress-spinner", "off", "--timeout", "20", "--format", "json"]
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--vulnerability-service",
        source,
        *options,
        "--requirement",
        f"{lock}",
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return read(done.stdout)


def read(told: str) -> Audit | None:
    """What pip-audit told; None where it told nothing, or of no package at all."""
    try:
        each: list[dict[str, Any]] = json.loads(told)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return None
    unknown = tuple(package["name"] for package in each if "skip_reason" in package)
    found = tuple(
        f"{package['name']} {package['version']}: {known['id']}, mended in {', '.join(known['fix_versions']) or 'no version'}"
        for package in each
        for known in package.get("vulns", ())
    )
    return Audit(len(each) - len(unknown), unknown, found) if len(each) > len(unknown) else None


def main(locks: list[Path], required: bool) -> int:
    """Ask about every lock file and say what came of it."""
    bad = False
    for lock in locks:
        audit = next((found for source in LISTS if (found := audited(lock, source)) is not None), None)
        if audit is None:
            print(f"NOT AUDITED {lock.name}: no list of known vulnerabilities can be had here")
            bad |= required
            continue
        for each in audit.found:
            print(f"{lock.name}: {each}")
        left = f", nothing could be asked of {', '.join(audit.unknown)}" if audit.unknown else ""
        print(f"{lock.name}: {len(audit.found)} known vulnerabilities in {audit.asked} packages{left}")
        bad |= bool(audit.found)
    return 1 if bad else 0


if __name__ == "__main__":
    named = [Path(each) for each in sys.argv[1:]] or sorted(ROOT.glob("requirements*.txt"))
    sys.exit(main(named, bool(os.environ.get("GALEON_REQUIRE_AUDIT"))))
