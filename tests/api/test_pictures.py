"""The pictures of a quote: nothing leaves the frame, no words overlap, bars add up, and who cannot see them is told."""

import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from api.languages import LANGUAGES
from api.pictures.bars import Choice, comparison, regimes
from api.pictures.canvas import MARGIN, STYLE, WIDTH, Picture, fitted, folded_lines, width_of
from api.pictures.rows import GAP, LABELS
from api.pictures.tornado import Swing, open_figures, tornado
from api.pictures.waterfall import waterfall
from api.renderings.shown import PARTS
from tests.quoted import CASES, composed, quoted, request_of, shown, with_texts

SVG = "{http://www.w3.org/2000/svg}"
GOLDEN = Path(__file__).parent / "pictures"
TENTH = 0.1
# A golden case that leaves something open.
OPEN = "avocado-40rh-planning-freight"
AMOUNTS = st.decimals(Decimal("-1e6"), Decimal("1e14"), places=2).map(lambda each: f"{each:f}")
SIZES = st.one_of(AMOUNTS, st.sampled_from(["0.00", "0.01", "-0.01", "99999999999999999999999999999999999999.99"]))
COMPOSED = st.dictionaries(st.sampled_from(PARTS), SIZES, max_size=len(PARTS))
WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300)


def drawn(picture: Picture) -> ElementTree.Element:
    return ElementTree.fromstring(picture.svg())


def bars(svg: ElementTree.Element) -> list[tuple[float, float]]:
    """The ends of each bar."""
    found = [each for each in svg.iter(f"{SVG}rect") if "bar" in each.get("class", "")]
    places = [(float(each.get("x", "")), float(each.get("width", ""))) for each in found]
    return [(left, left + width) for left, width in places]


def texts(svg: ElementTree.Element) -> list[tuple[float, float, str, str]]:
    """Each line of text: its place, its class, what it says."""
    found = svg.iter(f"{SVG}text")
    return [
        (float(each.get("x", "")), float(each.get("y", "")), each.get("class", ""), each.text or "") for each in found
    ]


@settings(deadline=None)
@given(COMPOSED)
def test_bars_add_up_and_nothing_leaves_the_frame(amounts: dict[str, str]) -> None:
    quote = shown(composed(amounts))
    svg = drawn(waterfall(quote))
    height = float(svg.get("viewBox", "").split()[3])
    found = bars(svg)
    values = [Decimal(quote.amount(name)) for name in quote.parts]
    ends = [sum(values[: number + 1], Decimal(0)) for number in range(len(values))]
    low, high = min(Decimal(0), *ends), max(Decimal(0), *ends)
    right = max(each[1] for each in found)
    left = MARGIN + LABELS + GAP
    for start, end in found:
        assert left - TENTH <= start <= end <= WIDTH - MARGIN
    if high > low:
        scale = (right - left) / float(high - low) if high > 0 else None
        for (start, end), upto, value in zip(found[:-1], ends, values, strict=True):
            if scale is not None:
                assert abs((end - start) - abs(float(value)) * scale) <= 3 * TENTH
                assert abs(min(start, end) - left - float(min(upto, upto - value) - low) * scale) <= 3 * TENTH
    assert all(0 < y <= height for _, y, _, _ in texts(svg))


@settings(deadline=None)
@given(COMPOSED)
def test_no_words_share_a_place(amounts: dict[str, str]) -> None:
    """Labels, bars and figures have columns of their own; lines of one column stand a line apart."""
    svg = drawn(waterfall(shown(composed(amounts))))
    found = bars(svg)
    rows = [each for each in texts(svg) if "title" not in each[2] and "faint" not in each[2]]
    labels = [each for each in rows if "end" not in each[2]]
    figures = [each for each in rows if "figure" in each[2]]
    for x, _, kind, text in labels:
        assert x + width_of(text) <= min(each[0] for each in found) or "small" in kind
    for x, _, _, text in figures:
        assert x == WIDTH - MARGIN
        assert x - min(float(width_of(text)), 380.0) >= max(each[1] for each in found)
    for column in (labels, figures):
        places = sorted(each[1] for each in column)
        assert all(after - before >= 15 for before, after in pairwise(places))


