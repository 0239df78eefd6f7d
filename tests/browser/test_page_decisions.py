"""What price can be offered, what moves the cost and what another law would do, on the page: asked on demand, told as the API
tells it.
"""

import csv
import io
import json
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Witness
from tests.browser.front import USUAL, answered, carried, link, own
from tests.browser.gate import Gate, Spoiled
from tests.browser.shop import ASKED, until, yuan
from tests.servers import Serving

pytestmark = pytest.mark.slow
Json = dict[str, Any]
OPEN: Json = {**ASKED["goods"][0], "price": {"currency": "USD", "per": "kg"}}
SHOCKS = {"fx": ["-10%", "10%"], "freight": ["-20%", "20%"], "price": ["-5%", "5%"], "duty": ["-50%", "50%"]}
OFFER, MOVES, LAW = "What price can I offer?", "What moves the cost?", "What if the law changed?"


def told(server: Serving, address: str, **changed: Any) -> Json:
    """The API's own answer to what the form asks."""
    return posted(server, address, {**USUAL, "language": "en", **changed})


def posted(server: Serving, address: str, asked: Json) -> Json:
    headers = {"Content-Type": "application/json"}
    call = urllib.request.Request(f"{server.base}{address}", json.dumps(asked).encode(), headers)
    with urllib.request.urlopen(call, timeout=60) as response:
        answer: Json = json.load(response)
    return answer


def aimed(server: Serving, amount: str, currency: str = "CNY", per: str = "kg", **changed: Any) -> Json:
    return told(
        server,
        "/v1/targets",
        **{"goods": [OPEN], **changed},
        target={"amount": amount, "currency": currency, "per": per},
    )


def supposed(server: Serving, change: Json, **changed: Any) -> Json:
    """The API's own answer to what a changed law makes of the shipment of the form."""
    return posted(server, "/v1/what-if", {"changes": [change], "basket": [{**USUAL, **changed}]})


def opened(page: Page, title: str) -> Locator:
    """A section, which is opened."""
    section = page.locator("details").filter(has=page.get_by_text(title, exact=True))
    section.locator("summary").click()
    return section


def facts(section: Locator) -> list[str]:
    """The figures that are told, once there are any."""
    section.locator(".facts").first.wait_for(timeout=30_000)
    return section.locator(".facts dd").all_inner_texts()


def signed(amount: str) -> str:
    """A difference as the page shows it."""
    sign = "−" if amount.startswith("-") else "+" if amount.strip("0.") else ""
    return sign + yuan({"amount": amount.removeprefix("-")})


def test_the_highest_price_goes_into_the_form(page: Page, gate: Gate, server: Serving, witness: Witness):
    page.goto(f"{gate.base}/?lang=en{link(USUAL)}")
    answered(page)
    before = len(gate.asked)
    offer = opened(page, OFFER)
    offer.get_by_label("Landed cost that is not to be exceeded").fill("22")
    expect(offer.locator("select").nth(1)).to_have_value("kg")
    assert len(gate.asked) == before
    offer.get_by_role("button", name="Find the price").click()
    found = aimed(server, "22")
    reached, left = found["reached"], found["reached"]["left"]
    assert facts(offer) == [f"{yuan(reached)} per kg", yuan(left)]
    expect(offer.locator(".label")).to_have_text("Highest price FOB")
    expect(offer.locator(".figure")).to_have_text(f"USD {found['price']['amount']} per kg")
    offer.get_by_role("button", name="Put this price into the form").click()
    expect(page.get_by_role("textbox", name="Price", exact=True)).to_have_value(found["price"]["amount"])
    expect(page.locator(".answer .amount")).to_have_text(yuan(found["quote"]["totals"]["landed_cost"]))
    assert carried(page.url)["goods"][0]["price"]["amount"] == found["price"]["amount"]
    # The shipment is the same: what was found stands. With another it is gone.
    expect(offer.locator(".figure")).to_be_visible()
    assert len(gate.asked) == before + 2
    page.get_by_role("textbox", name="Quantity").fill("10")
    expect(offer.locator(".figure")).to_have_count(0)
    assert witness.complaints == []


