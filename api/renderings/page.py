"""A quote as one page that prints on A4: the picture, the goods, every step with its law, the rates, the remarks.

The page is whole in itself: no script, nothing from elsewhere, one style sheet that the policy of the page names by its
hash. Whatever a quote holds is escaped by the template; the pictures escape their own texts.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache, partial
from importlib.resources import files
from typing import NamedTuple

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from api.pictures import canvas
from api.pictures.bars import payments, regimes
from api.pictures.tornado import open_figures
from api.pictures.waterfall import waterfall
from api.renderings.shown import BESIDE, Json, Shown
from api.renderings.told import between, cited, documents, head, remarks, verified
from api.security import picture_policy

SEPARATOR = " · "


class Page(NamedTuple):
    """A page, and the policy under which a browser shows all of it and nothing else."""

    body: bytes
    policy: str


def page(quote: Shown) -> Page:
    """The whole quote as HTML."""
    document = quote.document
    style = _style()
    body = _template().render(
        quote=quote,
        style=Markup(style),
        patterns=Markup(canvas.PATTERNS),
        said=quote.said,
        label=quote.label,
        figure=quote.figure,
        money=lambda amount: f"{quote.figure(amount['amount'])} {amount['currency']}",
        totals=document["totals"],
        between=between(quote),
        beside=[*BESIDE, *(["landed_cost_net_of_vat"] if _vat_comes_back(quote) else [])],
        goods=document["goods"],
        head=list(head(quote)),
        corrected=quote.corrections,
        waterfall=Markup(waterfall(quote, titled=False).inline("waterfall")),
        compared=list(_compared(quote)),
        remarks=partial(remarks, quote),
        groups=_groups(quote),
        origin=partial(_origin, quote),
        law=partial(_law, quote),
        fx=document["rates"]["fx"],
        tables=document["rates"]["tables"],
        documents=documents(quote),
        verified=verified(quote),
    )
    return Page(body.encode(), f"{picture_policy(style)}; base-uri 'none'; form-action 'none'")


@lru_cache(maxsize=1)
def _template() -> Template:
    made = Environment(autoescape=True, undefined=StrictUndefined)
    return made.from_string(files("api.renderings").joinpath("page.html").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _style() -> str:
    return files("api.renderings").joinpath("page.css").read_text(encoding="utf-8") + canvas.STYLE


def _vat_comes_back(quote: Shown) -> bool:
    return quote.amount("landed_cost_net_of_vat") != quote.amount("landed_cost")


def _compared(quote: Shown) -> Iterator[tuple[str, Markup]]:
    found = {"open_figures": open_figures(quote), "regimes": regimes(quote), "payment_options": payments(quote)}
    for name, picture in found.items():
        if picture is not None:
            yield quote.said(name), Markup(picture.inline(name))


def _groups(quote: Shown) -> list[tuple[str, list[Json]]]:
    """The steps of the consignment before those of each line; of a single line all together, as they were taken."""
    steps = list(quote.listed("steps"))
    if len(quote.document["goods"]) == 1:
        return [("", steps)]
    found: dict[str, list[Json]] = defaultdict(list)
    for step in steps:
        found[quote.line(step["goods"])].append(step)
    return sorted(found.items(), key=lambda each: int(each[0] or 0))


def _origin(quote: Shown, entry: Json) -> str:
    """Where an input was taken from, if not from a step above: the field or the table, with the document and its day."""
    if entry["from"].startswith("step:"):
        return ""
    letter = entry["confidence"]
    told = [quote.origin(entry["from"]), entry["source"], entry["date"], letter if letter != "user" else None]
    return SEPARATOR.join(each for each in told if each)


def _law(quote: Shown, step: Json) -> str:
    """To whom and when an amount is paid, and the law behind it."""
    return SEPARATOR.join(each for each in (quote.payee(step["payee"]), step["due"], cited(step["citations"])) if each)
