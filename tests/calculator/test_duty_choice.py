"""Which column of the tariff applies: quotas, origins, agreements, and goods whose origin nobody proves."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from calculator.errors import Unpriceable
from calculator.quote import Quote, quote_of
from calculator.request import GoodsLine, OwnRemedy, OwnTariff, QuoteRequest
from calculator.tariff_line import AdValorem, Measure, MeasureKind, Row, Specific
from calculator.validity import Validity
from tariffs.book import Book
from tests.calculator.conftest import line, request

Priced = Callable[[QuoteRequest], Quote]
MAIZE, UREA, COTTON, WHEY = "10059000", "31021000", "52010000", "04041000"


def refusal(price: Priced, goods: GoodsLine) -> tuple[str, str]:
    with pytest.raises(Unpriceable) as caught:
        price(request(goods, incoterm="CIF", freight=""))
    return caught.value.code, caught.value.pointer


def basis(quote: Quote) -> tuple[str, object]:
    return quote.plan.lines[0].basis, quote.plan.lines[0].duty


def passed(quote: Quote) -> dict[str, str]:
    return {each.kind: each.because for each in quote.plan.alternatives}


def test_maize_in_and_out_of_its_quota(price: Priced) -> None:
    outside = price(request(line(hs_code=MAIZE)))
    assert basis(outside) == ("mfn", AdValorem(Decimal("0.65")))
    assert passed(outside)["tariff_quota"] == "no_quota_certificate_claimed"
    within = price(request(line(hs_code=MAIZE, tariff_quota="quota")))
    assert basis(within) == ("tariff_quota", AdValorem(Decimal("0.01")))
    assert passed(within)["mfn"] == "quota_certificate_claimed"


def test_urea_within_its_quota_takes_the_provisional_rate(price: Priced) -> None:
    quote = price(request(line(hs_code=UREA, tariff_quota="quota")))
    assert basis(quote) == ("quota_provisional", AdValorem(Decimal("0.01")))
    assert passed(quote)["tariff_quota"] == "provisional_replaces_quota"


def test_cotton_under_the_sliding_quota(price: Priced) -> None:
    # 13 CNY/kg: 9 / 13 + 2.69 % x 13 - 1 = 0.0420..., so 0.042
    goods = line("1000 kg", "13", "CNY", "kg", hs_code=COTTON, tariff_quota="sliding")
    quote = price(request(goods, incoterm="CIF", freight=""))
    assert quote.plan.lines[0].basis == "sliding_quota"
    assert quote.totals["customs_duty"] == Decimal("546.00")
    assert passed(quote)["mfn"] == "sliding_quota_claimed"


def test_a_sliding_duty_on_nothing_is_refused(price: Priced) -> None:
    goods = line("1000 kg", "0.001", "CNY", hs_code=COTTON, tariff_quota="sliding")
    assert refusal(price, goods) == ("customs_value_zero", "/goods")


@pytest.mark.parametrize(
    ("goods", "code"),
    [
        (line(tariff_quota="quota"), "no_tariff_quota"),
        (line(hs_code=MAIZE, tariff_quota="sliding"), "no_sliding_quota"),
        (line(hs_code=MAIZE, tariff_quota="quota", origin="unknown"), "quota_needs_mfn_origin"),
        (
            line(hs_code=MAIZE, tariff_quota="quota", tariff=OwnTariff(duty=AdValorem(Decimal("0.3")))),
            "quota_beside_own_duty",
        ),
    ],
)
def test_a_quota_claimed_for_nothing(price: Priced, goods: GoodsLine, code: str) -> None:
    assert refusal(price, goods) == (code, "/goods/0/tariff_quota")


def test_an_origin_without_seen_mfn_treatment_gives_both_columns(price: Priced) -> None:
    # Belarus is no WTO member: 80 % is shown, 7 % is possible. 40,000 x 6.7628 = 270512: 216409.60 and 18935.84
    quote = price(request(line(origin="BY"), incoterm="CIF", freight=""))
    assert quote.totals["customs_duty"] == Decimal("216409.60")
    assert quote.outcome.status == "estimated"
    assert quote.outcome.range is not None
    assert quote.outcome.range.low["customs_duty"] == Decimal("18935.84")
    assert "mfn_treatment_open" in {each.code for each in quote.outcome.reasons}


def test_a_wto_member_takes_mfn_and_its_remedies_were_not_read(price: Priced) -> None:
    quote = price(request(line(origin="PE"), incoterm="CIF", freight=""))
    assert basis(quote) == ("provisional", AdValorem(Decimal("0.07")))
    assert (quote.outcome.status, quote.outcome.confidence) == ("estimated", "C")
    assert "remedies_of_origin_not_read" in {each.code for each in quote.outcome.reasons}
    stated = price(request(line(origin="PE", tariff=OwnTariff(trade_remedies=())), incoterm="CIF", freight=""))
    assert "remedies_of_origin_not_read" not in {each.code for each in stated.outcome.reasons}


def test_an_agreement_needs_its_proof_and_a_rate(book: Book) -> None:
    row = Row("customs-schedule", Validity(date(2026, 1, 1)), "cn-tariff-2026", "B")
    agreement = Measure(MeasureKind.AGREEMENT, AdValorem(Decimal("0")), row, origins=("PE",))

    def priced(goods: GoodsLine) -> Quote:
        asked = request(goods, incoterm="CIF", freight="")
        dossier = book.dossier(asked)
        found = replace(dossier.lines[0], measures=(*dossier.lines[0].measures, agreement))
        return quote_of(asked, replace(dossier, lines=(found,)))

    assert passed(priced(line(origin="PE")))["agreement"] == "no_proof_of_origin"
    proved = priced(line(origin="PE", preference=True))
    assert basis(proved) == ("agreement", AdValorem(Decimal("0")))
    assert passed(proved)["provisional"] == "a_lower_rate_applies"
    with pytest.raises(Unpriceable) as caught:
        priced(line(origin="MX", preference=True))
    assert (caught.value.code, caught.value.pointer) == ("no_agreement_rate", "/goods/0/preference")


def dumping(rate: str) -> OwnTariff:
    return OwnTariff(trade_remedies=(OwnRemedy(MeasureKind.ANTI_DUMPING, AdValorem(Decimal(rate))),))


def test_an_origin_not_proved_bears_the_higher_of_remedy_and_general_rate(price: Priced) -> None:
    # General 80 %; provisional 7 % + 50 % = 57 % is less, 7 % + 75 % = 82 % is more (art. 19).
    general = price(request(line(origin="unknown", tariff=dumping("0.5")), incoterm="CIF", freight=""))
    assert [general.totals[name] for name in ("customs_duty", "trade_remedies")] == [Decimal("216409.60"), Decimal(0)]
    assert general.plan.lines[0].zeros["trade_remedies"] == "general_rate_is_higher"
    remedy = price(request(line(origin="unknown", tariff=dumping("0.75")), incoterm="CIF", freight=""))
    assert [remedy.totals[name] for name in ("customs_duty", "trade_remedies")] == [
        Decimal("18935.84"),
        Decimal("202884.00"),
    ]
    assert passed(remedy)["general"] == "remedies_come_higher"


def test_what_cannot_be_compared_asks_for_the_origin(price: Priced) -> None:
    remedy = OwnTariff(trade_remedies=(OwnRemedy(MeasureKind.ANTI_DUMPING, Specific(Decimal(1), "kg")),))
    assert refusal(price, line(origin="unknown", tariff=remedy)) == ("origin_needed", "/goods/0/origin")


def test_a_deposit_is_told_and_taxed_like_the_duty(price: Priced) -> None:
    # 270512 x 20 % = 54102.40; VAT (270512 + 18935.84 + 54102.40) x 9 % = 30919.52: the deposit brings its VAT along.
    remedy = OwnRemedy(MeasureKind.ANTI_DUMPING, AdValorem(Decimal("0.2")), deposit=True)
    quote = price(request(line(tariff=OwnTariff(trade_remedies=(remedy,))), incoterm="CIF", freight=""))
    assert [quote.totals[name] for name in ("trade_remedies", "vat")] == [Decimal("54102.40"), Decimal("30919.52")]
    assert "remedy_deposit" in {each.code for each in quote.plan.warnings}
    assert "deposit:anti_dumping:0" in {step.rule.name for step in quote.steps()}


def test_pecans_are_never_priced_in_silence(price: Priced) -> None:
    for origin in ("MX", "US", "unknown"):
        goods = line(hs_code="08029990", origin=origin)
        assert refusal(price, goods) == ("trade_remedy_rate_unknown", "/goods/0/tariff/trade_remedies")
    chile = price(request(line(hs_code="08029990", origin="CL"), incoterm="CIF", freight=""))
    assert "remedies_of_origin_not_read" in {each.code for each in chile.outcome.reasons}


def test_a_quota_rate_that_ended_shows_both_results(price: Priced) -> None:
    # 100,000 CNY of urea in 2027: 4 % within the quota, or 1 % if the provisional rate goes on.
    goods = line("100 t", "100000", "CNY", hs_code=UREA, tariff_quota="quota")
    quote = price(request(goods, incoterm="CIF", freight="", declared_on=date(2027, 1, 1)))
    assert quote.totals["customs_duty"] == Decimal("4000.00")
    assert quote.outcome.range is not None
    assert quote.outcome.range.low["customs_duty"] == Decimal("1000.00")


def test_a_sliding_duty_that_ended_shows_both_results(price: Priced) -> None:
    goods = line("1000 kg", "13", "CNY", "kg", hs_code=COTTON, tariff_quota="sliding")
    quote = price(request(goods, incoterm="CIF", freight="", declared_on=date(2028, 2, 29)))
    assert quote.totals["customs_duty"] == Decimal("5200.00")
    assert quote.outcome.range is not None
    assert quote.outcome.range.low["customs_duty"] == Decimal("546.00")


def test_an_unknown_origin_is_never_complete(price: Priced) -> None:
    quote = price(request(line(origin="unknown"), incoterm="CIF", freight=""))
    assert (quote.outcome.status, quote.outcome.confidence) == ("estimated", "C")


def test_pecans_may_belong_to_the_part_with_a_rate_of_its_own(price: Priced) -> None:
    # 100,000 x 24 % or x 7 %
    goods = line("1000 kg", "100000", "CNY", hs_code="08029990", tariff=OwnTariff(trade_remedies=()))
    quote = price(request(goods, incoterm="CIF", freight=""))
    assert quote.totals["customs_duty"] == Decimal("24000.00")
    assert quote.outcome.range is not None
    assert quote.outcome.range.low["customs_duty"] == Decimal("7000.00")


def test_the_premium_was_presumed_before_decree_213_too(price: Priced) -> None:
    # (100,000 + 5,000) x 6.1 x 1.003 = 642,421.50
    tariff = OwnTariff(duty=AdValorem(Decimal("0.1")), vat=Decimal("0.17"))
    goods = line("1 pcs", "100000", description="Machine", hs_code="", tariff=tariff)
    asked = request(goods, freight="5000", fx={("USD", "CNY"): Decimal("6.1")}, declared_on=date(2013, 12, 31))
    quote = price(asked)
    assert [quote.totals[name] for name in ("customs_value", "customs_duty", "vat")] == [
        Decimal("642421.50"),
        Decimal("64242.15"),
        Decimal("120132.82"),
    ]
    assert quote.outcome.status == "estimated"


def test_days_before_the_lists_and_the_texts_are_not_complete(price: Priced) -> None:
    rates = OwnTariff(duty=AdValorem(Decimal("0.1")), vat=Decimal("0.17"))
    tyres = line("10 pcs", "30000", "CNY", hs_code="40111000", tariff=rates)
    quote = price(request(tyres, incoterm="CIF", freight="", declared_on=date(2012, 1, 1)))
    assert "consumption_tax_list_begins_later" in {each.code for each in quote.outcome.reasons}
    old = line("10 pcs", "30000", "CNY", description="Machine", hs_code="", tariff=rates)
    quote = price(request(old, incoterm="CIF", freight="", declared_on=date(1999, 5, 1)))
    assert "older_than_the_texts" in {each.code for each in quote.outcome.reasons}
