"""The codes of a declaration: they fit what we know by other names, and nothing of ours that needs one is forgotten unseen."""

from collections import Counter

import pytest

from calculator.incoterms import Incoterm
from calculator.logistics import MODES
from calculator.units import UNITS
from calculator.way import REGIMES
from tariffs.declaration_codes import FILE, DeclarationCodes
from tariffs.records import Records
from tariffs.tables import CsvTable

# No code was on the lists that were read; a declarant fills it in.
UNIT_WITHOUT_CODE = {"bbl_oil"}


@pytest.fixture(scope="module")
def records() -> Records:
    return Records.load()


@pytest.fixture(scope="module")
def table(records: Records) -> CsvTable:
    return records.file(FILE)


def keys(table: CsvTable, kind: str) -> set[str]:
    return {key for each, key, *_ in table.rows if each == kind}


def test_one_code_for_each_key_but_where_customs_leaves_a_choice(table: CsvTable) -> None:
    several = {pair: count for pair, count in Counter((kind, key) for kind, key, *_ in table.rows).items() if count > 1}
    assert several == {("supervision_mode", "cbec_retail"): 2}


def test_the_keys_are_names_of_ours(table: CsvTable, records: Records) -> None:
    assert keys(table, "trade_terms") == set(Incoterm)
    assert keys(table, "transport_mode") <= set(MODES)
    assert keys(table, "supervision_mode") <= set(REGIMES)
    assert keys(table, "unit") <= UNITS.keys()
    origins = {code for code, *_ in records.file("cn/origins.csv").rows}
    assert keys(table, "country") == origins
    assert keys(table, "currency") >= {"CNY", "USD", "EUR"}


def test_every_statutory_unit_has_a_code(table: CsvTable, records: Records) -> None:
    lines = (records.line(code) for code in records.codes)
    units = {unit for line in lines if line is not None for unit in line.units}
    assert units - keys(table, "unit") == UNIT_WITHOUT_CODE


def test_the_names_of_units_are_those_of_customs(table: CsvTable) -> None:
    told = {key: zh for kind, key, _, _, _, zh, *_ in table.rows if kind == "unit"}
    assert {key: zh for key, zh in told.items() if UNITS[key].names["zh"] != zh} == {}


@pytest.mark.parametrize(
    ("kind", "key", "code"),
    [
        ("trade_terms", "FOB", "3"),
        ("trade_terms", "CFR", "2"),
        ("trade_terms", "DDP", "1"),
        ("transport_mode", "air", "5"),
        ("supervision_mode", "general_trade", "0110"),
        ("unit", "kg", "035"),
        ("unit", "L", "095"),
        ("country", "MX", "MEX"),
        ("country", "DE", "DEU"),
        ("levy_nature", "general_trade", "101"),
        ("duty_mode", "general_trade", "1"),
        ("charge_mark", "total", "3"),
    ],
)
def test_codes_as_they_were_read(table: CsvTable, kind: str, key: str, code: str) -> None:
    (found,) = DeclarationCodes(table).of(kind, key)
    assert found.code == code
    assert found.confidence in ("B", "C")


def test_a_term_without_a_code_of_its_own_is_a_c(table: CsvTable) -> None:
    codes = DeclarationCodes(table)
    sure = {term for term in Incoterm if codes.of("trade_terms", term)[0].confidence == "B"}
    assert sure == {"EXW", "FOB", "CFR", "CIF"}


def test_codes_that_stand_in_no_document_we_cite_are_a_c(table: CsvTable) -> None:
    """The copy that is cited has neither marks of charges nor ways of taxing."""
    codes = DeclarationCodes(table)
    found = [codes.of("charge_mark", each)[0] for each in ("rate", "unit", "total")]
    found += codes.of("duty_mode", "general_trade")
    assert [(each.source, each.confidence) for each in found] == [("unverified", "C")] * 4


def test_what_is_on_no_list_has_no_code(table: CsvTable) -> None:
    codes = DeclarationCodes(table)
    assert codes.of("currency", "MXN") == ()
    assert codes.of("nothing", "FOB") == ()