@settings(deadline=None)
@given(WORDS, st.floats(40, 800))
def test_words_are_cut_to_their_room(text: str, room: float) -> None:
    assert width_of(fitted(text, room)) <= room
    lines = list(folded_lines(text, room, 2))
    assert 1 <= len(lines) <= 2
    assert all(width_of(each) <= room for each in lines)
    if width_of(text) <= room:
        assert lines == [text]


@settings(deadline=None)
@given(COMPOSED)
def test_figures_are_never_rounded(amounts: dict[str, str]) -> None:
    quote = shown(composed(amounts))
    said = {text.replace(",", "") for _, _, kind, text in texts(drawn(waterfall(quote))) if "figure" in kind}
    assert {quote.amount(name) for name in quote.parts} | {quote.amount("landed_cost")} == said


@settings(deadline=None)
@given(WORDS)
def test_hostile_words_stay_words(text: str) -> None:
    document = composed({"goods": "100.00", "vat": "13.00"})
    svg = drawn(waterfall(shown(with_texts(document, f"{text}<script>alert(1)</script>\"'&"))))
    assert {each.tag for each in svg.iter()} == {
        f"{SVG}{name}"
        for name in ("svg", "title", "desc", "style", "rect", "text", "defs", "pattern", "path", "circle", "g")
    }
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069]", "".join(svg.itertext()))


@settings(deadline=None)
@given(st.lists(st.tuples(WORDS, st.none() | SIZES, st.booleans()), min_size=1, max_size=12))
def test_comparisons_fit_too(choices: list[tuple[str, str | None, bool]]) -> None:
    quote = shown(composed({"goods": "1.00"}))
    listed = [
        Choice(label, None if cost is None else {"amount": cost, "currency": "CNY"}, "closed", chosen)
        for label, cost, chosen in choices
    ]
    svg = drawn(comparison(quote, "title", listed))
    assert len(bars(svg)) == sum(cost is not None for _, cost, _ in choices)
    assert all(MARGIN + LABELS + GAP - TENTH <= start <= end <= WIDTH - MARGIN for start, end in bars(svg))


@settings(deadline=None)
@given(st.lists(st.tuples(WORDS, SIZES, SIZES), min_size=1, max_size=12))
def test_a_tornado_is_widest_at_the_top_and_fits(causes: list[tuple[str, str, str]]) -> None:
    quote = shown(composed({"goods": "1.00"}))
    swings = [Swing(label, *sorted((Decimal(one), Decimal(other)))) for label, one, other in causes]
    found = bars(drawn(tornado(quote, "title", swings)))
    assert len(found) == len(swings)
    assert all(MARGIN + LABELS + GAP - TENTH <= start <= end <= WIDTH - MARGIN for start, end in found)
    widths = [end - start for start, end in found]
    assert all(after <= before + 3 * TENTH for before, after in pairwise(widths))


def test_a_tornado_by_hand() -> None:
    """From -300 to 100 are 400: the bars begin and end at quarters of the room between the labels and the figures."""
    quote = shown(composed({"goods": "1.00"}))
    swings = [
        Swing("Freight", Decimal("0.00"), Decimal("100.00")),
        Swing("Duty", Decimal("-300.00"), Decimal("100.00")),
    ]
    svg = drawn(tornado(quote, "title", swings))
    labels = [text for _, _, kind, text in texts(svg) if "end" not in kind]
    figures = [text for _, _, kind, text in texts(svg) if "end" in kind]
    assert labels == ["Duty", "Freight"]
    assert figures == ["\N{MINUS SIGN}300.00 / +100.00 CNY", "+100.00 CNY"]
    (left, right), (start, end) = bars(svg)
    assert left == MARGIN + LABELS + GAP
    assert end == right
    assert abs((right - left) * 0.75 - (start - left)) <= TENTH


