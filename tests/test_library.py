"""Galeón as a library: its guide and its notebook run as printed, and an installed wheel is typed and lives beside pandas."""

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest

import calculator
from api.batches.frames import price_frame
from calculator import Money
from tariffs import load_book
from tariffs.book import Book
from tariffs.overlay import OverlayRefused

ROOT = Path(__file__).parent.parent
GUIDE, NOTEBOOK = ROOT / "docs" / "library.md", ROOT / "docs" / "library.ipynb"
DAY = date(2026, 11, 23)
EXECUTE = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": sys.argv[3]}}).execute()
nbformat.write(notebook, sys.argv[2])
"""
# What a user writes: every value keeps its type, under mypy --strict.
TYPED = """
from datetime import date
from decimal import Decimal

from calculator import GoodsLine, Incoterm, Price, Quote, QuoteRequest, Unpriceable, month_by_month, quote_of, read_quantity
from tariffs import load_book


def landed(price: Decimal) -> Decimal:
    goods = GoodsLine(read_quantity("1000 kg"), Price(price, "CNY", "kg"), product="avocado-fresh")
    request = QuoteRequest((goods,), date(2026, 11, 23), incoterm=Incoterm.CIF)
    book = load_book()
    quote: Quote = quote_of(request, book.dossier(request))
    months = [month.quote for month in month_by_month(request, 1, 1, book.dossier)]
    assert len(months) == 3
    return quote.totals["landed_cost"]


try:
    print(landed(Decimal("20.00")))
except Unpriceable as refusal:
    print(refusal.code)
"""
MISTAKEN = TYPED + '\nwrong: int = landed(Decimal(1))\nPrice("2.90", "USD", "kg")\n'
# pandas adds its own types to pyarrow's, and must find ours beside them, whoever comes first.
BESIDE_PANDAS = """
import {first}
import {second}
from datetime import date
import calculator, tariffs
import pandas as pd
import pyarrow as pa
from api.batches.frames import price_frame
from tariffs import load_book

frame = pd.DataFrame({{
    "product": pd.Categorical(["avocado-fresh"] * 2), "quantity": "1000 kg", "price": "20.00", "currency": "CNY",
    "per": "kg", "incoterm": "CIF", "month": pd.period_range("2026-11", periods=2, freq="M"), "span": pd.interval_range(0, 2),
    "seen": pd.date_range("2026-11-23", periods=2, tz="Asia/Shanghai"),
}})
priced = price_frame(frame, load_book(), date(2026, 11, 23))
assert list(map(str, priced["landed_cost"])) == ["23326.00"] * 2, priced["error"]
for own in ("month", "span", "seen"):
    assert priced[own].dtype == frame[own].dtype, priced[own].dtype
for each in (calculator, tariffs):
    print(each.__file__)
