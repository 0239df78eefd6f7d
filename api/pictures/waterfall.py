"""The landed cost as a waterfall: part upon part, from the price of the goods to the sum, each with its exact amount."""

from collections.abc import Iterator
from decimal import Decimal

from api.pictures.canvas import FONT, MARGIN, PATTERNS, WIDTH, Picture, fitted, tenths, words
from api.pictures.rows import BAR, HEIGHT, TOP, Row, Scale, drawn, foot, scale_of
from api.renderings.shown import Shown
from calculator.money import YUAN

KINDS = {
    "goods": "goods",
    "freight": "cost",
    "insurance": "cost",
    "origin_charges": "cost",
    "destination_charges": "cost",
    "payment_cost": "payment",
}
TITLE_SIZE = 17
FOOT = 16


def waterfall(quote: Shown, titled: bool = True) -> Picture:
    """The waterfall of a quote, in its language; without its title for a page that has it already."""
    rows = list(_rows(quote))
    range_ = quote.document["outcome"].get("range")
    ends = [Decimal(range_[end]["landed_cost"]["amount"]) for end in ("low", "high")] if range_ else []
    # A range without a width is no bracket.
    ends = ends if len(set(ends)) > 1 else []
    scale = scale_of(rows, ends)
    title = quote.said("quote_of", goods=quote.name)
    top = TOP if titled else 0
    parts = [_title(quote, title) if titled else "", drawn(rows, scale, top)]
    end = foot(rows, top) + FOOT
    if ends:
        parts.append(_range(ends, scale, foot(rows, top) - HEIGHT))
        parts.append(words(_between(quote, ends), WIDTH - MARGIN, end, "small end"))
        end += FOOT
    return Picture(title, _content(quote, rows), quote.language, end, "".join(parts), PATTERNS)


def _title(quote: Shown, title: str) -> str:
    room = WIDTH - 2 * MARGIN
    head = words(fitted(title, room, TITLE_SIZE), MARGIN, 30, "title")
    return head + words(fitted(" · ".join(_facts(quote)), room, FONT), MARGIN, 54, "faint")


def _between(quote: Shown, ends: list[Decimal]) -> str:
    low, high = (quote.figure(f"{each}") for each in ends)
    return f"{quote.said('between', low=low, high=high)} {YUAN}"


def _rows(quote: Shown) -> Iterator[Row]:
    upto = Decimal(0)
    for name in quote.parts:
        before, amount = upto, Decimal(quote.amount(name))
        upto += amount
        yield Row(quote.label(name), before, upto, quote.figure(f"{amount}"), KINDS.get(name, "tax"), upto)
    total = Decimal(quote.amount("landed_cost"))
    yield Row(quote.label("landed_cost"), Decimal(0), total, quote.figure(f"{total}"), "total", strong=True)


def _facts(quote: Shown) -> Iterator[str]:
    document = quote.document
    yield quote.label(document["regime"])
    yield quote.day(document["declared_on"])
    yield quote.said(document["outcome"]["status"])
    yield document["totals"]["landed_cost"]["currency"]


def _content(quote: Shown, rows: list[Row]) -> str:
    told = quote.said("separator").join(
        quote.said("part_of_it", label=row.label, amount=row.figure) for row in rows[:-1]
    )
    return quote.said("waterfall_content", parts=told, total=rows[-1].figure, currency=YUAN)


def _range(ends: list[Decimal], scale: Scale, y: int) -> str:
    """A bracket from the lower end to the higher, through the bar of the total."""
    low, high = (tenths(scale.at(each)) for each in ends)
    top, bottom = y + (HEIGHT - BAR) // 2 - 4, y + (HEIGHT + BAR) // 2 + 4
    return f'<path class="range" d="M{low} {top}V{bottom}H{high}V{top}"/>'