def test_a_price_is_found_where_there_is_none_yet(page: Page, server: Serving, witness: Witness):
    page.goto(f"{server.base}/?lang=en{link({**USUAL, 'goods': [OPEN], 'incoterm': 'CIF', 'costs': {}})}")
    offer = opened(page, OFFER)
    expect(page.locator(".start")).to_contain_text("Still to be filled in: Price.")
    offer.locator("input").first.fill("400000")
    offer.locator("select").nth(1).select_option("total")
    offer.locator("input").first.press("Enter")
    found = aimed(server, "400000", per="total", incoterm="CIF", costs={})
    assert facts(offer)[0] == f"{yuan(found['reached'])} in total"
    expect(offer.locator(".label")).to_have_text("Highest price CIF")
    offer.get_by_role("button", name="Put this price into the form").click()
    expect(answered(page).locator(".amount")).to_have_text(yuan(found["quote"]["totals"]["landed_cost"]))
    assert witness.complaints == []


def test_without_the_vat_that_is_recovered(page: Page, server: Serving):
    importer = {"vat_recoverable": True}
    page.goto(f"{server.base}/?lang=en{link(USUAL)}")
    offer = opened(page, OFFER)
    net = offer.get_by_label("Without the VAT that the buyer gets back")
    expect(net).to_be_hidden()
    page.get_by_label("The buyer gets the import VAT back").check()
    answered(page)
    net.check()
    offer.locator("input").first.fill("22")
    offer.locator("input").first.press("Enter")
    target = {"amount": "22", "currency": "CNY", "per": "kg", "of": "landed_cost_net_of_vat"}
    found = told(server, "/v1/targets", goods=[OPEN], importer=importer, target=target)
    assert facts(offer) == [f"{yuan(found['reached'])} per kg", yuan(found["reached"]["left"])]
    expect(offer.locator("dt").first).to_have_text("Landed cost at this price, without the VAT")


def test_what_is_wrong_with_a_target_stands_at_its_field(page: Page, gate: Gate, witness: Witness):
    page.goto(f"{gate.base}/?lang=es{link(USUAL)}")
    answered(page)
    offer = opened(page, "¿Qué precio puedo ofrecer?")
    amount, error = offer.locator("input").first, offer.locator(".error")
    for wrong, said in (("", "obligatorio"), ("1,5", "1.5"), ("1", "CNY")):
        amount.fill(wrong)
        amount.press("Enter")
        expect(error).to_contain_text(said)
        expect(amount).to_have_attribute("aria-invalid", "true")
    gate.spoil.append(Spoiled.problem(503, "Ahora no."))
    amount.fill("22")
    amount.press("Enter")
    expect(error).to_have_text("Ahora no.")
    assert amount.get_attribute("aria-invalid") is None
    amount.press("Enter")
    facts(offer)
    expect(error).to_be_empty()
    assert witness.complaints == []


def test_a_target_is_for_one_line(page: Page, server: Serving):
    page.goto(f"{server.base}/?lang=en")
    offer = opened(page, OFFER)
    expect(offer).to_contain_text("As soon as the goods and their quantity are filled in.")
    expect(offer.locator("form")).to_be_hidden()
    page.get_by_role("button", name="20 t").click()
    answered(page)
    expect(offer.locator("form")).to_be_visible()
    page.goto(f"{server.base}/?lang=en{link({**USUAL, 'goods': ASKED['goods'] * 2})}")
    page.reload()
    answered(page)
    offer = opened(page, OFFER)
    expect(offer).to_contain_text("For a shipment with one line of goods.")
    expect(offer.locator("form")).to_be_hidden()


def test_what_moves_the_cost(
    page: Page, gate: Gate, server: Serving, witness: Witness, tmp_path: Path, artefacts: Path
):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{gate.base}/?lang=en{link(USUAL)}")
    answered(page)
    before = len(gate.asked)
    moves = opened(page, MOVES)
    moves.locator("tbody tr").first.wait_for(timeout=30_000)
    shocks = told(server, "/v1/sensitivities", shocks=SHOCKS)["shocks"]
    rows = [row.locator("th, td").all_inner_texts() for row in moves.locator("tbody tr").all()]
    assert rows == [
        [each["label"], each["by"].replace("-", "−"), signed(each["difference"]["amount"]), yuan(each["landed_cost"])]
        for each in shocks
    ]
    until(page, lambda: bool(moves.locator("img").evaluate("(image) => image.complete && image.naturalWidth > 0")))
    # The picture and the figures are a call each; nothing more is asked when it is opened again.
    moves.locator("summary").click()
    moves.locator("summary").click()
    assert [each["shocks"] for each in gate.asked[before:]] == [SHOCKS, SHOCKS]
    files = []
    for form in ("CSV", "Bars (SVG)"):
        with page.expect_download() as got:
            page.get_by_role("button", name=f"Download {form}: {MOVES}", exact=True).click()
        files.append(tmp_path / got.value.suggested_filename)
        got.value.save_as(files[-1])
    assert [each.name for each in files] == ["galeon-shocks.csv", "galeon-shocks.svg"]
    table = list(csv.DictReader(io.StringIO(files[0].read_text(encoding="utf-8-sig"))))
    assert [row["landed_cost"] for row in table] == [each["landed_cost"]["amount"] for each in shocks]
    assert files[1].read_text(encoding="utf-8").startswith("<svg")
    page.screenshot(path=artefacts / "page-moves.png", full_page=True)
    assert witness.complaints == []


