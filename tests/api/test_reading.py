"""Bodies that are no JSON, or more than JSON: refused with what is wrong, and never a float."""

import pytest

from api.reading import DEEPEST, Malformed, Number, plain, read_json


def test_numbers_keep_their_text():
    assert read_json(b'{"a": 1.10, "b": [-0, 1e400]}') == {"a": Number("1.10"), "b": [Number("-0"), Number("1e400")]}


def test_numbers_are_stored_as_text():
    assert plain(read_json(b'{"a": [1.10, "x", null, true]}')) == {"a": ["1.10", "x", None, True]}


def test_a_number_of_any_length_is_only_text():
    assert read_json(b"9" * 5000) == Number("9" * 5000)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty_body"),
        (b" \n", "empty_body"),
        (b"{", "malformed_json"),
        (b"{'a': 1}", "malformed_json"),
        (b'{"a": 1,}', "malformed_json"),
        (b'{"a": NaN}', "malformed_json"),
        (b'{"a": -Infinity}', "malformed_json"),
        (b"01", "malformed_json"),
        (b'{"a": 1} {"b": 2}', "malformed_json"),
        (b'{"a": 1, "b": {"c": 1, "c": 1}}', "duplicate_key"),
        (b"\xff\xfe{}", "not_utf8"),
        ('{"a": "ñ"}'.encode("latin-1"), "not_utf8"),
        (b"[" * 100_000, "nested_too_deep"),
        (b'{"a":' * 100_000, "nested_too_deep"),
        (rb'{"a": "\ud800"}', "lone_surrogate"),
        (rb'{"\udfff": 1}', "lone_surrogate"),
    ],
)
def test_what_is_no_json_is_refused(body: bytes, code: str):
    with pytest.raises(Malformed) as refusal:
        read_json(body)
    assert refusal.value.code == code


def test_a_pair_of_surrogates_is_a_character():
    assert read_json(rb'"\ud83e\udd51"') == "🥑"


def test_a_byte_order_mark_is_ignored():
    assert read_json(b"\xef\xbb\xbf{}") == {}


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        (b'{"a": [1, {"b": NaN}]}', "json_no_number", "/a/1/b"),
        (b"-Infinity", "json_no_number", ""),
        (b'{"a": [{"x/y": 1, "x/y": 2}]}', "duplicate_key", "/a/0/x~1y"),
        (rb'{"a": {"b": "\ud800"}}', "lone_surrogate", "/a/b"),
        (rb'{"a": {"\ud800": 1}}', "lone_surrogate", "/a"),
        (rb'{"\ud800": 1, "\ud800": 2}', "lone_surrogate", ""),
        (b'{"a" 1}', "json_colon_expected", ""),
        (b'{"a": 1 "b": 2}', "json_comma_expected", ""),
        (b'{"a": }', "json_value_expected", ""),
        (b"{'a': 1}", "json_name_expected", ""),
        (b"1 2", "json_goes_on", ""),
        (b'"a', "json_text_open", ""),
        (b'"a\tb"', "json_control_character", ""),
        (rb'"\x"', "json_wrong_escape", ""),
        (rb'"\u12"', "json_wrong_escape", ""),
    ],
)
def test_the_fault_is_named_with_its_place(body: bytes, code: str, pointer: str):
    with pytest.raises(Malformed) as refusal:
        read_json(body)
    (error,) = refusal.value.errors
    assert (error.code, error.pointer) == (code, pointer)


def test_nesting_has_a_limit_of_its_own():
    """The same on every Python and in every thread: what the parser itself stands is not asked."""
    assert read_json(b"[" * DEEPEST + b"]" * DEEPEST)
    assert read_json(rb'["\u0041",' + b"[" * 63 + b"]" * 63 + b"]")
    for body in (b"[" * 65 + b"]" * 65, b'{"a":' * 65 + b"1" + b"}" * 65, b"[" * 10_000 + b"]" * 10_000):
        with pytest.raises(Malformed) as refusal:
            read_json(body)
        (error,) = refusal.value.errors
        assert (error.code, error.facts) == ("nested_too_deep", {"deepest": 64})


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": "' + b"[{" * 500 + b'"}',
        rb'["\"' + b"[" * 500 + rb'\\", "' + b"{" * 500 + b'"]',
        b"[" + b"[]," * 5000 + b"{}]",
    ],
)
def test_brackets_in_texts_and_side_by_side_are_no_nesting(body: bytes):
    assert read_json(body)


@pytest.mark.parametrize("body", [b'["' + b'\\"' * 200_000, b'["' + b'\\"' * 200_000 + b"\\", b'"' + b"[" * 200_000])
def test_a_text_that_never_ends_is_read_once(body: bytes):
    with pytest.raises(Malformed) as refusal:
        read_json(body)
    assert refusal.value.code == "malformed_json"
