"""Sixty searches in three languages, written down before the ranking was; and what the index costs."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tariffs.folding import asked_grams, folded, stem, words
from tariffs.indexing import bearers_of, indexed
from tariffs.kept_index import fingerprint, index_of, kept, packed
from tariffs.pinyin import FILE as READINGS
from tariffs.pinyin import Pinyin, readings, written
from tariffs.postings import Index, Postings
from tariffs.records import Records
from tariffs.search import LONGEST_QUERY, Found, Search
from tariffs.tables import raw_bytes

SEARCHES = list(csv.DictReader((Path(__file__).parent / "searches.csv").read_text(encoding="utf-8").splitlines()))
AVOCADO = "08044000"


@pytest.fixture(scope="module")
def records() -> Records:
    return Records.load()


@pytest.fixture(scope="module")
def search(records: Records) -> Search:
    return Search.over(records)


def place(search: Search, query: str, hs_code: str) -> int:
    """The place of a line in what is found, from 1; 0 where it is not found."""
    lines = search.find(query).lines
    return lines.index(hs_code) + 1 if hs_code in lines else 0


# --- what is found -----------------------------------------------------------------------------------------------


def test_the_right_line_is_first(search: Search) -> None:
    assert len(SEARCHES) == 60
    assert {row["language"] for row in SEARCHES} == {"en", "es", "zh", "code"}
    places = {row["query"]: place(search, row["query"], row["hs_code"]) for row in SEARCHES}
    first = [query for query, found in places.items() if found == 1]
    assert not {query: found for query, found in places.items() if not 1 <= found <= 5}
    assert len(first) >= 57, sorted(places.keys() - set(first))


@pytest.mark.parametrize(
    "query",
    [
        "aguacate",
        "aguacates frescos",
        "agucate",
        "鳄梨",
        "eli",
        "0804.40",
        "AGUACATE",
        "Aguacátes",
        "avocad",
        "0804 4000",
        "牛油果",
    ],
)
def test_the_issue_s_avocado(search: Search, query: str) -> None:
    assert place(search, query, AVOCADO) == 1


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("tequla", "tequila"),
        ("hass", "avocado-fresh"),
        ("avocado oil", "avocado-oil"),
        ("longxia", "lobster-live"),
        ("calamar", "squid-frozen"),
        ("avocado-fresh", "avocado-fresh"),
        ("2208", "tequila"),
    ],
)
def test_goods_are_found_too(search: Search, query: str, slug: str) -> None:
    assert search.find(query).products[0] == slug


def test_a_code_finds_the_lines_that_begin_so_in_their_order(search: Search, records: Records) -> None:
    assert search.find("0804").lines == tuple(code for code in records.codes if code.startswith("0804"))
    assert search.find("0804.40.00.00").lines == (AVOCADO,)
    assert search.find("9999") == Found((), ())


def test_all_words_are_asked_for_where_a_line_has_them_all(search: Search) -> None:
    assert search.find("boneless beef frozen").lines == ("02023000",)
    assert place(search, "aguacate de Michoacán 4711", AVOCADO) == 1  # what nobody knows is left out


def test_what_a_name_excludes_comes_last(search: Search) -> None:
    lines = search.find("watermelon").lines
    assert lines[0] == "08071100"
    assert lines.index("08071910") > 0  # melons other than watermelons


@pytest.mark.parametrize("query", ["zzzzzzzz", "†‡", "🥑", "....", "", "   ", "()", "%"])
def test_nothing_is_found_of_nothing(search: Search, query: str) -> None:
    assert search.find(query) == Found((), ())


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120))
def test_any_text_is_answered(search: Search, query: str) -> None:
    found = search.find(query)
    assert len(set(found.lines)) == len(found.lines)
    assert len(set(found.products)) == len(found.products)


def test_a_long_query_is_cut(search: Search) -> None:
    assert place(search, "aguacate" + " " * LONGEST_QUERY + "tequila", AVOCADO) == 1


# --- what a release carries --------------------------------------------------------------------------------------


def content(index: Index) -> list[list[object]]:
    """An index as lists, to be compared."""
    postings = (index.words, index.grams, index.sounds)
    parts = [part for each in postings for part in (each.words, each.starts, each.numbers)]
    bearing = index.bearing
    parts += [index.lengths, index.sizes, bearing.starts, bearing.bearers, bearing.shares]
    return [list(part) for part in parts]


def test_the_kept_index_is_that_of_the_tables(records: Records) -> None:
    found = kept(fingerprint(records))
    assert found is not None, "run: python -m tariffs.kept_index"
    assert content(found) == content(indexed(bearers_of(records), Pinyin.load()))


@pytest.mark.slow
def test_the_kept_readings_are_those_of_the_tables(records: Records) -> None:
    lines = records.file("cn/tariff_lines.csv").rows
    texts = {text for raw in lines for text in (raw[1], *raw[2].split(" > "))}
    texts |= {good.names["zh"] for good in records.products.values()}
    assert written(readings(texts)) == raw_bytes(READINGS).decode(), "run: python -m tariffs.kept_index"


def test_other_tables_get_an_index_of_their_own(records: Records, tmp_path: Path) -> None:
    assert kept(b"\0" * 32) is None
    assert kept(fingerprint(records), tmp_path) is None
    postings = Postings.of({"a": [2, 5], "b": [4]})
    small = Index(postings, postings, postings, [1, 2, 3], [1, 1, 1], index_of(records).bearing)
    (tmp_path / "search").mkdir()
    (tmp_path / "search" / "index.z").write_bytes(packed(small, b"\1" * 32))
    again = kept(b"\1" * 32, tmp_path)
    assert again is not None
    assert content(again) == content(small)


# --- words -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("aguacate", "aguacates"),
        ("limón", "limones"),
        ("nuez", "nueces"),
        ("blueberry", "blueberries"),
        ("tomato", "tomatoes"),
        ("mango", "mangoes"),
        ("piña", "PIÑAS"),
    ],
)
def test_one_and_many_meet(one: str, many: str) -> None:
    assert words(folded(one)) == words(folded(many))


def test_short_words_and_numbers_stay_whole() -> None:
    assert [stem(word) for word in ("gas", "2009s", "100")] == ["gas", "2009", "100"]


def test_a_chinese_run_asks_for_its_pairs() -> None:
    assert asked_grams("牛油果") == ["牛油", "油果"]
    assert asked_grams("虾") == ["虾"]


def test_a_character_is_read_as_its_word_has_it() -> None:
    pinyin = Pinyin.load()
    assert pinyin.syllables("重晶石") == ["zhong", "jing", "shi"]
    assert pinyin.syllables("乐器") == ["yue", "qi"]
    assert pinyin.syllables("鳄梨") == ["e", "li"]
    assert len(pinyin.syllables("髒䶵鳄")) == 3  # what the tables do not hold
