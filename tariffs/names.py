"""The names of a line in three languages, put together from the names of its subheading and heading.

The names of the subheadings of the Harmonized System often say only "the others"; the heading beside it tells others of
what. Where the project has an English name of its own for the eight digits, that is the better one.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from tariffs.tables import CsvTable

OFFICIAL, OURS = "official", "ours"
_SIGNS = re.compile(r"[\W_]+")


class Names:
    """Names by code: of chapters, headings and subheadings, and the project's own of single lines."""

    def __init__(self, names: CsvTable, line_names: CsvTable) -> None:
        self._names = {hs: (en, es, es_source) for hs, en, es, es_source in names.rows}
        self._lines = {hs_code: en for hs_code, en, _ in line_names.rows}

    def of(self, hs_code: str, name_zh: str, path_zh: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """The names of a line by language, and for each whether it is official or ours."""
        nothing = ("", "", OFFICIAL)
        subheading, heading = self._names.get(hs_code[:6], nothing), self._names.get(hs_code[:4], nothing)
        own = self._lines.get(hs_code, "")
        names = {
            "en": own or joined(subheading[0], heading[0]),
            "es": joined(subheading[1], heading[1]),
            "zh": joined(name_zh, path_zh.rpartition(" > ")[2], "（{}）"),
        }
        translated = OURS in (subheading[2], heading[2])
        origins = {"en": OURS if own else OFFICIAL, "es": OURS if translated else OFFICIAL, "zh": OFFICIAL}
        return MappingProxyType(names), MappingProxyType(origins)

    def called(self, hs: str) -> tuple[str, str]:
        """The name of a chapter, a heading or a subheading in English and in Spanish, "" where there is none."""
        return self._names.get(hs, ("", "", OFFICIAL))[:2]


def joined(name: str, wider: str, brackets: str = " ({})") -> str:
    """A name with the wider name in brackets, once where they say the same."""
    if not name or not wider or _bare(name) == _bare(wider):
        return name or wider
    return name + brackets.format(wider)


def _bare(name: str) -> str:
    return _SIGNS.sub("", name.casefold())
