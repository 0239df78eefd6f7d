"""The landed cost as a waterfall: part upon part, from the price of the goods to the sum, each with its exact amount."""

from collections.abc import Iterator
from decimal import Decimal

from api.pictures.canvas import FONT, MARGIN, PATTERNS, WIDTH, Picture, fitted, tenths, words
from api.pictures.rows import BAR, HEIGHT, Row, Scale, drawn, foot, scale_of
from api.renderings.shown import Shown

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


def waterfall(quote: Shown) -> Picture:
    """The waterfall of a quote, in its language."""
    rows = list(_rows(quote))
    range_ = quote.document["outcome"].get("range")
    ends = [Decimal(range_[end]["landed_cost"]["amount"]) for end in ("low", "high")] if range_ else []
    scale = scale_of(rows, ends)
    title = quote.said("quote_of", goods=quote.name)
    total, currency = quote.document["totals"]["landed_cost"].values()
    below = f"{quote.figure(total)} {currency}"
    height = foot(rows) + FOOT
    parts = [
        words(fitted(title, WIDTH - 2 * MARGIN, TITLE_SIZE), MARGIN, 30, "title"),
        words(fitted(" · ".join(_facts(quote)), WIDTH - 2 * MARGIN, FONT), MARGIN, 54, "faint"),
        drawn(rows, scale),
    ]
    content = _content(quote, rows, below)
    if ends:
        said = quote.said("between", low=quote.figure(f"{ends[0]}"), high=quote.figure(f"{ends[1]}"))
        parts.append(
            _range(ends, scale, foot(rows) - HEIGHT)
            + words(f"{said} {currency}", WIDTH - MARGIN, height + 4, "small end")
        )
        height += 18
    return Picture(title, content, quote.language, height, "".join(parts), PATTERNS)


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


def _content(quote: Shown, rows: list[Row], total: str) -> str:
    told = "; ".join(quote.said("part_of_it", label=row.label, amount=row.figure) for row in rows[:-1])
    amount, _, currency = total.rpartition(" ")
    return quote.said("waterfall_content", parts=told, total=amount, currency=currency)


def _range(ends: list[Decimal], scale: Scale, y: int) -> str:
    """A bracket from the lower end to the higher, through the bar of the total."""
    low, high = (tenths(scale.at(each)) for each in ends)
    top, bottom = y + (HEIGHT - BAR) // 2 - 4, y + (HEIGHT + BAR) // 2 + 4
    return f'<path class="range" d="M{low} {top}V{bottom}H{high}V{top}"/>'
