"""Every line of the schedule priced by both readings of the rules: 0 differences, and no line without an answer that says why.

The requests, and the counts in the README, are those of `tariffs/sweep.py`.
"""

from collections import Counter
from pathlib import Path

import pytest

from api.cells import unit_told
from api.refusals import PROBLEMS
from calculator.bulk import Sums, sums_of, together
from calculator.bulk_spread import opened
from calculator.choices import Choice
from calculator.reckoning import FIGURES
from tariffs.book import Book
from tariffs.coverage import rewritten
from tariffs.sweep import BLOCK, MISSING, Swept, markdown, sweep
from tests.test_readings_agree import as_told, choices_of, figures, many_of

# How many lines are walked at once: all of them together take too much room.
AT_ONCE = 3000


@pytest.fixture(scope="module")
def both(real_book: Book) -> tuple[Swept, ...]:
    """Every line by a thousand of each of its units."""
    return sweep(real_book)


@pytest.fixture(scope="module")
def second(real_book: Book) -> tuple[Swept, ...]:
    """Every line that has a second unit by a thousand of that alone."""
    return sweep(real_book, second=True)


def in_columns(swept: tuple[Swept, ...], book: Book) -> tuple[list[Choice | None], list[tuple[Sums, int] | None]]:
    """What is chosen for each line, and its place in the sums of the column reading; None where nothing is chosen."""
    walks = together(unit_told)
    choices: list[Choice | None] = []
    places: list[tuple[Sums, int] | None] = []
    for start in range(0, len(swept), AT_ONCE):
        asked = [each.request for each in swept[start : start + AT_ONCE]]
        chosen = choices_of(asked, book)
        priced = [(request, choice) for request, choice in zip(asked, chosen, strict=True) if choice is not None]
        many = many_of([request for request, _ in priced], [choice for _, choice in priced])
        sums = sums_of(many, walks)
        opened(many, sums, walks)
        rows = iter(range(len(priced)))
        choices += chosen
        places += [None if choice is None else (sums, next(rows)) for choice in chosen]
    return choices, places


@pytest.mark.slow
@pytest.mark.parametrize("name", ["both", "second"])
def test_every_line_comes_to_the_same_fen_by_both_readings(
    name: str, real_book: Book, request: pytest.FixtureRequest
) -> None:
    swept: tuple[Swept, ...] = request.getfixturevalue(name)
    held = 0
    for each, place in zip(swept, in_columns(swept, real_book)[1], strict=True):
        if each.quote is None:
            assert place is None or not place[0].sound[place[1]], each.hs_code
            continue
        assert place is not None, each.hs_code
        sums, row = place
        assert sums.sound[row], each.hs_code
        assert figures(sums, row) == as_told(each.quote), each.hs_code
        held += 1
    # Every line that can be priced was held against both readings, in every figure that they have
    assert held == sum(each.quote is not None for each in swept)
    assert len(FIGURES) > 10


def test_all_lines_of_the_schedule_are_swept(
    both: tuple[Swept, ...], second: tuple[Swept, ...], real_book: Book
) -> None:
    assert [each.hs_code for each in both] == list(real_book.records.codes)
    assert len(both) == 8972
    units = {code: found.units for code in real_book.records.codes if (found := real_book.records.line(code))}
    assert [each.hs_code for each in second] == [code for code, both_ in units.items() if len(both_) == 2]
    # The two lines whose units the copy lacks are priced by their weight
    without = [each for each in both if not units[each.hs_code]]
    assert [each.hs_code for each in without] == ["44071190", "87034049"]
    assert all(each.quote is not None and each.request.goods[0].quantity.unit == "kg" for each in without)


@pytest.mark.parametrize("name", ["both", "second"])
def test_a_line_is_complete_or_estimated_with_a_reason_or_asks_for_what_is_missing(
    name: str, request: pytest.FixtureRequest
) -> None:
    for each in request.getfixturevalue(name):
        if each.quote is None:
            assert each.outcome in MISSING, each.hs_code
            assert each.outcome in PROBLEMS
            assert each.missing, each.hs_code
            assert each.refusal.pointer.startswith("/goods/0/"), each.hs_code
            assert each.refusal.allowed, each.hs_code
            continue
        assert each.outcome in ("complete", "estimated"), each.hs_code
        if each.outcome == "estimated":
            assert each.quote.outcome.reasons, each.hs_code
            assert each.quote.outcome.range is not None, each.hs_code
        else:
            assert each.quote.outcome.confidence in ("A", "B"), each.hs_code


def test_where_the_vat_is_open_both_totals_are_shown(both: tuple[Swept, ...], real_book: Book) -> None:
    records = real_book.records
    on = both[0].request.declared_on
    still_open = {code for code in records.codes if len({each.rate for each in records.vat(code, on)}) > 1}
    told = {
        each.hs_code: each.quote
        for each in both
        if each.quote is not None and "vat_rate_open" in {reason.code for reason in each.quote.outcome.reasons}
    }
    assert set(told) == still_open
    assert len(told) == 367
    for code, quote in told.items():
        assert quote.outcome.range is not None
        low, high = quote.outcome.range.low, quote.outcome.range.high
        assert low["vat"] < high["vat"] == quote.totals["vat"], code


def test_the_counts_in_the_readme_are_fresh(both: tuple[Swept, ...], second: tuple[Swept, ...]) -> None:
    text = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    assert BLOCK.search(text), "the README has no block for the sweep"
    assert rewritten(text, markdown(both, second), BLOCK) == text, "run `galeon tables sweep --write README.md`"


def test_what_the_readme_counts_is_every_line_once(both: tuple[Swept, ...]) -> None:
    counted = Counter(each.outcome for each in both)
    assert counted.total() == 8972
    assert set(counted) == {"complete", "estimated", *MISSING}