def test_a_domestic_price_breaks_even(page: Page, server: Serving, witness: Witness):
    page.goto(f"{server.base}/?lang=en{link(USUAL)}")
    answered(page)
    moves = opened(page, MOVES)
    amount = moves.get_by_label("Domestic price in China, to break even with")
    amount.fill("24")
    moves.get_by_role("button", name="Compare with it").click()
    benchmark = {"amount": "24", "currency": "CNY", "per": "kg"}

    def expected(**changed: Any) -> list[str]:
        even = told(server, "/v1/sensitivities", benchmark_price=benchmark, **changed)["break_even"]
        margin = signed(even["margin"]["amount"]).removeprefix("+")
        return [
            f"{yuan(even['landed_cost'])} per kg",
            f"{margin} per kg ({even['margin_percent'].replace('-', '−')})",
            f"USD\N{NO-BREAK SPACE}{even['price']['amount']} per kg",
            f"{even['fx']['rate']} {even['fx']['pair']}",
        ]

    assert facts(moves) == expected()
    # With another shipment it is compared again.
    page.get_by_role("textbox", name="Quantity").fill("10")
    goods = [{**ASKED["goods"][0], "quantity": "10 t"}]
    until(page, lambda: moves.locator(".facts dd").all_inner_texts() == expected(goods=goods))
    amount.fill("a lot")
    amount.press("Enter")
    expect(moves.locator("#moves-domestic-error")).not_to_be_empty()
    expect(amount).to_have_attribute("aria-invalid", "true")
    assert witness.complaints == []


def test_the_cost_month_by_month(
    page: Page, gate: Gate, server: Serving, witness: Witness, tmp_path: Path, artefacts: Path
):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{gate.base}/?lang=en{link(USUAL)}")
    answered(page)
    moves = opened(page, MOVES)
    moves.locator("img").wait_for()
    before = len(gate.asked)
    years = moves.get_by_label("Month by month, so far back")
    expect(years.locator("option")).to_have_count(20)
    expect(years).to_have_value("5")
    years.select_option("20 years")
    show = moves.get_by_role("button", name="Show the months")
    gate.spoil.extend([Spoiled.problem(503, "Not now."), Spoiled.problem(503, "Not now.")])
    show.click()
    moves.get_by_text("Not now.", exact=True).wait_for()
    show.click()
    drawn = moves.get_by_role("group", name="Month by month").locator("img")
    until(page, lambda: bool(drawn.evaluate("(image) => image.complete && image.naturalWidth > 0")))
    months = told(server, "/v1/sensitivities", history={"years": 20})["history"]
    named = {"customs_duty": "Customs duty", "vat": "Import VAT"}
    rows = moves.locator("table").last.locator("tbody tr")
    assert [row.locator("th, td").nth(0).inner_text() for row in rows.all()] == [
        named[each["what"]] for month in months for each in month["changed"]
    ]
    assert rows.last.locator("th, td").all_inner_texts() == ["Import VAT", "Apr 1, 2019", "10%", "9%"]
    untold = [month["reason"]["text"] for month in months if month["reason"]]
    expect(moves).to_contain_text(f"{len(untold)} months cannot be told. {untold[-1]}")
    assert [each["history"] for each in gate.asked[before:]] == [{"years": 20}] * 4
    with page.expect_download() as got:
        page.get_by_role("button", name="Download CSV: Month by month", exact=True).click()
    assert got.value.suggested_filename == "galeon-history.csv"
    got.value.save_as(tmp_path / "history.csv")
    table = list(csv.DictReader(io.StringIO((tmp_path / "history.csv").read_text(encoding="utf-8-sig"))))
    assert [row["declared_on"] for row in table] == [month["declared_on"] for month in months]
    page.screenshot(path=artefacts / "page-months.png", full_page=True)
    # Of the usual years nothing is asked by itself; with another shipment what was shown is gone.
    page.get_by_role("textbox", name="Quantity").fill("10")
    expect(drawn).to_have_count(0)
    answered(page)
    years.select_option("1 year")
    show.click()
    expect(moves).to_contain_text("No rate changed in these months.")
    assert witness.complaints == []


