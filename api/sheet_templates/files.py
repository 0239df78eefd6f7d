"""The files that spreadsheets are given, each for one server in one language: their names, kinds, and how they are made."""

import json
import re
from collections.abc import Sequence
from importlib.resources import files

from api.cells import AMOUNTS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# By name, the kind of each.
KINDS = {"galeon.xlsx": XLSX, "galeon.gs": "text/plain", "galeon.pq": "text/plain"}
# What may stand in a formula and in a script as the address of a server.
SERVER = re.compile(r"https?://[A-Za-z0-9.:\[\]-]{1,255}(/[A-Za-z0-9./_-]*[A-Za-z0-9_-])?")


def sheet_file(name: str, server: str, language: str) -> bytes:
    """A file of KINDS for a server, whose address SERVER matches."""
    if name.endswith(".xlsx"):
        from api.sheet_templates.workbook import workbook

        return workbook(server, language)
    from api.batches.results import RESULTS

    written = files("api.sheet_templates").joinpath(name).read_text(encoding="utf-8")
    for place, text in (("server", server), ("numbers", _listed(AMOUNTS)), ("results", _listed(RESULTS))):
        written = written.replace(f"{{{{{place}}}}}", text)
    return written.encode()


def _listed(names: Sequence[str]) -> str:
    return json.dumps(names).strip("[]")
