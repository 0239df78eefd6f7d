"""How a code leads to lines of the Chinese tariff: by the six digits that all countries share, and where nothing stands there.

No table says which line took the place of another, so none is invented: a line of its own subheading that is divided today is
told apart from a subheading that the schedule lacks, of which the lines that bear its name, or else its heading, are named.
"""

from calculator.errors import Unpriceable
from calculator.fracciones import FRACCION, dotted
from calculator.goods import Product
from calculator.request import GoodsLine
from calculator.tariff_line import SUBHEADING
from tariffs.folding import STOP_WORDS, folded, words
from tariffs.records import Records

HEADING, LINE = 4, 8
# The languages of the names of subheadings; those that China no longer has are often called in one of them alone.
NAMED = ("en", "es")
# A line that is the whole of its subheading ends so.
UNDIVIDED = "00"
# The refusals that name lines of which one is to be chosen.
GONE = frozenset({"subheading_gone", "subheading_not_there"})
TO_CHOOSE = GONE | {"ambiguous_code", "code_needed", "line_divided"}


def not_there(records: Records, digits: str, pointer: str) -> Unpriceable:
    """The refusal of a code of six or eight digits under which the schedule has nothing, with what stands there today."""
    subheading = digits[:SUBHEADING]
    under = records.under(subheading)
    if under and len(digits) == LINE and digits.endswith(UNDIVIDED):
        return Unpriceable("line_divided", pointer, under, hs_code=digits, subheading=dotted(subheading))
    heading = records.under(subheading[:HEADING])
    if under or not heading or len(digits) < SUBHEADING:
        return Unpriceable("unknown_hs_code", pointer, records.nearest_codes(digits), hs_code=digits)
    facts = {"subheading": dotted(subheading), "heading": subheading[:HEADING]}
    name = {language: said for language, said in zip(NAMED, records.called(subheading), strict=True) if said}
    alike = _of_that_name(records, subheading, heading)
    if alike:
        return Unpriceable("subheading_gone", pointer, alike, name=name, **facts)
    return Unpriceable("subheading_not_there", pointer, heading, name=name, **facts)


def led(records: Records, fraccion: str, pointer: str) -> tuple[str, ...]:
    """The lines that a Mexican code leads to, by its first six digits. Raises Unpriceable where it leads nowhere."""
    if records.fracciones.of(fraccion) is None and records.fracciones.holds(fraccion):
        nearest = map(dotted, records.fracciones.nearest(fraccion))
        raise Unpriceable("unknown_fraccion", pointer, nearest, fraccion=dotted(fraccion[:FRACCION]))
    under = records.under(fraccion[:SUBHEADING])
    if not under:
        refusal = not_there(records, fraccion[:SUBHEADING], pointer)
        if refusal.code == "unknown_hs_code":
            nearest = map(dotted, records.fracciones.nearest(fraccion))
            raise Unpriceable("unknown_fraccion", pointer, nearest, fraccion=dotted(fraccion[:FRACCION]))
        raise refusal
    return under


def agreed(records: Records, line: GoodsLine, product: Product | None, pointer: str) -> str:
    """The Chinese code of a line of goods with a fracción: a line, or the subheading of which one is still to be found.

    Raises Unpriceable where the fracción leads nowhere, or elsewhere than the code or the product beside it.
    """
    where, stated = f"{pointer}/fraccion", line.hs_code or (product.hs_code if product is not None else "")
    try:
        under = led(records, line.fraccion, where)
    except Unpriceable as refusal:
        # Whoever has chosen one of the lines that a lost subheading names keeps the code of the exporter beside it.
        if refusal.code in GONE and stated in refusal.allowed:
            return stated
        raise
    subheading = line.fraccion[:SUBHEADING]
    own = stated or (product.subheading if product is not None else subheading)
    if own[:SUBHEADING] != subheading:
        other = line.hs_code or line.product
        raise Unpriceable("fraccion_disagrees", where, under, fraccion=dotted(line.fraccion[:FRACCION]), other=other)
    return stated or subheading


def _of_that_name(records: Records, subheading: str, heading: tuple[str, ...]) -> tuple[str, ...]:
    """The lines of a heading whose subheadings are called as a lost one is: all words of its name stand in theirs."""
    told = [_words(name) for name in records.called(subheading)]
    if not any(told):
        return ()
    names = {code: [_words(name) for name in records.called(code[:SUBHEADING])] for code in heading}
    return tuple(
        code for code in heading if any(mine and mine <= theirs for mine, theirs in zip(told, names[code], strict=True))
    )


def _words(name: str) -> set[str]:
    return {word for word in words(folded(name)) if word not in STOP_WORDS}