def test_what_moves_is_asked_again_where_it_failed(page: Page, gate: Gate, witness: Witness):
    page.goto(f"{gate.base}/?lang=en{link(USUAL)}")
    answered(page)
    gate.spoil.extend([Spoiled.problem(503, "Not now."), Spoiled.problem(503, "Not now.")])
    moves = opened(page, MOVES)
    expect(moves.locator(".decision > div > .error")).to_have_text("Not now.")
    moves.locator("summary").click()
    moves.locator("summary").click()
    expect(moves.locator("tbody tr")).to_have_count(8)
    assert witness.complaints == []


def test_another_law(page: Page, gate: Gate, server: Serving, witness: Witness, tmp_path: Path, artefacts: Path):
    goods = [ASKED["goods"][0], {**ASKED["goods"][0], "product": "tequila", "quantity": "1000 L"}]
    goods[1]["price"] = {"amount": "9", "currency": "USD", "per": "L"}
    goods[1]["gross_weight"] = "1400 kg"
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{gate.base}/?lang=en{link({**USUAL, 'goods': goods})}")
    answered(page)
    before = len(gate.asked)
    law = opened(page, LAW)
    expect(law.get_by_label("For the code of the Chinese tariff")).to_have_value("08044000")
    law.get_by_label("Its rate").fill("none")
    assert len(gate.asked) == before
    law.get_by_role("button", name="Suppose it").click()
    change = {"hs_code": "08044000", "measure": "provisional", "expression": "none"}
    answer = supposed(server, change, goods=goods)
    (told,), taxes = answer["basket"], answer["revenue"]["taxes"]
    moved = [taxes[name]["difference"]["amount"] for name in ("customs_duty", "vat")]
    assert facts(law) == [
        yuan(told["before"]["landed_cost"]),
        yuan(told["after"]["landed_cost"]),
        f"{signed(told['difference']['amount'])} ({told['difference_percent']})",
        signed(answer["revenue"]["difference"]["amount"]),
        *map(signed, moved),
    ]
    expect(law.locator(".label").first).to_have_text("Provisional rate none, code 08044000")
    assert law.locator("dt").all_inner_texts()[-2:] == ["Customs duty", "Import VAT"]
    page.screenshot(path=artefacts / "page-law.png", full_page=True)
    files = []
    for form in ("CSV", "XLSX"):
        with page.expect_download() as got:
            page.get_by_role("button", name=f"Download {form}: {LAW}", exact=True).click()
        files.append(tmp_path / got.value.suggested_filename)
        got.value.save_as(files[-1])
    assert [each.name for each in files] == ["galeon-what-if.csv", "galeon-what-if.xlsx"]
    row, _ = csv.DictReader(io.StringIO(files[0].read_text(encoding="utf-8-sig")))
    assert row["landed_cost_after"] == told["after"]["landed_cost"]["amount"]
    assert zipfile.is_zipfile(files[1])
    assert [len(each["basket"][0]["goods"]) for each in gate.asked[before:]] == [2, 2, 2]
    # With another shipment what was found is gone, and the code is that of its first line.
    page.get_by_role("button", name="Remove: Goods 1").click()
    answered(page)
    expect(law.get_by_label("For the code of the Chinese tariff")).to_have_value("22089010")
    expect(law.locator(".facts")).to_have_count(0)
    assert witness.complaints == []


def test_an_agreement_is_one_with_mexico(page: Page, gate: Gate, server: Serving, witness: Witness):
    page.goto(f"{gate.base}/?lang=en{link(USUAL)}")
    answered(page)
    law = opened(page, LAW)
    law.get_by_label("What would change").select_option(label="Agreement rate for Mexico")
    code, rate = law.get_by_label("For the code of the Chinese tariff"), law.get_by_label("Its rate")
    code.fill("08")
    rate.fill("0%")
    rate.press("Enter")
    change = {"hs_code": "08", "measure": "agreement", "expression": "0%", "origins": ["MX"]}
    told = supposed(server, change)["basket"][0]
    assert facts(law)[1] == yuan(told["after"]["landed_cost"])
    assert facts(law)[2] == f"{signed(told['difference']['amount'])} ({told['difference_percent'].replace('-', '−')})"
    assert gate.asked[-1]["changes"] == [change]
    # What somebody wrote is kept, whatever the shipment becomes.
    page.get_by_role("textbox", name="Quantity").fill("10")
    expect(law.locator(".facts")).to_have_count(0)
    answered(page)
    expect(code).to_have_value("08")
    code.fill("09")
    code.press("Enter")
    expect(law).to_contain_text("This change concerns none of the goods: their code or origin is another.")
    expect(law.locator(".facts")).to_have_count(0)
    assert witness.complaints == []


