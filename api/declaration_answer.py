"""The quote as the data that a declaration to China Customs asks for: a preparation aid, and never the declaration itself."""

from collections.abc import Iterator

from api.declaration_boxes import TO_FILL, Boxes
from api.declaration_goods import GoodsSheets, stated_lines
from api.declaration_header import header
from api.headings import HEADINGS
from api.line_figures import citation, sources
from api.wording import LANGUAGES, Wording
from api.writing import Json
from calculator.errors import Unpriceable
from calculator.plan import Remark
from calculator.quote import Quote
from calculator.way import CBEC_RETAIL, POSTAL_ARTICLES
from tariffs.declaration_codes import FILE as CODES
from tariffs.declaration_codes import DeclarationCodes
from tariffs.records import Records

FORM = "中华人民共和国海关进口货物报关单"


class Declarations:
    """Sheets from the tables of one book."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._codes = DeclarationCodes(records.file(CODES))
        self._goods = GoodsSheets(records)

    def sheet(self, quote: Quote, asked: object, language: str, id: str | None = None) -> Json:
        """The sheet of a quote; `asked` is the document of its request. Raises Unpriceable for what has no such form."""
        if quote.regime == POSTAL_ARTICLES:
            raise Unpriceable("not_declared_by_form", "/regime", (), regime=quote.regime)
        boxes = Boxes(Wording.of(language), self._codes)
        stated = stated_lines(asked)
        lines = [self._goods.line(quote, number, each, boxes) for number, each in enumerate(stated)]
        remarks = [Remark("box_by_list")] if quote.regime == CBEC_RETAIL else []
        document: Json = {
            "marks": {each: Wording.of(each).sentence(HEADINGS["declaration_mark"]) for each in LANGUAGES},
            "form": FORM,
            "quote": id,
            "declared_on": f"{quote.request.declared_on}",
            "regime": quote.regime,
            "incoterm": quote.request.incoterm.value,
            "language": boxes.language,
            "quote_release": quote.dossier.release,
            "release": self._records.release,
            "remarks": [boxes.told(each) for each in remarks],
            "header": header(quote, boxes),
            "goods": lines,
        }
        document["to_fill"] = sum(each["status"] == TO_FILL for each in all_boxes(document))
        document["citations"] = [citation(self._records.source(key)) for key in sorted(self._known(document))]
        return document

    def _known(self, document: Json) -> set[str]:
        """The documents that are cited and that these tables list; a kept quote may rest on others."""
        return sources([document["header"], document["goods"]]) & self._records.sources.keys()


def all_boxes(document: Json) -> Iterator[Json]:
    """Every box of a sheet: those of the header, then those of each line."""
    yield from document["header"].values()
    for line in document["goods"]:
        yield from line["boxes"].values()
