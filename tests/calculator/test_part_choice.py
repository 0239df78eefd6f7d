"""A part of a line (ex) with a provisional rate of its own: claimed, denied, not spoken of, unread, ended."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from calculator.errors import Unpriceable
from calculator.part_choice import NO_PART, THE_PART
from calculator.quote import Quote, quote_of
from calculator.request import GoodsLine, OwnTariff, QuoteRequest
from calculator.tariff_line import AdValorem, Measure, MeasureKind, Row, Specific
from calculator.validity import Validity
from tariffs.book import Book
from tests.calculator.conftest import line, request

Priced = Callable[[QuoteRequest], Quote]
# Frozen avocado is a part of 08119090 with 7% (MFN 30%, VAT 9%); capelin one of 03035990, whose rate was not read (MFN 7%).
FROZEN, AVOCADO = "08119090", "冷冻鳄梨"
FISH, CAPELIN = "03035990", "冻毛鳞鱼，但食用杂碎除外"
FILM = "37024292"
OWN_DUTY = OwnTariff(duty=AdValorem(Decimal("0.05")))


def asked(code: str, part: str = "", **more: Any) -> QuoteRequest:
    """CIF 10,000 USD at 6.7628: a customs value of 67,628.00 CNY."""
    day = more.pop("declared_on", date(2026, 11, 27))
    goods = line("1000 kg", "10000", hs_code=code, tariff_part=part, **more)
    return request(goods, incoterm="CIF", freight="", declared_on=day)


def refusal(price: Priced, request_: QuoteRequest) -> Unpriceable:
    with pytest.raises(Unpriceable) as caught:
        price(request_)
    return caught.value


def codes(quote: Quote) -> set[str]:
    return {each.code for each in quote.outcome.reasons}


def warned(quote: Quote) -> list[object]:
    return [each.facts["part"] for each in quote.plan.warnings if each.code == "partial_provisional"]


def passed(quote: Quote) -> dict[tuple[str, str], str]:
    return {(each.kind, each.part): each.because for each in quote.plan.alternatives}


@pytest.mark.parametrize("claim", [THE_PART, AVOCADO])
def test_a_claimed_part_is_priced_at_its_own_rate(price: Priced, claim: str) -> None:
    quote = price(asked(FROZEN, claim))
    # 67,628.00 x 7% = 4,733.96; VAT (67,628.00 + 4,733.96) x 9% = 6,512.5764
    assert quote.totals["customs_duty"] == Decimal("4733.96")
    assert quote.totals["vat"] == Decimal("6512.58")
    assert quote.plan.lines[0].basis == "provisional"
    assert passed(quote)["mfn", ""] == "provisional_replaces_mfn"
    assert ("provisional", AVOCADO) not in passed(quote)
    assert warned(quote) == []
    assert "part_of_the_line_possible" not in codes(quote)
    assert quote.outcome.range is None or quote.outcome.range.low == quote.outcome.range.high


def test_a_part_that_is_denied_leaves_the_rate_of_the_line(price: Priced) -> None:
    quote = price(asked(FROZEN, NO_PART))
    # 67,628.00 x 30%
    assert quote.totals["customs_duty"] == Decimal("20288.40")
    assert passed(quote)["provisional", AVOCADO] == "part_not_claimed"
    assert warned(quote) == []
    assert "part_of_the_line_possible" not in codes(quote)


def test_silence_shows_both_results_and_names_the_part(price: Priced) -> None:
    quote = price(asked(FROZEN))
    assert quote.totals["customs_duty"] == Decimal("20288.40")
    assert quote.outcome.range is not None
    assert quote.outcome.range.low["customs_duty"] == Decimal("4733.96")
    assert warned(quote) == [AVOCADO]


def test_a_part_whose_rate_nobody_read_is_priced_at_the_line_and_asks_for_the_duty(price: Priced) -> None:
    quote = price(asked(FISH, THE_PART))
    whole = price(asked(FISH, NO_PART))
    assert quote.totals == whole.totals
    assert passed(quote)["provisional", CAPELIN] == "part_rate_unread"
    reason = next(each for each in quote.outcome.reasons if each.code == "part_rate_unread")
    assert (reason.pointer, reason.facts["part"], reason.letter) == ("/goods/0/tariff/duty", CAPELIN, "C")
    assert (quote.outcome.status, quote.outcome.confidence) == ("estimated", "C")
    # The low end is not known, which the range says
    assert quote.outcome.range is not None
    assert "part_rate_unread" in {each.remark.code for each in quote.outcome.range.sources if each.width is None}


def test_the_duty_that_an_unread_part_asks_for_settles_it(price: Priced) -> None:
    quote = price(asked(FISH, THE_PART, tariff=OwnTariff(duty=AdValorem(Decimal("0.02")))))
    # 67,628.00 x 2%
    assert quote.totals["customs_duty"] == Decimal("1352.56")
    assert "part_rate_unread" not in codes(quote)


def test_an_unread_part_of_which_the_request_is_silent_is_told(price: Priced) -> None:
    quote = price(asked(FISH))
    assert warned(quote) == [CAPELIN]
    assert passed(quote)["provisional", CAPELIN] == "part_not_claimed"


def test_a_part_by_quantity(price: Priced) -> None:
    goods = line("1000 m2", "10000", hs_code=FILM, tariff_part=THE_PART)
    quote = price(request(goods, incoterm="CIF", freight="", declared_on=date(2026, 11, 27)))
    # 1,000 m² x 0.5 CNY, where the line bears 2.4 CNY/m²
    assert quote.totals["customs_duty"] == Decimal("500.00")
    assert quote.plan.lines[0].duty == Specific(Decimal("0.5"), "m2")


@pytest.mark.parametrize(
    ("request_", "code", "allowed"),
    [
        (asked("08044000", THE_PART), "no_part_of_the_line", ("false",)),
        (asked(FROZEN, "mangos"), "which_part_of_the_line", (AVOCADO,)),
        (asked("52010000", "sliding quota"), "no_part_of_the_line", ("false",)),
        (asked("10059000", THE_PART, tariff_quota="quota"), "part_beside_quota", ()),
        (asked(FROZEN, THE_PART, origin="unknown"), "part_needs_mfn_origin", ()),
        (asked(FROZEN, THE_PART, origin="BY"), "part_needs_mfn_origin", ()),
        (asked(FROZEN, THE_PART, tariff=OWN_DUTY), "part_beside_own_duty", ("false",)),
        (asked(FROZEN, AVOCADO, tariff=OWN_DUTY), "part_beside_own_duty", ("false",)),
        (asked("08044000", THE_PART, tariff=OWN_DUTY), "no_part_of_the_line", ("false",)),
    ],
)
def test_a_part_claimed_for_nothing(price: Priced, request_: QuoteRequest, code: str, allowed: tuple[str, ...]) -> None:
    error = refusal(price, request_)
    assert (error.code, error.pointer, tuple(error.allowed)) == (code, "/goods/0/tariff_part", allowed)


def test_a_duty_of_ones_own_stands_beside_a_part_that_is_denied(price: Priced) -> None:
    quote = price(asked(FROZEN, NO_PART, tariff=OWN_DUTY))
    # 67,628.00 x 5%
    assert quote.totals["customs_duty"] == Decimal("3381.40")


ROW = Row("customs-schedule", Validity(date(2026, 1, 1)), "cn-tariff-2026", "A")
MANGO = "冷冻芒果"


def of_rows(book: Book, request_: QuoteRequest, *rows: Measure, ended: tuple[Measure, ...] = ()) -> Quote:
    """The quote of a line that has further rows, and rows that have ended."""
    dossier = book.dossier(request_)
    found = dossier.lines[0]
    found = replace(found, measures=(*found.measures, *rows), ended=(*found.ended, *ended))
    return quote_of(request_, replace(dossier, lines=(found,)))


def part(words: str, share: str) -> Measure:
    return Measure(MeasureKind.PROVISIONAL, AdValorem(Decimal(share)), ROW, part=words)


def test_of_two_parts_the_request_says_which(book: Book) -> None:
    def priced(request_: QuoteRequest) -> Quote:
        return of_rows(book, request_, part(MANGO, "0.1"))

    # 67,628.00 x 10%
    assert priced(asked(FROZEN, MANGO)).totals["customs_duty"] == Decimal("6762.80")
    error = refusal(priced, asked(FROZEN, THE_PART))
    assert error.code == "which_part_of_the_line"
    assert set(error.allowed) == {AVOCADO, MANGO}


@pytest.mark.parametrize("share", ["0.02", "0.1"])
def test_of_two_parts_silence_shows_the_whole_and_goes_down_to_the_lowest(book: Book, share: str) -> None:
    quote = of_rows(book, asked(FROZEN), part(MANGO, share))
    # The line bears 30 %: 20,288.40. Avocado bears 7 %: 4,733.96; mango 2 %: 1,352.56, or 10 %: 6,762.80.
    assert quote.totals["customs_duty"] == Decimal("20288.40")
    assert quote.outcome.range is not None
    lowest = {"0.02": Decimal("1352.56"), "0.1": Decimal("4733.96")}[share]
    assert quote.outcome.range.low["customs_duty"] == lowest
    assert quote.outcome.range.high["customs_duty"] == Decimal("20288.40")
    (reason,) = [each for each in quote.outcome.reasons if each.code == "part_of_the_line_possible"]
    assert reason.facts["part"] == (AVOCADO, MANGO)
    assert warned(quote) == [AVOCADO, MANGO]


def test_a_part_in_force_beside_one_that_has_ended(book: Book) -> None:
    """Each is a question of its own: goods may be the part whose rate ended, of which nobody knows whether it goes on."""
    over = Validity(date(2025, 1, 1), date(2026, 10, 31))
    gone = replace(part(MANGO, "0.02"), row=replace(ROW, validity=over))
    quote = of_rows(book, asked(FROZEN), ended=(gone,))
    assert quote.totals["customs_duty"] == Decimal("20288.40")
    assert quote.outcome.range is not None
    # 67,628.00 x 2 % = 1,352.56
    assert quote.outcome.range.low["customs_duty"] == Decimal("1352.56")
    told = {each.code: each for each in quote.outcome.reasons}
    assert told["part_of_the_line_possible"].facts["part"] == (AVOCADO,)
    assert told["provisional_rate_ended"].facts["ended_on"] == date(2026, 10, 31)


def test_a_part_beside_a_proof_of_origin_takes_the_lower_rate(book: Book) -> None:
    row = Row("customs-schedule", Validity(date(2026, 1, 1)), "cn-tariff-2026", "B")

    def priced(goods: GoodsLine, share: str) -> Quote:
        agreement = Measure(MeasureKind.AGREEMENT, AdValorem(Decimal(share)), row, origins=("PE",))
        request_ = request(goods, incoterm="CIF", freight="")
        dossier = book.dossier(request_)
        found = replace(dossier.lines[0], measures=(*dossier.lines[0].measures, agreement))
        return quote_of(request_, replace(dossier, lines=(found,)))

    proved = line("1000 kg", "10000", hs_code=FROZEN, tariff_part=THE_PART, origin="PE", preference=True)
    lower = priced(proved, "0.05")
    assert lower.plan.lines[0].duty == AdValorem(Decimal("0.05"))
    assert passed(lower)["provisional", AVOCADO] == "a_lower_rate_applies"
    higher = priced(proved, "0.1")
    assert higher.plan.lines[0].duty == AdValorem(Decimal("0.07"))
    assert passed(higher)["agreement", ""] == "a_lower_rate_applies"


@pytest.mark.parametrize("claim", ["", THE_PART])
def test_the_rate_of_a_part_that_has_ended_gives_both_results(price: Priced, claim: str) -> None:
    quote = price(asked(FROZEN, claim, declared_on=date(2027, 1, 4)))
    assert quote.totals["customs_duty"] == Decimal("20288.40")
    assert quote.outcome.range is not None
    assert quote.outcome.range.low["customs_duty"] == Decimal("4733.96")
    assert "provisional_rate_ended" in codes(quote)


def test_a_part_claimed_in_retail_is_refused_as_a_quota_is(price: Priced) -> None:
    goods = line("1 kg", "100", "CNY", hs_code=FROZEN, tariff_part=THE_PART, tariff=OwnTariff(cbec=True))
    error = refusal(price, request(goods, incoterm="CIF", freight="", regime="cbec_retail"))
    assert (error.code, error.pointer) == ("not_in_regime", "/goods/0/tariff_part")
