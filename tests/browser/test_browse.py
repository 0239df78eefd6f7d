"""The pages at /tariff in a real Chromium: walking, searching, quoting, in three languages, on a phone, by the keyboard."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Witness
from tests.browser.front import carried
from tests.servers import Serving

pytestmark = pytest.mark.slow
PAGES = ("", "/II", "/08", "/0804", "/080450", "/08044000", "/22030000")
NAMES = {
    "en": ("Section II Vegetable products", "Find a tariff line", "Quote this", "Rates and taxes"),
    "es": ("Sección II Productos vegetales", "Buscar una línea arancelaria", "Cotizar esto", "Tasas e impuestos"),
    "zh": ("第II类 植物产品", "查找税目", "按此税目计算", "税率和税收"),
}


@pytest.mark.parametrize("language", NAMES)
def test_from_a_section_to_a_line_and_its_price(language: str, page: Page, server: Serving, witness: Witness):
    section, _, quote, rates = NAMES[language]
    page.goto(f"{server.base}/tariff?language={language}")
    page.get_by_role("link", name=section, exact=True).click()
    for code in ("08", "0804", "0804.50", "0804.50.20"):
        page.locator("table").get_by_role("link", name=code, exact=True).click()
    expect(page).to_have_url(f"{server.base}/tariff/08045020?language={language}")
    expect(page.get_by_role("heading", name=rates)).to_be_visible()
    row = page.get_by_role("row").filter(has_text="15%").first
    expect(row).to_be_visible()
    page.get_by_role("link", name=quote, exact=True).click()
    # The form has the code and its name, and asks for what is left; nothing of the link was left out.
    product = page.get_by_role("combobox").first
    expect(product).to_have_value(re.compile("^08045020 "))
    assert carried(page.url)["goods"][0]["hs_code"] == "08045020"
    expect(page.locator(".notice").first).to_be_empty()
    assert page.locator("html").get_attribute("lang") == language
    assert witness.complaints == []
    assert witness.origins() == {server.base}


def test_the_day_that_was_asked_goes_into_the_form(page: Page, server: Serving):
    page.goto(f"{server.base}/tariff/08044000?language=es")
    page.get_by_label("Ley del día").fill("2026-11-23")
    page.get_by_role("button", name="Mostrar").click()
    expect(page).to_have_url(f"{server.base}/tariff/08044000?on=2026-11-23&language=es")
    page.get_by_role("link", name="Cotizar: aguacate Hass fresco").click()
    expect(page.get_by_role("combobox", name="Producto")).to_have_value("aguacate Hass fresco")
    expect(page.get_by_label("Día de la declaración")).to_have_value("2026-11-23")
    page.get_by_role("navigation", name="Páginas").get_by_role("link", name="Tarifa china").click()
    expect(page).to_have_url(f"{server.base}/tariff?language=es")


def test_search_as_you_type_with_the_keyboard_alone(page: Page, server: Serving, witness: Witness):
    page.goto(f"{server.base}/tariff?language=es&on=2026-11-23")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Ir al contenido")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    field = page.get_by_role("combobox", name="Buscar una línea arancelaria")
    expect(field).to_be_focused()
    page.keyboard.type("aguacate")
    expect(page.get_by_role("option").first).to_contain_text("08044000")
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "q-list-0")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{server.base}/tariff/08044000?language=es&on=2026-11-23")
    # A field that is left, or a list that is not used, leads nowhere; Enter then asks for the page of what is found.
    field.fill("0804.50.20")
    expect(page.get_by_role("option").first).to_be_visible()
    field.blur()
    expect(page).to_have_url(re.compile("/tariff/08044000"))
    field.fill("mango")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Líneas para «mango»")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="0804.50.20")).to_be_visible()
    assert witness.complaints == []


def test_the_language_changes_on_the_spot(page: Page, server: Serving):
    page.goto(f"{server.base}/tariff/08044000?on=2026-11-23&language=en")
    for name, tag, heading in (("中文", "zh", "鳄梨"), ("Español", "es", "Aguacates"), ("English", "en", "Avocados")):
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
        expect(page.locator("html")).to_have_attribute("lang", tag)
        assert "on=2026-11-23" in page.url


@pytest.mark.parametrize("language", NAMES)
@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_the_screen(
    language: str, width: int, browser: Browser, server: Serving, artefacts: Path
):
    context = browser.new_context(viewport={"width": width, "height": 850}, is_mobile=width < 500)
    page = context.new_page()
    for place in PAGES:
        page.goto(f"{server.base}/tariff{place}?language={language}&on=2026-11-23")
        assert page.evaluate("document.documentElement.scrollWidth") == width, place
        # A wide table scrolls in its own box, which the keyboard reaches.
        for box in page.locator(".wide").all():
            assert box.evaluate("each => each.clientWidth <= document.documentElement.clientWidth"), place
            assert box.get_attribute("tabindex") == "0"
        page.screenshot(path=artefacts / f"tariff-{place.strip('/') or 'start'}-{language}-{width}.png", full_page=True)
    context.close()


def test_everybody_can_read_it(browser: Browser, server: Serving):
    """Axe finds nothing, in light and in dark."""
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme, bypass_csp=True, viewport={"width": 900, "height": 900})
        page = context.new_page()
        for place in PAGES:
            page.goto(f"{server.base}/tariff{place}?language=en&on=2026-11-23")
            found = Axe().run(page)
            assert found.violations_count == 0, (scheme, place, found.generate_report())
        context.close()


def test_without_a_script(browser: Browser, server: Serving):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server.base}/tariff?language=en")
    page.get_by_label("Find a tariff line").fill("avocado")
    page.get_by_role("button", name="Search").click()
    page.locator("table").get_by_role("link", name="0804.40.00").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Avocados, fresh or dried")
    context.close()


def test_the_whole_table_is_downloaded(page: Page, server: Serving, tmp_path: Path):
    page.goto(f"{server.base}/tariff?language=es&on=2026-11-23")
    with page.expect_download() as got:
        page.get_by_role("link", name="CSV", exact=True).click()
    path = tmp_path / "whole.csv"
    got.value.save_as(path)
    assert got.value.suggested_filename == "galeon-tariff-2026-11-23.csv"
    assert len(path.read_text(encoding="utf-8-sig").splitlines()) == 8973
