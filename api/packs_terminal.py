"""What the commands of data releases say, in a terminal and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.text import Text

from api.release_effects import CONSIGNMENT, Effect
from api.tables_terminal import SHOWN, difference_document, headed_table, print_differences, wide_console
from tariffs.difference import Difference
from tariffs.installed import names, serving, whole
from tariffs.release import sealed


def print_update(
    old: str, new: str, changed: Sequence[Difference], goods: Sequence[Effect], on: date, whole_list: bool
) -> None:
    """What a release changes: its lines, and what its goods cost."""
    out = wide_console()
    out.print(f"{new} over {old}")
    print_differences(changed, whole_list)
    moved = [each for each in goods if each.changed]
    if moved:
        told = headed_table("Good", "Before, CNY", "After, CNY", "Difference")
        for each in moved if whole_list else moved[:SHOWN]:
            cells = (each.product, _cell(each.before, each.before_refused), _cell(each.after, each.after_refused))
            told.add_row(*(Text(cell) for cell in (*cells, _difference(each))))
        out.print(f"Landed cost of {CONSIGNMENT}, declared on {on}:")
        out.print(told)
    out.print(f"{len(moved)} of {len(goods)} goods cost something else on {on} ({CONSIGNMENT})")


def update_document(
    old: str, new: str, changed: Sequence[Difference], goods: Sequence[Effect], on: date, installed: bool
) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "old": old,
        "release": new,
        "installed": installed,
        "differences": [difference_document(each) for each in changed],
        "goods": {
            "consignment": CONSIGNMENT,
            "declared_on": f"{on}",
            "changed": [_effect_document(each) for each in goods if each.changed],
            "unchanged": sum(not each.changed for each in goods),
        },
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


def _effect_document(each: Effect) -> dict[str, Any]:
    document = asdict(each)
    for name in ("before", "after"):
        document[name] = None if document[name] is None else f"{document[name]}"
        document[f"{name}_refused"] = document[f"{name}_refused"] or None
    return document


def _cell(amount: Decimal | None, refused: str) -> str:
    return refused if amount is None else f"{amount}"


def _difference(each: Effect) -> str:
    if each.before is None or each.after is None:
        return ""
    return f"{each.after - each.before:+}"