def test_what_is_open_takes_something_off(client: FlaskClient) -> None:
    """The causes of the range of a quote, each by its width; a quote without a range has no such picture."""
    assert open_figures(shown(composed({"goods": "1.00"}))) is None
    case = next(each for each in CASES if each.stem == OPEN)
    document = quoted(client, request_of(case))
    sources = document["outcome"]["range"]["sources"]
    assert len(sources) > 0
    picture = open_figures(shown(document))
    assert picture is not None
    said = drawn(picture).findtext(f"{SVG}desc") or ""
    for each in sources:
        assert f"\N{MINUS SIGN}{Decimal(each['width']['amount']):,.2f} CNY" in said


@pytest.mark.parametrize(
    ("language", "title", "content"),
    [
        (
            "en",
            "Landed cost in China: Avocados",
            "Goods: 270,512.00; Freight: 6,762.80; Customs duty: 20,162.73; Import VAT",
        ),
        (
            "es",
            "Costo puesto en China: Aguacates",
            "Mercancías: 270,512.00; Flete: 6,762.80; Arancel: 20,162.73; IVA de",
        ),
        ("zh", "到岸总成本（中国）：", "货物：270,512.00；运费：6,762.80；关税：20,162.73；进口环节增值税"),
    ],
)
def test_what_a_picture_says_to_who_cannot_see_it(language: str, title: str, content: str, client: FlaskClient) -> None:
    """The amounts are those of the golden case two-lines-share-freight."""
    case = next(each for each in CASES if each.stem == "two-lines-share-freight")
    svg = drawn(waterfall(shown(quoted(client, request_of(case, language)), language)))
    assert svg.get("role") == "img"
    named = svg.get("aria-labelledby", "").split()
    assert [each.get("id") for each in (svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")) if each is not None] == named
    assert (svg.findtext(f"{SVG}title") or "").startswith(title)
    said = svg.findtext(f"{SVG}desc") or ""
    assert said.startswith(content)
    assert "327,285.32" in said
    assert svg.get("lang") == language


def test_kinds_are_told_apart_without_colour(client: FlaskClient) -> None:
    """Costs, taxes and payment are hatched, each another way; the goods and the sum are full and at the ends."""
    patterns = re.findall(r"svg\.picture \.(\w+)\{fill:url\(#(\w+)\)\}", STYLE)
    assert dict(patterns) == {"cost": "cost", "tax": "tax", "payment": "payment"}
    svg = waterfall(shown(composed({"goods": "1.00"}))).svg()
    shapes = {
        name: re.sub(r"#[0-9a-f]{6}", "", body) for name, body in re.findall(r'<pattern id="(\w+)"(.*?)</pattern>', svg)
    }
    assert len(set(shapes.values())) == len(shapes) == 3
    assert "prefers-color-scheme" not in STYLE


def normalised(svg: str) -> str:
    """One element on a line, without the styles, which are the same for all."""
    return re.sub(r">\s*<", ">\n<", re.sub(r"<style>.*?</style>|<defs>.*?</defs>", "", svg))


@pytest.mark.parametrize("name", [each.stem for each in sorted(GOLDEN.glob("*.svg"))])
def test_golden_pictures(name: str, client: FlaskClient) -> None:
    """Where the files come from stands beside them, in provenance.md."""
    kind, _, rest = name.partition(".")
    stem, _, language = rest.rpartition(".")
    case = next(each for each in CASES if each.stem == stem)
    quote = shown(quoted(client, request_of(case, language)), language)
    picture = {"waterfall": waterfall, "regimes": regimes, "open": open_figures}[kind](quote)
    assert picture is not None
    assert normalised(picture.svg()) == (GOLDEN / f"{name}.svg").read_text(encoding="utf-8")


def test_there_are_golden_pictures() -> None:
    names = [each.stem for each in GOLDEN.glob("*.svg")]
    assert {each.rpartition(".")[2] for each in names} == set(LANGUAGES)
    assert {each.partition(".")[0] for each in names} == {"waterfall", "regimes", "open"}
    told = (GOLDEN / "provenance.md").read_text(encoding="utf-8")
    assert all(each in told for each in names)


def test_the_same_quote_gives_the_same_bytes() -> None:
    document: dict[str, Any] = composed({"goods": "100.00", "freight": "1.00"})
    assert waterfall(shown(document)).svg() == waterfall(shown(document)).svg()
