"""A fault planted into a copy of the real tables, and what the lint says of it."""

from collections.abc import Callable, Iterable
from importlib.resources import files
from pathlib import Path
from shutil import copytree

from tariffs.checks import check
from tariffs.findings import Finding
from tariffs.records import Records


def findings_after(
    folder: Path, file: str, old: str, new: str, look: Callable[[Records], Iterable[Finding]] = check
) -> list[Finding]:
    """What `look` finds over the tables with the first `old` of a file replaced by `new`; the text has to be there."""
    root = folder / "data"
    copytree(str(files("tariffs") / "data"), root)
    text = (root / file).read_text(encoding="utf-8")
    assert old in text
    (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return list(look(Records(root)))