"""


def blocks(text: str) -> list[tuple[str, str]]:
    """Each block of Python with what it prints."""
    return re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", text, re.DOTALL)


def test_every_block_of_the_guide_prints_what_stands_below_it() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    found, names = blocks(text), dict[str, Any]()
    assert len(found) == text.count("```python") == 6
    for code, expected in found:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, GUIDE.name, "exec"), names)
        assert printed.getvalue() == expected


def test_the_names_that_are_public_are_there_and_are_told() -> None:
    for name in calculator.__all__:
        assert getattr(calculator, name) is not None
    rooms = [name for names in calculator._ROOMS.values() for name in names]
    assert sorted(rooms) == sorted(calculator.__all__)
    assert set(calculator.__all__) <= set(dir(calculator))
    with pytest.raises(AttributeError, match="'calculator' has no attribute 'landed_cost'"):
        calculator.landed_cost  # type: ignore[attr-defined]  # noqa: B018
    # A name that is a module too would be one or the other, as imports come.
    assert not {path.stem for path in (ROOT / "calculator").glob("*.py")} & set(calculator.__all__)


def test_one_small_thing_does_not_load_all_the_rooms() -> None:
    code = "import sys, calculator.money; print('calculator.quote' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        == "False\n"
    )


def test_floats_are_no_money() -> None:
    with pytest.raises(TypeError):
        Money(6200.0, "USD")  # type: ignore[arg-type]


def test_the_book_takes_a_folder_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "cn").mkdir()
    (tmp_path / "sources.toml").write_text('[mine]\ntitle = "A letter"\nconfidence = "B"\n')
    rows = tmp_path / "cn" / "vat_lines.csv"
    rows.write_text("hs_code,category,confidence,basis,source\n08044000,standard,C,told,mine\n")
    assert [each.rate for each in load_book(f"{tmp_path}").records.vat("08044000", DAY)] == [Decimal("0.13")]
    rows.write_text("hs_code,category\n")
    with pytest.raises(OverlayRefused):
        load_book(tmp_path)


def test_a_frame_keeps_its_rows_and_its_index(real_book: Book) -> None:
    """20 yuan a kilogram: 1,400 of duty and 9% of 21,400; 10 yuan a kilogram half of that."""
    frame = pd.DataFrame(
        {
            "Ware": "avocado-fresh",
            "quantity": "1000 kg",
            "price": [Decimal(20), Decimal(10), None],
            "currency": "CNY",
            "per": "kg",
        }
        | {"incoterm": "CIF", "mine": [1.5, 2.5, 3.5]},
        index=pd.Index(["c", "a", "b"], name="order"),
    )
    priced = price_frame(frame, real_book, DAY, columns={"Ware": "product"}, language="es")
    assert priced.index.equals(frame.index)
    assert list(priced["mine"]) == [1.5, 2.5, 3.5]
    assert [each and f"{each}" for each in priced["landed_cost"]] == ["23326.00", "11663.00", None]
    assert isinstance(priced["landed_cost"].iloc[0], Decimal)
    assert priced["error"].iloc[2].startswith("price: ")
    assert price_frame(frame.iloc[:0], real_book, DAY, columns={"Ware": "product"}).columns.equals(priced.columns)


@pytest.mark.parametrize(
    ("frame", "language", "told"),
    [
        (
            {"product": ["avocado-fresh"], "quantity": ["1 t"], "currency": ["CNY"]},
            "en",
            "columns that are not there: price",
        ),
        ({"product": ["avocado-fresh"]}, "fr", "language is one of en, es, zh"),
    ],
)
def test_a_frame_that_does_not_do_says_why(
    frame: dict[str, list[str]], language: str, told: str, real_book: Book
) -> None:
    with pytest.raises(ValueError, match=told):
        price_frame(pd.DataFrame(frame), real_book, DAY, language=language)


def test_the_notebook_runs_and_gives_these_figures(tmp_path: Path) -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    assert not [cell for cell in notebook.cells if cell.get("outputs") or cell.get("execution_count")], (
        "outputs are stripped"
    )
    # What IPython and Jupyter keep of their own goes nowhere else.
    homes = dict.fromkeys(
        ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"), f"{tmp_path}"
    )
    done = tmp_path / "done.ipynb"
    command = [sys.executable, "-c", EXECUTE, f"{NOTEBOOK}", f"{done}", f"{tmp_path}"]
    run = subprocess.run(command, env={**os.environ, **homes}, capture_output=True, text=True, timeout=500, check=False)
    assert run.returncode == 0, run.stderr
    executed = json.loads(done.read_text(encoding="utf-8"))
    shown = ["".join(each["data"]["text/plain"]) for cell in executed["cells"] for each in cell.get("outputs", ())]
    quote, steps, rows, shares, comparison = shown
    assert quote == "Decimal('510252.47')"
    assert all(each in steps for each in ("Import VAT", "42239.26", "(customs value + customs duty", "art. 14"))
    # 20,000 kg at 2.50 x 6.7628 = 338,140; 7% = 23,669.80; 9% of 361,809.80 = 32,562.88
    # 19,000 kg at 5.00 x 6.7628 = 642,466; 8% = 51,397.28; 13% of 693,863.28 = 90,202.23
    assert all(each in rows for each in ("394372.68", "784065.51"))
    assert [len(re.findall(name, rows)) for name in ("avocado-fresh", "tequila", "coffee-green", "beer")] == [
        5,
        5,
        5,
        5,
    ]
    # 8% of duty and 13% of 108%: 22.04 of 122.04
    assert re.search(r"coffee-green .* 18\.1%", shares)
    # CIF 395,380.34: 7% = 27,676.62, 9% of 423,056.96 = 38,075.13; DDP holds the taxes already
    expected = [("DDP", "395380.34"), ("CIF", "461132.09"), ("FOB", "510252.47")]
    assert re.findall(r"(DDP|CIF|FOB) +([0-9.]+)", comparison) == expected


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that has the wheel of this working copy, and beside it what is installed here."""
    folder = tmp_path_factory.mktemp("wheel")
    source, built = folder / "source", folder / "built"
    for name in ("calculator", "tariffs", "api"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    build = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, f"{built}"], cwd=source, capture_output=True, text=True, check=True)
    venv.create(folder / "venv", symlinks=True)
    python = folder / "venv" / "bin" / "python"
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(subprocess.run([python, "-c", where], capture_output=True, text=True, check=True).stdout.strip())
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        file.extractall(packages)
    # A folder named so is read, but not the .pth files in it: the working copy is not found this way.
    (packages / "beside.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def ran(python: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What a program of the environment does in a folder of its own, without a word of the working copy."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "MYPYPATH")}
    return subprocess.run(
        [python, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=500, check=False
    )


@pytest.mark.parametrize(
    ("first", "second"), [("pandas", "calculator"), ("calculator.columns, api.batches.frames", "pandas")]
)
def test_the_wheel_lives_beside_pandas(first: str, second: str, installed: Path, tmp_path: Path) -> None:
    done = ran(installed, tmp_path, "-W", "error", "-c", BESIDE_PANDAS.format(first=first, second=second))
    assert done.returncode == 0, done.stderr
    assert all(line.startswith(f"{installed.parents[1]}") for line in done.stdout.splitlines())


def test_a_script_is_typed_against_the_wheel(installed: Path, tmp_path: Path) -> None:
    script = tmp_path / "mine.py"
    script.write_text(TYPED)
    done = ran(installed, tmp_path, f"{script}")
    assert (done.stdout, done.stderr) == ("23326.00\n", "")
    strict = ("-m", "mypy", "--strict", "--no-incremental", "--config-file=", "--python-executable", f"{installed}")
    checked = ran(Path(sys.executable), tmp_path, *strict, f"{script}")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    script.write_text(MISTAKEN)
    wrong = ran(Path(sys.executable), tmp_path, *strict, f"{script}").stdout
    assert [each in wrong for each in ("[assignment]", "[arg-type]", "Found 2 errors")] == [True] * 3, wrong
