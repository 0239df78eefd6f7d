"""Whole files on the page at /, in a real Chromium: chosen, understood, priced and given back."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from api.batches.results import RESULTS
from api.key_text import SECRET
from api.keyring import Terms
from tests.api.batches.books import HEADINGS, LANDED_COST, ROW, of_rows, results
from tests.browser.conftest import Witness
from tests.browser.front import USUAL, link
from tests.browser.test_page_keys import enter, locked, made
from tests.flat import AVOCADO
from tests.servers import Serving

pytestmark = pytest.mark.slow
__all__ = ["locked"]


@pytest.fixture
def opened(page: Page, server: Serving, witness: Witness) -> Iterator[Page]:
    """The page in English, which complains of nothing."""
    page.goto(f"{server.base}/?lang=en")
    yield page
    assert witness.complaints == []
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


def chosen(page: Page, name: str, body: bytes | Path) -> None:
    """Choose a file."""
    content = body.read_bytes() if isinstance(body, Path) else body
    page.locator("#file").set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})


def priced(page: Page, name: str) -> Path:
    """Price the file, and what comes back under this name."""
    page.get_by_role("button", name="Price this file").click()
    with page.expect_download() as got:
        page.get_by_role("link", name=f"Download {name}").click(timeout=60_000)
    assert got.value.suggested_filename == name
    return Path(got.value.path())


def csv_of(headings: list[str], *rows: list[str]) -> bytes:
    return "".join(f"{','.join(row)}\r\n" for row in (headings, *rows)).encode()


def table(path: Path) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(path.read_text())))


def meaning(page: Page, heading: str) -> Any:
    return page.get_by_role("combobox", name=heading, exact=True)


def test_columns_are_mapped_and_the_file_is_priced(opened: Page):
    names = {"product": "Ware", "price": "Preis", "per": "je"}
    body = csv_of(["SKU", *(names.get(name, name) for name in AVOCADO)], ["0007", *AVOCADO.values()])
    chosen(opened, "orders.csv", body)
    button = opened.get_by_role("button", name="Price this file")
    expect(opened.locator(".mapping tbody tr")).to_have_count(len(AVOCADO) + 1)
    missing = opened.locator(".understood li")
    expect(missing).to_have_text(
        ["Still missing: price.", "Still missing: product / hs code / fraccion / description."]
    )
    expect(button).to_be_disabled()
    expect(meaning(opened, "quantity")).to_have_value("quantity")
    expect(opened.get_by_role("row", name="SKU")).to_contain_text("0007")
    expect(meaning(opened, "SKU")).to_have_value("")
    meaning(opened, "Ware").select_option("product")
    expect(missing).to_have_text(["Still missing: price."])
    meaning(opened, "Preis").select_option("price")
    meaning(opened, "je").select_option("per")
    expect(missing).to_have_count(0)
    expect(button).to_be_enabled()
    (row,) = table(priced(opened, "orders-priced.csv"))
    assert (row["SKU"], row["Ware"], row["landed_cost"], row["error"]) == ("0007", AVOCADO["product"], "364556.24", "")
    expect(opened.locator(".files-box .saved")).to_contain_text("1 row priced.")


def test_two_columns_for_one_meaning_are_told(opened: Page):
    chosen(opened, "orders.csv", csv_of([*AVOCADO, "Menge"], [*AVOCADO.values(), "1 t"]))
    meaning(opened, "Menge").select_option("quantity")
    expect(opened.locator(".understood li")).to_contain_text("Menge")
    expect(opened.get_by_role("button", name="Price this file")).to_be_disabled()
    meaning(opened, "Menge").select_option("")
    expect(opened.get_by_role("button", name="Price this file")).to_be_enabled()


def test_a_heading_that_cannot_be_given_a_meaning_says_why(opened: Page):
    chosen(opened, "orders.csv", csv_of([*AVOCADO, "Menge;Einheit"], [*AVOCADO.values(), "1 t"]))
    expect(meaning(opened, "Menge;Einheit")).to_be_disabled()
    expect(meaning(opened, "Menge;Einheit")).to_have_accessible_description(re.compile("semicolon"))
    (row,) = table(priced(opened, "orders-priced.csv"))
    assert (row["Menge;Einheit"], row["landed_cost"]) == ("1 t", "364556.24")


def test_many_columns_with_long_headings_are_mapped(opened: Page):
    long = {name: f"As the forwarder's form calls it = {name}" for name in AVOCADO}
    chosen(opened, "orders.csv", csv_of(list(long.values()), [*AVOCADO.values()]))
    for name, heading in long.items():
        meaning(opened, heading).select_option(name)
        expect(meaning(opened, heading)).to_have_value(name)
    expect(opened.locator(".understood li")).to_have_count(0)
    (row,) = table(priced(opened, "orders-priced.csv"))
    assert row["landed_cost"] == "364556.24"


def test_a_file_that_has_changed_is_to_be_chosen_again(opened: Page, tmp_path: Path):
    file = tmp_path / "orders.csv"
    file.write_bytes(csv_of([*AVOCADO], [*AVOCADO.values()]))
    opened.locator("#file").set_input_files(file)
    button = opened.get_by_role("button", name="Price this file")
    expect(button).to_be_enabled()
    file.write_bytes(csv_of([*AVOCADO], *[[*AVOCADO.values()]] * 2))
    button.click()
    expect(opened.locator(".files-box .saved .error")).to_have_text(
        "The file has changed since you chose it. Choose it again."
    )
    with opened.expect_file_chooser() as chooser:
        opened.locator(".drop").click()
    chooser.value.set_files(file)
    expect(opened.locator(".files-box .saved .error")).to_have_count(0)
    assert len(table(priced(opened, "orders-priced.csv"))) == 2


def test_a_workbook_comes_back_with_problems_counted(opened: Page, tmp_path: Path):
    wrong = ["20.16" if name == "quantity" else value for name, value in zip(HEADINGS, ROW, strict=True)]
    source = of_rows(tmp_path / "in.xlsx", HEADINGS, ROW, wrong)
    chosen(opened, "orders.XLSX", source)
    expect(opened.get_by_label("Sheet (empty")).to_be_visible()
    opened.get_by_label("Sheet (empty").fill("Nowhere")
    opened.get_by_label("Sheet (empty").press("Enter")
    expect(opened.locator(".files-box .saved .error")).to_contain_text("Nowhere")
    opened.get_by_label("Sheet (empty").fill("")
    opened.get_by_label("Sheet (empty").press("Enter")
    found = priced(opened, "orders-priced.xlsx")
    expect(opened.locator(".files-box .saved")).to_contain_text("2 rows priced. 1 has a problem")
    workbook = found.rename(tmp_path / "priced.xlsx")
    assert results(workbook, 1)["landed_cost"] == LANDED_COST
    assert "quantity" in results(workbook, 2)["error"]


def test_a_long_file_is_a_job_that_is_followed(opened: Page):
    rows = [[f"{number:06d}", *AVOCADO.values()] for number in range(10_001)]
    chosen(opened, "orders.csv", csv_of(["SKU", *AVOCADO], *rows))
    expect(opened.get_by_role("button", name="Price this file")).to_be_enabled()
    found = table(priced(opened, "orders-priced.csv"))
    assert [row["SKU"] for row in found] == [row[0] for row in rows]
    assert {row["landed_cost"] for row in found} == {"364556.24"}
    expect(opened.locator(".files-box .saved")).to_contain_text("10,001 rows priced.")


def test_what_is_lost_on_the_way_is_asked_for_again(page: Page, server: Serving):
    page.goto(f"{server.base}/?lang=en")
    lost: list[str] = []

    def once(route: Route) -> None:
        kind = "result" if route.request.url.endswith("/result") else "job"
        if kind in lost:
            return route.continue_()
        lost.append(kind)
        return route.abort()

    page.route(re.compile(r"/v1/batches/j_"), once)
    chosen(page, "orders.csv", csv_of([*AVOCADO], *([*AVOCADO.values()] for _ in range(10_001))))
    assert len(table(priced(page, "orders-priced.csv"))) == 10_001
    assert lost == ["job", "result"]


def test_a_job_can_be_cancelled(opened: Page, server: Serving):
    jobs: list[str] = []
    opened.on("response", lambda answer: jobs.append(answer.json()["links"]["self"]) if answer.status == 202 else None)
    chosen(opened, "orders.csv", csv_of([*AVOCADO], *([*AVOCADO.values()] for _ in range(200_000))))
    opened.get_by_role("button", name="Price this file").click()
    expect(opened.get_by_text("rows so far")).to_be_visible(timeout=60_000)
    opened.get_by_role("button", name="Cancel").click()
    expect(opened.locator(".files-box .saved")).to_have_text("Cancelled.")
    expect(opened.get_by_role("button", name="Price this file")).to_be_enabled()
    (job,) = jobs
    told = opened.evaluate("async (path) => (await fetch(path)).json()", f"{server.base}{job}")
    assert told["status"] in ("cancelled", "done")


def test_what_is_no_file_of_rows_is_told(opened: Page):
    for name, body, text in (
        ("order.pdf", b"%PDF", "These we can: csv, xlsx"),
        ("order.xlsx", b"no workbook", "no whole workbook"),
        ("order.csv", b"", "no headings"),
    ):
        chosen(opened, name, body)
        expect(opened.locator(".files-box .saved .error")).to_contain_text(text)
        expect(opened.get_by_role("button", name="Price this file")).to_be_disabled()


def test_a_file_is_dropped(opened: Page):
    body = csv_of([*AVOCADO], [*AVOCADO.values()]).decode()
    data = opened.evaluate_handle(
        """(text) => { const data = new DataTransfer(); data.items.add(new File([text], "dropped.csv")); return data; }""",
        body,
    )
    opened.dispatch_event(".drop", "drop", {"dataTransfer": data})
    (row,) = table(priced(opened, "dropped-priced.csv"))
    assert list(row)[-len(RESULTS) :] == list(RESULTS)
    assert row["landed_cost"] == "364556.24"


def test_a_server_with_keys_wants_one_for_files(locked: Any, page: Page):
    serving, keys = locked
    page.goto(f"{serving.base}/{link(USUAL)}")
    chosen(page, "orders.csv", csv_of([*AVOCADO], [*AVOCADO.values()]))
    expect(page.locator(".files-box .saved .error")).to_contain_text("This server asks for a key.")
    enter(page, made(keys, Terms(SECRET, "packing house", "600/minute")))
    (row,) = table(priced(page, "orders-priced.csv"))
    assert row["landed_cost"] == "364556.24"


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("es", 390), ("zh", 1280)])
def test_pictures(browser: Browser, server: Serving, artefacts: Path, language: str, width: int):
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(f"{server.base}/?lang={language}")
    chosen(page, "pedidos.csv", csv_of(["SKU", "Ware", *AVOCADO], ["0007", "x", *AVOCADO.values()]))
    page.locator(".mapping tbody tr").first.wait_for()
    page.locator(".files-box").screenshot(path=artefacts / f"files-{language}.png")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
