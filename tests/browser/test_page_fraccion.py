"""The exporter's own code in the form of the page, and the lines that a code leaves to choose from."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Witness
from tests.browser.front import answered, carried, link
from tests.browser.shop import until
from tests.servers import Serving

pytestmark = pytest.mark.slow
CIF: dict[str, Any] = {
    "incoterm": "CIF",
    "route": {"mode": "sea", "from": "MXZLO", "to": "CNSHA", "equipment": "20GP"},
    "regime": "general_trade",
    "declared_on": "2026-11-23",
    "fx": {"USD/CNY": "7"},
    "customs_fx": {"USD/CNY": "7"},
}
# The form asks by sea to Shanghai, whose planning charges at destination are 2,880 yuan: they come to every landed cost below.
PRICE = {
    "quantity": "1000 kg",
    "price": {"amount": "10000", "currency": "USD", "per": "total"},
    "gross_weight": "1.1 t",
}


def of(**goods: str) -> str:
    """A link to the form with one line of goods."""
    return link({**CIF, "goods": [{**goods, **PRICE}]})


def test_a_fraccion_leads_to_a_price(page: Page, server: Serving, witness: Witness, artefacts: Path):
    page.goto(f"{server.base}/?lang=en{of(hs_code='08045020')}")
    answered(page)
    product = page.get_by_role("combobox", name="Product")
    product.fill("0804.40.01")
    first = page.get_by_role("option").first
    expect(first).to_contain_text("0804.40.01 Aguacates (paltas)")
    expect(first).to_contain_text("Unit in Mexico: Kg. Mexico charges no export duty")
    expect(page.get_by_role("option").nth(1)).to_contain_text("08044000 Avocados")
    page.screenshot(path=artefacts / "page-fraccion-list.png")
    product.press("Enter")
    # Other goods weigh something else, so that it is asked anew.
    page.get_by_label("Gross weight").fill("1.1 t")
    # 10,000 USD x 7 = 70,000; provisional duty 7 % = 4,900; VAT 9 % of 74,900 = 6,741; in all 81,641, and 2,880.
    expect(page.locator(".answer .amount")).to_have_text("¥84,521.00")
    assert carried(page.url)["goods"] == [{"fraccion": "08044001", **PRICE}]
    expect(page.locator("#product-hint")).to_contain_text("Mexico charges no export duty")
    product.fill("0804.40.01")
    page.get_by_role("option").nth(1).wait_for()
    product.press("ArrowDown")
    product.press("ArrowDown")
    product.press("Enter")
    page.get_by_label("Gross weight").fill("1.1 t")
    page.wait_for_function("location.hash.length > 0")
    expect(page.locator(".answer .amount")).to_have_text("¥84,521.00")
    expect(product).to_have_value("08044000 Avocados, fresh or dried")
    until(page, lambda: carried(page.url)["goods"] == [{"hs_code": "08044000", "fraccion": "08044001", **PRICE}])
    page.reload()
    answered(page)
    expect(product).to_have_value("08044000 Avocados, fresh or dried")
    expect(page.locator("#product-hint")).to_contain_text("0804.40.01 Aguacates (paltas)")
    assert witness.complaints == []


def test_candidates_on_a_phone_with_the_keyboard(browser: Browser, server: Serving, artefacts: Path):
    context = browser.new_context(locale="es-MX", viewport={"width": 390, "height": 844})
    page = context.new_page()
    witness = Witness(page)
    page.goto(f"{server.base}/?lang=es{of(fraccion='27149099')}")
    box = page.get_by_role("region", name="Líneas para elegir")
    cards = box.get_by_role("listitem")
    expect(cards).to_have_count(3)
    expect(box.get_by_role("status")).to_have_text("3 líneas")
    expect(page.locator(".answer .message")).to_contain_text("Elija la suya abajo")
    # 27149010 at 4 %: 2,800; VAT 13 % of 72,800 = 9,464; in all 82,264.
    # 27149090 at 3 %: 2,100; VAT 13 % of 72,100 = 9,373; in all 81,473. And 2,880 each.
    expected = ((0, "27149010", ("2,800", "9,464", "85,144")), (2, "27149090", ("2,100", "9,373", "84,353")))
    for at, code, figures in expected:
        expect(cards.nth(at).get_by_role("heading")).to_have_text(code)
        for figure in figures:
            expect(cards.nth(at)).to_contain_text(f"¥{figure}.00")
    expect(cards.nth(0)).to_contain_text("Betunes y asfaltos naturales")
    # In Spanish the second is called as the first.
    expect(cards.nth(1).locator("[lang=zh]")).to_contain_text("乳化沥青")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert Axe().run(page).response["violations"] == []
    page.screenshot(path=artefacts / "page-candidates-phone.png", full_page=True)
    box.get_by_role("button", name="Tomar esta línea: 27149090").press("Enter")
    expect(page.get_by_role("combobox", name="Producto")).to_be_focused()
    expect(answered(page).locator(".amount")).to_have_text("¥84,353.00")
    expect(cards).to_have_count(0)
    assert carried(page.url)["goods"] == [{"hs_code": "27149090", "fraccion": "27149099", **PRICE}]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.screenshot(path=artefacts / "page-chosen-phone.png", full_page=True)
    assert witness.complaints == []
    assert witness.origins() == {server.base}
    context.close()


@pytest.mark.parametrize(
    ("goods", "code", "amount"),
    [
        # 70,000 at 10 % = 7,000; VAT 9 % of 77,000 = 6,930; in all 83,930, and 2,880.
        ({"product": "squid-frozen"}, "03074390", "¥86,810.00"),
        ({"hs_code": "271490"}, "27149090", "¥84,353.00"),
    ],
)
def test_six_digits_and_a_product_of_several_lines(
    page: Page, server: Serving, goods: dict[str, str], code: str, amount: str
):
    page.goto(f"{server.base}/?lang=zh{of(**goods)}")
    card = page.locator(".candidates .card").filter(has=page.get_by_role("heading", name=code))
    expect(card.locator(".figure")).to_have_text(amount)
    card.get_by_role("button", name=f"选用此税号：{code}").click()
    expect(answered(page).locator(".amount")).to_have_text(amount)
    assert carried(page.url)["goods"] == [{"hs_code": code, **PRICE}]


@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_several_goods_have_a_list_each(browser: Browser, server: Serving, artefacts: Path, language: str):
    context = browser.new_context(locale=language, viewport={"width": 390, "height": 844})
    page = context.new_page()
    goods = [{"fraccion": "27149099", **PRICE}, {"product": "squid-frozen", **PRICE}]
    page.goto(f"{server.base}/?lang={language}{link({**CIF, 'goods': goods})}")
    lists = page.locator(".candidates section")
    expect(lists).to_have_count(2)
    bitumen, squid = lists.nth(0), lists.nth(1)
    expect(bitumen.get_by_role("heading", level=3)).to_contain_text("2714.90.99")
    assert bitumen.get_by_role("heading", level=4).all_inner_texts() == ["27149010", "27149020", "27149090"]
    assert squid.get_by_role("heading", level=4).all_inner_texts() == ["03074310", "03074390"]
    waits = {"en": "The code of goods 2 leaves", "es": "El código de la mercancía 2", "zh": "第 2 项货物的编码"}
    expect(bitumen.get_by_role("listitem").first).to_contain_text(waits[language])
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert Axe().run(page).response["violations"] == []
    page.locator(".candidates").screenshot(path=artefacts / f"page-two-lists-{language}.png")
    bitumen.get_by_role("listitem").nth(2).get_by_role("button").click()
    # 27149090: 81,473; squid at 12 %: 8,400, VAT 9 % of 78,400 = 7,056, in all 85,456; at 10 %: 83,930. The charges at
    # destination of the one container are 2,880: in all 169,809 and 168,283.
    expect(lists).to_have_count(1)
    cards = lists.get_by_role("listitem")
    expect(cards.nth(0).locator(".figure")).to_have_text("¥169,809.00")
    expect(cards.nth(1).locator(".figure")).to_have_text("¥168,283.00")
    cards.nth(1).get_by_role("button").click()
    expect(answered(page).locator(".amount")).to_have_text("¥168,283.00")
    expect(lists).to_have_count(0)
    context.close()
