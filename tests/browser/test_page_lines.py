"""Several lines of goods in the form of the page, priced as one consignment."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Witness
from tests.browser.front import USUAL, answered, carried, link, own
from tests.browser.gate import Gate
from tests.browser.shop import ASKED, until, yuan
from tests.servers import Serving

pytestmark = pytest.mark.slow
OIL: dict[str, Any] = {
    "product": "avocado-oil",
    "quantity": "2 t",
    "price": {"amount": "9.5", "currency": "USD", "per": "kg"},
}
AVOCADO, BOTTLED = "Hass avocado, fresh", "avocado oil, bottled"
TWO = [*ASKED["goods"], OIL]


def rows(page: Page) -> list[list[str]]:
    """What is shown of each line: its name, its landed cost, its price per kilogram."""
    found = page.locator(".priced tbody tr")
    return [[*row.locator("th > span:first-child, bdi").all_inner_texts()] for row in found.all()]


def expected(quote: dict[str, Any], *names: str) -> list[list[str]]:
    """The same from the API's answer, by the names in the form."""
    return [
        [
            f"{at}. {names[at - 1]}",
            yuan(line["landed_cost"]),
            yuan(next(each["amount"] for each in line["per_unit"] if each["unit"] == "kg")),
        ]
        for at, line in enumerate(quote["goods"], 1)
    ]


def test_lines_are_added_and_removed_with_the_keyboard(page: Page, gate: Gate, server: Serving, witness: Witness):
    page.goto(f"{gate.base}/?lang=en{link(USUAL)}")
    answered(page)
    expect(page.locator(".priced")).to_be_hidden()
    expect(page.get_by_role("button", name="Remove: Goods 1")).to_be_hidden()
    before = len(gate.asked)
    page.get_by_role("button", name="Add other goods").press("Enter")
    second = page.get_by_role("group", name="Goods 2")
    expect(second.get_by_role("combobox", name="Product")).to_be_focused()
    page.keyboard.type("avocado oil")
    second.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".start")).to_contain_text("Goods 2. Still to be filled in: Quantity and Price.")
    page.keyboard.press("Tab")
    page.keyboard.type("2")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.type("9.5")
    quote = own(server, goods=TWO)
    answer = answered(page)
    expect(answer.locator(".amount")).to_have_text(yuan(quote["totals"]["landed_cost"]))
    expect(answer.locator(".terms")).to_contain_text("2 lines of goods")
    expect(answer.locator(".units")).to_be_hidden()
    assert rows(page) == expected(quote, AVOCADO, BOTTLED)
    assert carried(page.url) == {**USUAL, "goods": TWO}
    assert gate.asked[before:][-1]["goods"] == TWO
    assert gate.most_open == 1
    page.get_by_role("button", name="Remove: Goods 1").press("Enter")
    expect(page.get_by_role("button", name="Add other goods")).to_be_focused()
    alone = own(server, goods=[OIL])
    expect(answer.locator(".amount")).to_have_text(yuan(alone["totals"]["landed_cost"]))
    expect(page.get_by_role("combobox", name="Product")).to_have_value("avocado oil, bottled")
    expect(page.locator(".priced")).to_be_hidden()
    expect(page.get_by_role("button", name="Remove: Goods 1")).to_be_hidden()
    assert witness.complaints == []


def test_a_problem_stands_in_its_line_and_empty_lines_do_not_count(page: Page, server: Serving):
    page.goto(f"{server.base}/?lang=en{link({**USUAL, 'goods': TWO})}")
    answered(page)
    expect(page.locator(".notice")).to_be_empty()
    expect(page.get_by_role("combobox", name="Product").nth(1)).to_have_value("avocado oil, bottled")
    page.get_by_role("button", name="Add other goods").click()
    page.get_by_role("button", name="Add other goods").click()
    answered(page)
    fourth = page.get_by_role("group", name="Goods 4")
    fourth.get_by_role("textbox", name="Price").fill("7")
    expect(page.locator(".start")).to_contain_text("Goods 4. Still to be filled in: Product and Quantity.")
    fourth.get_by_role("combobox", name="Product").fill("avocado-fresh")
    fourth.get_by_role("combobox", name="Product").press("Enter")
    fourth.get_by_role("textbox", name="Quantity").fill("1,5")
    expect(fourth.locator(".error").filter(has_text="1.5 t")).to_be_visible()
    assert page.locator("#form [aria-invalid]").count() == 1
    fourth.get_by_role("textbox", name="Quantity").fill("1.5")
    third = {"product": "avocado-fresh", "quantity": "1.5 t", "price": {"amount": "7", "currency": "USD", "per": "kg"}}
    quote = own(server, goods=[*TWO, third])
    expect(page.locator(".answer .amount")).to_have_text(yuan(quote["totals"]["landed_cost"]))
    assert rows(page) == expected(quote, AVOCADO, BOTTLED, "avocado-fresh")
    assert carried(page.url)["goods"] == [*TWO, third]


def test_what_no_package_tells_is_asked_where_it_is_needed(page: Page, server: Serving):
    line = {"hs_code": "22089010", "quantity": "1000 L", "price": {"amount": "12", "currency": "USD", "per": "L"}}
    goods = [ASKED["goods"][0], line]
    page.goto(f"{server.base}/?lang=en{link({**USUAL, 'goods': goods})}")
    second = page.get_by_role("group", name="Goods 2")
    weight = second.get_by_label("Gross weight")
    expect(weight).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("group", name="Goods 1").get_by_label("Gross weight")).to_be_hidden()
    weight.fill("1.6 t")
    quote = own(server, goods=[goods[0], {**line, "gross_weight": "1.6 t"}])
    expect(page.locator(".answer .amount")).to_have_text(yuan(quote["totals"]["landed_cost"]))


def test_axe_finds_nothing_in_several_lines(page: Page, server: Serving, artefacts: Path):
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 1280, "height": 900})
    request = {**USUAL, "goods": TWO, "incoterm": "EXW"}
    page.goto(f"{server.base}/?lang=en{link(request)}")
    expect(page.locator("#pre-carriage-error")).not_to_be_empty()
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    page.locator("#origin-charges").fill("2100")
    answered(page)
    page.wait_for_timeout(300)
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    page.screenshot(path=artefacts / "page-lines.png", full_page=True)


def test_several_lines_on_a_phone(browser: Browser, server: Serving, artefacts: Path):
    context = browser.new_context(
        locale="zh-CN", viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True, color_scheme="dark"
    )
    page = context.new_page()
    page.goto(f"{server.base}/{link({**USUAL, 'goods': TWO})}")
    answered(page)
    quote = own(server, goods=TWO, language="zh")
    until(page, lambda: rows(page) == expected(quote, "鲜牛油果", "牛油果油"))
    page.get_by_role("button", name="添加货物").tap()
    page.get_by_role("button", name="删除：货物 3").tap()
    answered(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.screenshot(path=artefacts / "page-phone-lines.png", full_page=True)
    context.close()


def test_two_hundred_lines_and_a_link_with_more(page: Page, server: Serving):
    many = [{**ASKED["goods"][0], "quantity": f"{at} kg"} for at in range(1, 203)]
    page.goto(f"{server.base}/?lang=en{link({**USUAL, 'goods': many})}")
    expect(page.locator(".notice")).to_contain_text("The link says more than this form can show.")
    expect(page.locator(".line")).to_have_count(200)
    expect(page.get_by_role("button", name="Add other goods")).to_be_hidden()
    answered(page)
    expect(page.locator(".priced tbody tr")).to_have_count(200)
    assert len(carried(page.url)["goods"]) == 200
