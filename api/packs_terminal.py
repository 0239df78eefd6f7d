"""What the commands of data releases say, in a terminal and as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.text import Text

from api.headings import HEADINGS
from api.rehearsal_answer import AFTER, BEFORE, print_rehearsal
from api.rehearsal_requests import CONSIGNMENT
from api.tables_terminal import difference_document, print_differences, wide_console
from api.wording import Wording
from api.writing import Json
from tariffs.difference import Difference
from tariffs.installed import names, serving, whole
from tariffs.release import sealed


@dataclass(frozen=True, slots=True)
class Told:
    """What a release does to the goods of the tables and to stored quotes; `quotes` is None where none are looked at.

    `limit` is how many of them are, at most.
    """

    old: str
    release: str
    goods: Json
    quotes: Json | None
    limit: int


def print_update(told: Told, changed: Sequence[Difference], language: str, whole_list: bool) -> None:
    """What a release changes: its lines, what its goods cost, and what stored quotes would."""
    out = wide_console()
    out.print(f"{told.release} over {told.old}")
    print_differences(changed, whole_list)
    facts = {"consignment": CONSIGNMENT, "day": told.goods["on"], "count": told.limit}
    for heading, document in (("release_goods", told.goods), ("release_quotes", told.quotes)):
        if document is not None:
            out.print(Text(Wording.of(language).sentence(HEADINGS[heading]).format(**facts)))
            print_rehearsal(document, language, whole_list, (BEFORE, AFTER))


def update_document(told: Told, changed: Sequence[Difference], installed: bool) -> Json:
    """The same as JSON."""
    return {
        "old": told.old,
        "release": told.release,
        "installed": installed,
        "differences": [difference_document(each) for each in changed],
        "goods": {"consignment": CONSIGNMENT, **told.goods},
        "quotes": None if told.quotes is None else {"limit": told.limit, **told.quotes},
    }


def releases_document(folder: Path | None) -> dict[str, Any]:
    """The releases that are here, the package's first, and which serves."""
    now = serving(folder)
    listed = [{"release": sealed().release, "where": "package", "serves": not now.installed, "damaged": None}]
    for name in names(folder):
        assert folder is not None
        wrong = whole(folder, name)
        serves = now.installed and now.release == name
        damaged = None if wrong is None else wrong.text
        listed.append({"release": name, "where": f"{folder / name}", "serves": serves, "damaged": damaged})
    told = {"folder": folder and f"{folder}", "serving": now.release, "releases": listed}
    return {
        **told,
        "objection": None if now.objection is None else objection_document(now.objection),
        "note": now.note or None,
    }


def objection_document(objection: Any) -> dict[str, str]:
    """Why the release that is meant to serve does not."""
    return {"code": objection.code, "text": objection.text}


def print_releases(document: dict[str, Any]) -> None:
    """The releases, one a line."""
    out = wide_console()
    for each in document["releases"]:
        mark = "*" if each["serves"] else " "
        out.print(Text(f"{mark} {each['release']}  {each['where']}{'  ' + each['damaged'] if each['damaged'] else ''}"))
    for told in (document["objection"] and document["objection"]["text"], document["note"]):
        if told:
            out.print(Text(told))
