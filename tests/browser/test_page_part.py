"""The part of a line with a rate of its own, and dotted codes of either country, in the form of the page and in the element."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Witness
from tests.browser.front import answered, carried, link
from tests.browser.shop import until
from tests.browser.test_page_fraccion import CIF, PRICE
from tests.servers import Serving

pytestmark = pytest.mark.slow
# Frozen avocado is a part of 08119090: 7 % where the line has 30 %, and VAT 9 %. The planning charges at destination are 2,880.
# The line: 70,000 at 30 % = 21,000; VAT 9 % of 91,000 = 8,190; in all 99,190, and 2,880.
# The part: 70,000 at 7 % = 4,900; VAT 9 % of 74,900 = 6,741; in all 81,641, and 2,880.
FROZEN, LINE, PART = "08119090", "102,070.00", "84,521.00"
SAID = {
    "en": ("Part with a lower rate", "In the official Chinese text: 7% · 冷冻鳄梨.", "They do not belong to it"),
    "es": ("Parte con tasa más baja", "En el texto oficial chino: 7% · 冷冻鳄梨.", "No pertenecen a ella"),
    "zh": ("适用较低税率的部分", "货物确属该部分时才选择：7% · 冷冻鳄梨。", "不属于该部分"),
}


def of(**goods: Any) -> str:
    """A link to the form with one line of goods."""
    return link({**CIF, "goods": [{**goods, **PRICE}]})


@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_a_part_is_asked_for_and_claimed_on_a_phone(browser: Browser, server: Serving, artefacts: Path, language: str):
    context = browser.new_context(locale=language, viewport={"width": 390, "height": 844})
    page = context.new_page()
    witness = Witness(page)
    page.goto(f"{server.base}/?lang={language}{of(hs_code=FROZEN)}")
    label, hint, no = SAID[language]
    amount = answered(page).locator(".amount")
    expect(amount).to_have_text(f"¥{LINE}")
    part = page.get_by_label(label)
    expect(part).to_be_visible()
    expect(page.locator("#tariff-part-hint")).to_contain_text(hint)
    assert part.locator("option").all_inner_texts()[1:] == ["7% · 冷冻鳄梨", no]
    expect(page.locator("#tariff-part-hint [lang=zh]")).to_have_text("冷冻鳄梨")
    expect(part.locator("option[lang=zh]")).to_have_text("7% · 冷冻鳄梨")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert Axe().run(page).response["violations"] == []
    page.locator("#form").screenshot(path=artefacts / f"page-part-{language}.png")
    part.select_option("7% · 冷冻鳄梨")
    expect(amount).to_have_text(f"¥{PART}")
    assert carried(page.url)["goods"] == [{"hs_code": FROZEN, "tariff_part": True, **PRICE}]
    # It stays to be answered otherwise.
    expect(part).to_have_value("true")
    part.select_option(no)
    expect(amount).to_have_text(f"¥{LINE}")
    assert carried(page.url)["goods"][0]["tariff_part"] is False
    page.reload()
    expect(answered(page).locator(".amount")).to_have_text(f"¥{LINE}")
    expect(part).to_have_value("false")
    assert witness.complaints == []
    context.close()


def test_a_part_is_not_that_of_other_goods(page: Page, server: Serving):
    page.goto(f"{server.base}/?lang=en{of(hs_code=FROZEN, tariff_part=True)}")
    expect(answered(page).locator(".amount")).to_have_text(f"¥{PART}")
    expect(page.get_by_label("Part with a lower rate")).to_have_value("true")
    product = page.get_by_role("combobox", name="Product")
    product.fill("08044000")
    product.press("Enter")
    page.get_by_label("Gross weight").fill("1.1 t")
    # 70,000 at 7 % = 4,900; VAT 9 % of 74,900 = 6,741; in all 81,641, and 2,880.
    expect(page.locator(".answer .amount")).to_have_text(f"¥{PART}")
    expect(page.get_by_label("Part with a lower rate")).to_be_hidden()
    assert "tariff_part" not in carried(page.url)["goods"][0]


def typed(page: Page, server: Serving, text: str) -> None:
    """A code written into the form and left so."""
    page.goto(f"{server.base}/?lang=en{of(hs_code='08044000')}")
    answered(page)
    product = page.get_by_role("combobox", name="Product")
    product.fill(text)
    product.press("Tab")


def test_a_dotted_code_that_only_china_has_is_its_line(page: Page, server: Serving):
    typed(page, server, "0804.50.20")
    expect(page.locator("#product-hint")).to_contain_text("Read as the Chinese line 08045020")
    expect(page.get_by_role("combobox", name="Product")).to_have_value("08045020 Mangoes, fresh or dried")
    page.get_by_label("Gross weight").fill("1.1 t")
    until(page, lambda: carried(page.url)["goods"] == [{"hs_code": "08045020", **PRICE}])


def test_a_dotted_code_that_both_have_is_said_to_be_mexicos(page: Page, server: Serving, artefacts: Path):
    typed(page, server, "1211.90.99")
    hint = page.locator("#product-hint")
    expect(hint).to_contain_text("Read as the Mexican code. China has a line of the same digits")
    expect(hint).to_contain_text("write 12119099 without points")
    page.locator("#form").screenshot(path=artefacts / "page-code-of-both.png")
    assert carried(page.url)["goods"][0]["fraccion"] == "12119099"
    product = page.get_by_role("combobox", name="Product")
    product.fill("1211.90.99")
    options = page.get_by_role("option")
    expect(options.nth(0)).to_contain_text("1211.90.99")
    expect(options.nth(1)).to_contain_text("A line of the Chinese tariff")
    product.fill("12119099")
    product.press("Tab")
    expect(hint).not_to_contain_text("Read as")
    until(page, lambda: carried(page.url)["goods"][0].get("hs_code") == "12119099")


@pytest.mark.parametrize("text", ["804.40.01", "8044001"])
def test_a_fraccion_without_its_zero(page: Page, server: Serving, text: str, artefacts: Path):
    typed(page, server, text)
    expect(page.locator("#product-error")).to_contain_text("did you mean 0804.40.01?")
    page.locator("#form").screenshot(path=artefacts / "page-without-zero.png")
    product = page.get_by_role("combobox", name="Product")
    product.fill(text)
    expect(page.get_by_role("option").first).to_contain_text("0804.40.01 Aguacates")


@pytest.mark.parametrize("asked", ["fraccion=08045020", "q=08045020"])
@pytest.mark.parametrize(("status", "told"), [(429, "Slower, please."), (0, "")])
def test_a_code_that_could_not_be_looked_up_stays_as_it_was_written(
    page: Page, server: Serving, asked: str, status: int, told: str
):
    """Only China has it, but nobody has said so."""
    problem = {"type": "/problems/x", "title": "X", "status": status, "detail": told}
    page.route(
        lambda address: asked in address,
        lambda route: (
            route.fulfill(status=status, json=problem, content_type="application/problem+json")
            if status
            else route.abort()
        ),
    )
    typed(page, server, "0804.50.20")
    hint = page.locator("#product-hint")
    expect(hint).to_contain_text(told or "cannot be reached")
    expect(hint).to_have_class("aside told")
    until(page, lambda: carried(page.url)["goods"][0].get("fraccion") == "08045020")
    assert "hs_code" not in carried(page.url)["goods"][0]


def test_a_code_that_is_looked_up_is_not_the_one_that_was_priced(page: Page, server: Serving):
    """The price of the goods before cannot be saved meanwhile, and what comes late changes no other goods."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(lambda address: "fraccion=08045020" in address, hold)
    page.goto(f"{server.base}/?lang=en{of(hs_code='08044000')}")
    answered(page)
    save = page.get_by_role("button", name="Save this quote")
    expect(save).to_be_enabled()
    product = page.get_by_role("combobox", name="Product")
    product.fill("0804.50.20")
    product.press("Enter")
    assert save.is_disabled()
    until(page, lambda: held != [])
    product.fill("08119090")
    product.press("Enter")
    until(page, lambda: carried(page.url)["goods"][0].get("hs_code") == "08119090")
    for route in held:
        route.fallback()
    page.wait_for_timeout(1000)
    assert carried(page.url)["goods"][0]["hs_code"] == "08119090"
    expect(product).to_have_value("08119090")
