"""A private folder laid over the tables: its rows stand in for ours, and it is refused whole or not at all."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from calculator.tariff_line import AdValorem, MeasureKind
from tariffs.acceptance import judged
from tariffs.book import Book
from tariffs.checks import check
from tariffs.laid_over import KEYS, READABLE
from tariffs.overlay import Overlay, OverlayRefused
from tariffs.records import Records
from tariffs.rows import COLUMNS

MEASURES = "hs_code,measure,expression,part,origins,valid_from,valid_to,source,confidence,note\n"
MINE = '[mine]\ntitle = "A letter of my broker"\nconfidence = "B"\n'
ON = date(2026, 11, 23)


def written(folder: Path, **files: str) -> Path:
    """A folder with these files; two underscores stand for a slash, and tables are CSV unless they begin with [."""
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + (".toml" if text.startswith(("[", "x =")) else ".csv"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def refused(folder: Path) -> list[str]:
    with pytest.raises(OverlayRefused) as error:
        Records.load(folder)
    return [str(finding).replace(f"{folder}/", "") for finding in error.value.findings]


@pytest.fixture(scope="module")
def package() -> Records:
    return Records.load()


def test_rows_of_the_same_key_stand_in_for_ours_and_others_stay(tmp_path: Path, package: Records) -> None:
    folder = written(
        tmp_path,
        sources=MINE,
        cn__measures=f"{MEASURES}08044000,provisional,5%,,,2026-06-01,2026-12-31,mine,B,\n",
    )
    records = Records.load(folder)
    provisional = [each for each in records.measures("08044000") if each.kind is MeasureKind.PROVISIONAL]
    assert [(each.rate, each.row.source) for each in provisional] == [(AdValorem(Decimal("0.05")), "mine")]
    others = [each for each in package.measures("08044000") if each.kind is not MeasureKind.PROVISIONAL]
    assert [each for each in records.measures("08044000") if each.kind is not MeasureKind.PROVISIONAL] == others
    assert records.measures("22083000") == package.measures("22083000")
    assert records.source("mine").title == "A letter of my broker"


def test_the_release_and_the_dossier_name_the_overlay(tmp_path: Path, package: Records) -> None:
    folder = written(
        tmp_path,
        sources=MINE,
        cn__vat_lines="hs_code,category,confidence,basis,source\n08044000,standard,C,told,mine\n",
    )
    book = Book.load(folder)
    version = Overlay.read(folder).version
    assert book.release == f"{package.release}+overlay-{version}"
    assert len(version) == 12
    overlay = book._tables[-1]
    assert (overlay.name, overlay.version, overlay.known_until) == ("overlay", version, None)
    changed = {state.name for state, own in zip(package.tables, book.records.tables, strict=True) if state != own}
    assert changed == {"vat"}
    assert [each.rate for each in book.records.vat("08044000", ON)] == [Decimal("0.13")]
    (folder / "sources.toml").write_text(MINE.replace("broker", "agent"), encoding="utf-8")
    assert Overlay.read(folder).version != version


def test_lines_goods_and_packages_of_ones_own(tmp_path: Path, package: Records) -> None:
    header = ",".join(COLUMNS["cn/packages.csv"])
    cells = {"product": "avocado-fresh", "package": "my-box", "net_weight_kg": "5", "pack_confidence": "C"}
    cells |= {"temperature_confidence": "C", "sources": "mine"}
    packed = ",".join(cells.get(name, "") for name in COLUMNS["cn/packages.csv"])
    folder = written(
        tmp_path,
        sources=MINE,
        tables='[tariff-lines]\nknown_until = 2027-12-31\nrow = { source = "mine", valid_from = 2026-06-01, confidence = "C" }\n',
        cn__tariff_lines="hs_code,name_zh,path_zh,unit_1,unit_2,supervision,inspection,page\n97099999,新品,,kg,,,,\n",
        cn__measures=f"{MEASURES}97099999,mfn,3%,,,2026-06-01,,mine,C,\n97099999,general,30%,,,2026-06-01,,mine,C,\n",
        cn__vat_lines="hs_code,category,confidence,basis,source\n97099999,standard,C,told,mine\n",
        cn__products=(
            "slug,en,es,zh,hs_code,subheading,source,confidence,note\n"
            "my-good,my good,mi bien,我的,97099999,970999,mine,C,\n"
        ),
        cn__packages=f"{header}\n{packed}\n",
    )
    records = Records.load(folder)
    line = records.line("97099999")
    assert line is not None
    assert (line.row.source, line.row.validity.valid_from) == ("mine", date(2026, 6, 1))
    known = records.line("08044000")
    assert known is not None
    assert known.row.source == "cn-tariff-2026"
    assert records.products["my-good"].hs_code == "97099999"
    codes = [each.code for each in records.products["avocado-fresh"].packages]
    ours = [each.code for each in package.products["avocado-fresh"].packages]
    assert codes == [*ours, "my-box"]  # the usual package stays the usual one
    states = {state.name: state for state in records.tables}
    assert states["tariff-lines"].known_until == date(2027, 12, 31)


def test_rates_of_classes_and_customs_rates(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        sources=MINE,
        cn__import_taxes=(
            '[[parameter.duty_waiver]]\nvalue = 80\nunit = "CNY"\nvalid_from = 2004-01-01\n'
            'source = "mine"\nconfidence = "C"\n'
        ),
        fx__customs_rates="month,currency,rate,quoted_as,source_day,source,confidence,note\n2026-12,USD,7.5,CNY per 1,,mine,B,\n",
    )
    book = Book.load(folder)
    assert book.records.parameter("duty_waiver", ON).value == 80
    assert [rate.rate for rate in book.records.vat("22089010", ON)] == [Decimal("0.13")]  # the other headings stay
    rate = book.fx.customs("USD", date(2026, 12, 5))
    assert (rate.multiplier, rate.source) == (Decimal("7.5"), "mine")
    assert book.fx_release != Book.load().fx_release


def test_no_folder_is_the_package(package: Records) -> None:
    assert Records.load(None).release == package.release
    assert "overlay" not in package.release


def test_an_empty_folder_adds_nothing(tmp_path: Path, package: Records) -> None:
    (tmp_path / "README.md").write_text("mine", encoding="utf-8")
    (tmp_path / ".previous").mkdir()
    (tmp_path / ".previous" / "odd.txt").write_text("kept", encoding="utf-8")
    records = Records.load(tmp_path)
    assert records.measures("08044000") == package.measures("08044000")
    assert records.release.startswith(f"{package.release}+overlay-")


# --- refused -----------------------------------------------------------------------------------------------------


def test_all_faults_at_once_each_with_its_place(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        sources=MINE + '[worse]\nconfidence = "B"\n[[parts]]\n',
        cn__mesures="x\n",
        cn__products="slug,en\n",
        cn__vat_lines="hs_code,category,confidence,basis,source\n08044000,low,C,told,mine\n08044000,standard\n22083000,a,b\n",
        cn__measures=(
            f"{MEASURES}08044000,provisional,60%,,,2026-01-01,2026-12-31,mine,B,\n"
            "08044000,mfn,abc,,,2026-01-01,,mine,A,\n08044000,general,1%,,,2026-02-30,,nobody,D,\n12,mfn,1%,,,2026-01-01,,mine,B,\n"
        ),
        cn__import_taxes=(
            '[[vat.standard]]\nrate = "much"\nvalid_from = 2016-01-01\nsource = "mine"\nconfidence = "B"\n[[vta.x]]\n'
        ),
        tables='[nothing]\nknown_until = 2027-01-01\n[vat]\nknown_until = "soon"\n[products]\nlicence = "x"\n',
        fx__customs_rates="month,currency,rate,quoted_as,source_day,source,confidence,note\n2026-13,CNY,-1,x,,mine,B,\n",
    )
    told = refused(folder)
    for start in (
        "sources.toml:4:title: text is missing",
        "sources.toml:6:parts: is not a [heading]",
        "cn/mesures.csv: is no table; is cn/measures.csv meant?",
        "cn/products.csv:1: the heading is not slug,en,es",
        "cn/vat_lines.csv:3: 2 cells where the heading has 5",
        "cn/vat_lines.csv:4: 3 cells where the heading has 5",
        "cn/measures.csv:3:expression: 'abc' is no duty rate",
        "cn/measures.csv:3:confidence: mine is only B",
        "cn/measures.csv:4:valid_from: ",
        "cn/measures.csv:4:confidence: 'D' is not A, B or C",
        "cn/measures.csv:5:hs_code: '12' is no line of the schedule",
        "cn/import_taxes.toml:1:rate: 'much' is not a number",
        "cn/import_taxes.toml:6",
        "tables.toml:1:nothing: is no table",
        "tables.toml:3:known_until: 'soon' is not a day",
        "tables.toml:5:products: may say known_until and row only",
        "fx/customs_rates.csv:2:month: ",
        "fx/customs_rates.csv:2:currency: ",
        "fx/customs_rates.csv:2:rate: ",
    ):
        assert any(each.startswith(start) for each in told), (start, told)


def test_a_provisional_rate_above_mfn_is_told_where_it_stands(tmp_path: Path) -> None:
    row = "08044000,provisional,60%,,,2026-01-01,2026-12-31,mine,B,\n"
    (told,) = refused(written(tmp_path, sources=MINE, cn__measures=MEASURES + row))
    assert told.startswith("cn/measures.csv:2:expression: 08044000: 0.60 is above MFN 0.25")


def test_overlapping_rows_name_the_other_one(tmp_path: Path) -> None:
    rows = "08044000,mfn,20%,,,2026-01-01,,mine,B,\n08044000,mfn,25%,,,2016-01-01,,mine,B,\n"
    (told,) = refused(written(tmp_path, sources=MINE, cn__measures=MEASURES + rows))
    assert told.startswith("cn/measures.csv:2:valid_from: 08044000 mfn has two rows on 2026-01-01 (see line 3)")


def test_a_good_must_be_in_its_subheading_and_packages_are_numbers(tmp_path: Path) -> None:
    header = ",".join(COLUMNS["cn/packages.csv"])
    cells = {"product": "avocado-fresh", "package": "box", "packages_per_pallet": "many", "sources": "mine"}
    packed = ",".join(cells.get(name, "") for name in COLUMNS["cn/packages.csv"])
    told = refused(written(tmp_path, sources=MINE, cn__packages=f"{header}\n{packed}\n"))
    assert any(each.startswith("cn/packages.csv:2:product: invalid literal") for each in told)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xef\xbb\xbf" + MEASURES.encode(), "cn/measures.csv:1:1: begins with a byte-order mark"),
        (MEASURES.encode() + "08044000,mfn,25%,鳄梨".encode("gbk"), "cn/measures.csv:2:18: is not UTF-8"),
        (b"", "cn/measures.csv:1: the heading is not"),
    ],
)
def test_files_that_are_no_tables(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "cn").mkdir()
    (tmp_path / "cn" / "measures.csv").write_bytes(content)
    (told,) = refused(tmp_path)
    assert told.startswith(said)


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(OverlayRefused, match="is not a folder"):
        Records.load(tmp_path / "nowhere")


def test_a_document_that_cannot_be_read_is_told_once(tmp_path: Path) -> None:
    folder = written(
        tmp_path, sources="[mine]\n", cn__measures=f"{MEASURES}08044000,provisional,5%,,,2026-01-01,,mine,C,\n"
    )
    assert refused(folder) == ["sources.toml:1:title: text is missing [unreadable]"]


# --- the laying over itself --------------------------------------------------------------------------------------


def test_every_key_is_of_the_columns() -> None:
    for file, key in KEYS.items():
        assert set(key) <= set(READABLE[file]), file


def test_the_package_laid_over_itself_is_the_package(tmp_path: Path, package: Records) -> None:
    names = [name for name in COLUMNS if name in READABLE]
    assert set(COLUMNS) - set(names) == {"corrections.csv"}
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in package.file(name).rows]
        path.write_text("\n".join([",".join(COLUMNS[name]), *lines, ""]), encoding="utf-8")
    records, faults = judged(Overlay.read(tmp_path))
    assert faults == []
    assert check(package) == []
    for name in names:
        ours = package.file(name)
        laid = records.file(name)
        assert sorted(laid.rows) == sorted(ours.rows), name
        assert laid.place(0)[0] == str(tmp_path / name)
