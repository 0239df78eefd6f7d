"""A real LibreOffice whose cells ask a server: the workbook lies in a folder that it trusts."""

import json
import os
import subprocess
from pathlib import Path
from uuid import uuid4

import pytest

from tests.office.calc import Sheets
from tests.programs import program

TRUSTED = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="SecureURL" oor:op="fuse"><value><it>{folder}</it></value></prop>
</item>
</oor:items>
"""
SCRIPT = Path(__file__).parent / "recalculate.py"


def asked(workbook: bytes, folder: Path, suffix: str = "xlsx") -> Sheets:
    """The cells of a workbook, after each has asked what it asks; in the profile of a user who trusts the folder."""
    office, python = program("soffice"), _python()
    given, profile, pipe = folder / "given", folder / "profile", f"galeon-{uuid4().hex}"
    for each in (given, profile / "user"):
        each.mkdir(parents=True)
    trusted = TRUSTED.format(folder=given.as_uri())
    (profile / "user" / "registrymodifications.xcu").write_text(trusted, encoding="utf-8")
    file = given / f"sheet.{suffix}"
    file.write_bytes(workbook)
    command = [office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo"]
    running = subprocess.Popen(
        [*command, f"--accept=pipe,name={pipe};urp;"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        told = subprocess.run(
            [python, str(SCRIPT), pipe, str(file)], check=False, capture_output=True, text=True, timeout=600
        )
        assert told.returncode == 0, told.stderr
        running.wait(timeout=60)
    finally:
        running.kill()
        running.wait()
    found: Sheets = json.loads(told.stdout)
    return found


def _python() -> str:
    """A Python that has LibreOffice's bridge; the test that asks is left out, or fails, where there is none."""
    for python in ("/usr/bin/python3", "/usr/lib/libreoffice/program/python", "/opt/libreoffice/program/python"):
        if (
            Path(python).exists()
            and not subprocess.run([python, "-c", "import uno"], check=False, capture_output=True).returncode
        ):
            return python
    if os.environ.get("GALEON_REQUIRE_PROGRAMS"):
        pytest.fail("python3-uno is not installed")
    pytest.skip("needs python3-uno")
