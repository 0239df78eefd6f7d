"""What chapters, headings and subheadings are called, each name with whether it is official or ours.

English and Spanish stand in a table. The Chinese name of a heading or subheading is read off the paths of the lines under it,
and is only told where these agree.
"""

from bisect import bisect_left
from typing import Any

from tariffs.names import OFFICIAL, OURS
from tariffs.records import Records

Document = dict[str, Any]
_BETWEEN = " > "
HEADING = 4


class NodeNames:
    """The names of one book."""

    def __init__(self, records: Records) -> None:
        self._codes = records.codes
        self._names = {hs: (en, es, origin) for hs, en, es, origin in records.file("cn/names.csv").rows}
        self._chinese = {raw[0]: (raw[1], raw[2]) for raw in records.file("cn/tariff_lines.csv").rows}

    def under(self, hs: str) -> tuple[str, ...]:
        """The codes of the lines under a code of fewer digits, in their order."""
        return self._codes[bisect_left(self._codes, hs) : bisect_left(self._codes, hs + ":")]

    def of(self, hs: str) -> dict[str, Document | None]:
        """The names of a heading or subheading by language, None where there is none."""
        en, es, origin = self._names.get(hs, ("", "", OFFICIAL))
        return {
            "en": named(en, OFFICIAL),
            "es": named(es, OURS if origin == OURS else OFFICIAL),
            "zh": named(self._of_lines(hs) if len(hs) >= HEADING else "", OFFICIAL),
        }

    def chinese(self, hs_code: str) -> str:
        """What the schedule itself calls a line, without the names above it."""
        return self._chinese[hs_code][0]

    def _of_lines(self, hs: str) -> str:
        codes = self.under(hs)
        paths = [[part for part in self._chinese[code][1].split(_BETWEEN) if part] for code in codes]
        if not paths:
            return ""
        if len(hs) == HEADING:
            first = {path[0] if path else "" for path in paths}
            return first.pop() if len(first) == 1 else ""
        if len(codes) == 1:
            return self.chinese(codes[0])
        shared = [parts[0] for parts in zip(*paths, strict=False) if len(set(parts)) == 1]
        return shared[-1] if len(shared) > 1 else ""


def named(text: str, origin: str) -> Document | None:
    """A name and whether it is official or ours, None where there is none."""
    return {"text": text, "origin": origin} if text else None
