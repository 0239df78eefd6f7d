"""The page of a line: the API's own answer on it, with what a page adds: ways to the form, the Mexican codes, the snippet."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from api.browse import links
from api.browse.cells import units_of
from api.browse.tree import Tree
from api.languages import LANGUAGES
from api.line_answer import COLUMNS, LineAnswers, LineOfDay
from api.wording import Wording
from calculator.tariff_line import TariffLine
from tariffs.records import Records

FRACCIONES = "mx/fracciones.csv"
# How the Mexican tariff writes that a good pays no export duty, or may not leave.
_EXPORT = {"Ex": "export_exempt", "Prohibida": "export_prohibited"}


class LinePages:
    """What the pages of lines of one book show."""

    def __init__(self, records: Records, tree: Tree, answers: LineAnswers) -> None:
        self._records, self._tree, self._answers = records, tree, answers
        self._fracciones: dict[str, list[tuple[str, ...]]] = {}
        for row in records.file(FRACCIONES).rows:
            self._fracciones.setdefault(row[1], []).append(row)
        self._subheadings = {row[0]: row[1] for row in records.file(FRACCIONES).rows}

    def subheading_of(self, fraccion: str) -> str:
        """The subheading of a Mexican code, "" for one that the table does not have."""
        return self._subheadings.get(fraccion, "")

    def shown(self, line: TariffLine, on: date, asked: date | None, wording: Wording, base: str) -> dict[str, Any]:
        """Everything of a line on a day. Raises NotInForce."""
        document = self._answers.whole(LineOfDay.of(self._records, line, on), wording, ())
        return {
            "line": document,
            "columns": [(wording.heading(kind.value), document["rates"][kind.value]) for kind in COLUMNS],
            **self.always(line, asked, wording, base),
            "titles": {each["id"]: self._title(each, wording.language) for each in document["citations"]},
        }

    def always(self, line: TariffLine, asked: date | None, wording: Wording, base: str) -> dict[str, Any]:
        """What there is of a line on every day."""
        code, language = line.hs_code, wording.language
        goods = self._records.products_of(code)
        return {
            "others": [(each, line.names[each]) for each in LANGUAGES if each != language and line.names[each]],
            "units": units_of(line.units, language),
            "quote": links.quote_this({"hs_code": code}, language, asked),
            "goods": [
                (each.names[language], links.quote_this({"product": each.slug}, language, asked)) for each in goods
            ],
            "snippet": links.snippet(base, code, line.units[0], language) if line.units else "",
            "fracciones": list(self._mexican(code[:6])),
            "beside": self._tree.beside(code),
        }

    def _mexican(self, subheading: str) -> Iterator[dict[str, str]]:
        for fraccion, _, name, unit, duty, source, confidence in self._fracciones.get(subheading, ()):
            told = {"code": f"{fraccion[:4]}.{fraccion[4:6]}.{fraccion[6:]}", "name": name, "unit": unit}
            yield {**told, "duty": duty, "said": _EXPORT.get(duty, ""), "source": source, "confidence": confidence}

    @staticmethod
    def _title(citation: dict[str, Any], language: str) -> str:
        return str((citation["title_zh"] if language == "zh" else "") or citation["title"])