def test_what_is_wrong_with_another_law_stands_at_its_field(page: Page, gate: Gate, witness: Witness):
    page.goto(f"{gate.base}/?lang=es{link(USUAL)}")
    answered(page)
    law = opened(page, "¿Y si cambiara la ley?")
    rate, code = law.get_by_label("Su tasa"), law.get_by_label("Para el código del arancel chino")
    errors = law.locator("form .error:not(:empty)")
    rate.press("Enter")
    expect(errors).to_contain_text("obligatorio")
    for field, wrong, right, said in (
        (code, "080", "0804", "08044000"),
        (rate, "mucho", "5%", "«mucho» no es una tasa"),
    ):
        rate.fill("5%")
        field.fill(wrong)
        field.press("Enter")
        expect(errors).to_contain_text(said)
        expect(field).to_have_attribute("aria-invalid", "true")
        field.fill(right)
    gate.spoil.append(Spoiled.problem(503, "Ahora no."))
    rate.press("Enter")
    expect(law.locator(".decision > div > .error")).to_have_text("Ahora no.")
    expect(errors).to_have_count(0)
    rate.press("Enter")
    facts(law)
    # A duty that cannot be reckoned is no failure: the reason is told, in the language of the page.
    rate.fill("1 CNY/L")
    rate.press("Enter")
    expect(law).to_contain_text("Arancel: se calcula por L")
    expect(law.locator(".facts dd")).to_have_count(1)
    assert witness.complaints == []


def test_axe_finds_nothing_in_decisions(page: Page, server: Serving, artefacts: Path):
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.goto(f"{server.base}/?lang=es{link({**USUAL, 'importer': {'vat_recoverable': True}})}")
    answered(page)
    titles = ("¿Qué precio puedo ofrecer?", "¿Qué mueve el costo?", "¿Y si cambiara la ley?")
    offer, moves, law = (opened(page, title) for title in titles)
    for section, amount in ((offer, "22"), (moves, "26"), (law, "5%")):
        field = section.locator("input").first
        field.fill(amount)
        field.press("Enter")
        facts(section)
    moves.get_by_label("Mes por mes, cuánto hacia atrás").select_option("20 años")
    moves.get_by_role("button", name="Mostrar los meses").click()
    moves.locator("table").nth(1).wait_for()
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    for section in (offer, law):
        section.locator("input").first.fill("1")
        section.locator("input").first.press("Enter")
        section.locator("form .error:not(:empty)").wait_for()
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    page.screenshot(path=artefacts / "page-decisions.png", full_page=True)


def test_decisions_on_a_phone_in_chinese(browser: Browser, server: Serving, artefacts: Path):
    context = browser.new_context(
        locale="zh-CN", viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True
    )
    page = context.new_page()
    page.goto(f"{server.base}/{link(USUAL)}")
    answered(page)
    offer, moves, law = (opened(page, title) for title in ("我能报什么价？", "什么影响成本？", "如果法规变了呢？"))
    law.get_by_label("税率", exact=True).fill("5%")
    law.get_by_role("button", name="按此计算").tap()
    facts(law)
    offer.locator("input").first.fill("22")
    offer.get_by_role("button", name="求价格").tap()
    facts(offer)
    expect(offer.locator(".figure")).to_contain_text(aimed(server, "22", language="zh")["price"]["amount"])
    moves.get_by_label("逐月回顾").select_option("20")
    moves.get_by_role("button", name="显示各月").tap()
    moves.locator("table").nth(1).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    offer.get_by_role("button", name="将此价格填入表单").tap()
    price = {**ASKED["goods"][0]["price"], "amount": aimed(server, "22", language="zh")["price"]["amount"]}
    landed = own(server, goods=[{**ASKED["goods"][0], "price": price}], language="zh")["totals"]["landed_cost"]
    expect(page.locator(".answer .amount")).to_have_text(yuan(landed))
    page.screenshot(path=artefacts / "page-phone-decisions.png", full_page=True)
    context.close()
