"""The schedule as a tree: a section, a chapter, a heading, a subheading, and what stands above and below each.

A node is called by its code: a Roman number, or 2, 4 or 6 digits. Names are those of the tables where there are any; where
a language has none, the English one stands in and says what language it is.
"""

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

from api.browse.sections import CHAPTERS_ZH, SECTIONS, Section, section_of
from api.languages import DEFAULT
from api.node_names import NodeNames
from tariffs.names import OURS
from tariffs.records import Records

CHAPTER, HEADING, SUBHEADING, LINE = 2, 4, 6, 8


@dataclass(frozen=True, slots=True)
class Named:
    """A code with its name in a language, or in the one that stands in for it."""

    code: str
    text: str
    language: str
    ours: bool
    lines: int = 0

    @property
    def dotted(self) -> str:
        """The code as people write it: 0804.40, 0804.40.00."""
        code = self.code
        if not code.isdigit():
            return code
        return ".".join(each for each in (code[:HEADING], code[HEADING:SUBHEADING], code[SUBHEADING:]) if each)


class Tree:
    """The tree of one book."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._names = NodeNames(records)

    @cached_property
    def chapters(self) -> tuple[str, ...]:
        """The chapters in which the schedule has lines."""
        return tuple(dict.fromkeys(code[:CHAPTER] for code in self._records.codes))

    def sections(self, language: str) -> list[Named]:
        """The sections that have lines."""
        return [self.section(each, language) for each in SECTIONS if self.chapters_of(each)]

    def section(self, section: Section, language: str) -> Named:
        """A section."""
        lines = sum(len(self.lines(each)) for each in self.chapters_of(section))
        return Named(section.number, section.names[language], language, True, lines)

    def chapters_of(self, section: Section) -> list[str]:
        """The codes of the chapters of a section that have lines."""
        return [each for each in self.chapters if section.holds(each)]

    def lines(self, code: str) -> tuple[str, ...]:
        """The codes of the lines under a node."""
        return self._names.under(code)

    def below(self, code: str) -> list[str]:
        """The codes of the next level under a chapter or heading."""
        return list(dict.fromkeys(each[: len(code) + 2] for each in self.lines(code)))

    def node(self, code: str, language: str) -> Named:
        """A chapter, heading or subheading."""
        names = self._names.of(code)
        count = len(self.lines(code))
        if language == "zh" and len(code) == CHAPTER and code in CHAPTERS_ZH:
            return Named(code, CHAPTERS_ZH[code], language, True, count)
        for each in (language, DEFAULT, "zh"):
            if found := names[each]:
                return Named(code, found["text"], each, found["origin"] == OURS, count)
        return Named(code, code, language, False, count)

    def line(self, hs_code: str, language: str) -> Named:
        """A line, by the name that search and quotes have for it."""
        line = self._records.line(hs_code)
        if line is None:
            raise KeyError(hs_code)
        for each in (language, DEFAULT, "zh"):
            if text := line.names[each]:
                return Named(hs_code, text, each, line.name_sources.get(each) == OURS, 1)
        return Named(hs_code, hs_code, language, False, 1)

    def short(self, hs_code: str, language: str) -> Named:
        """A line where its heading stands above it: the name of the subheading, or our own of the line."""
        line = self._records.line(hs_code)
        whole = self.line(hs_code, language)
        if language == "zh":
            return Named(hs_code, self._names.chinese(hs_code), "zh", False, 1)
        if line is not None and language == DEFAULT and whole.ours:
            return whole
        above = self.node(hs_code[:SUBHEADING], language)
        return whole if above.text == above.code else Named(hs_code, above.text, above.language, above.ours, 1)

    def chinese(self, hs_code: str) -> str:
        """What the schedule itself calls a line."""
        return self._names.chinese(hs_code)

    def above(self, code: str, language: str) -> list[Named]:
        """The section and the nodes above a chapter, heading, subheading or line, the highest first."""
        section = section_of(code[:CHAPTER])
        found = [self.section(section, language)] if section else []
        return [
            *found,
            *(self.node(code[:length], language) for length in (CHAPTER, HEADING, SUBHEADING) if length < len(code)),
        ]

    def beside(self, code: str) -> tuple[str, str]:
        """The line before and the line after, "" where there is none."""
        codes = self._records.codes
        at = bisect_left(codes, code)
        return codes[at - 1] if at else "", codes[at + 1] if at + 1 < len(codes) else ""
