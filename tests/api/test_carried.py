# mypy: disable-error-code="index, union-attr, operator, arg-type"
"""A quote as a file: reckoned again elsewhere it is what it says, and one digit changed anywhere is found."""

import copy
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from api.carried import PARTS, verified
from api.cli import main
from api.examples import AVOCADO, BEST, BY_SEA, QUOTE_REQUESTS
from calculator.errors import Unreadable

Json = dict[str, Any]


def file_of(client: FlaskClient, asked: Json = AVOCADO) -> bytes:
    made = client.post("/v1/quotes", json=asked)
    assert made.status_code == 201, made.text
    response = client.get(f"/v1/quotes/{made.json['id']}.galeon.json")
    assert response.status_code == 200
    return response.data


def written(document: Json) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def galeon(*arguments: object, **environment: str) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)), env=environment)


@pytest.mark.parametrize("name", QUOTE_REQUESTS)
@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_every_example_is_what_its_file_says(client: FlaskClient, name: str, language: str) -> None:
    verdict = verified(file_of(client, {**QUOTE_REQUESTS[name]["value"], "language": language}))
    assert (verdict.equal, verdict.differences) == (True, ())


def test_the_file_keeps_to_the_specification_and_to_its_validator(client: FlaskClient) -> None:
    made = client.post("/v1/quotes", json=BY_SEA)
    address = f"/v1/quotes/{made.json['id']}.galeon.json"
    first, again = client.get(address), client.get(address)
    assert first.data == again.data
    schemas = client.get("/openapi.json").json["components"]
    schema = {"$ref": "#/components/schemas/CarriedQuote", "components": schemas}
    assert not list(Draft202012Validator(schema).iter_errors(first.json))
    assert first.json["quote"] == made.json
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.get("/v1/quotes/q_nothing.galeon.json").status_code == 404


def places(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place with a digit in it."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from places(each, (*path, name))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from places(each, (*path, number))
    elif isinstance(value, str) and any(sign.isdecimal() for sign in value):
        yield path


def with_another_digit(document: Json, path: tuple[Any, ...]) -> Json:
    changed = copy.deepcopy(document)
    at: Any = changed
    for part in path[:-1]:
        at = at[part]
    text = at[path[-1]]
    place = max(number for number, sign in enumerate(text) if sign in "0123456789")
    at[path[-1]] = f"{text[:place]}{(int(text[place]) + 1) % 10}{text[place + 1 :]}"
    return changed


def test_one_digit_changed_is_found_wherever_it_stands(client: FlaskClient) -> None:
    document = json.loads(file_of(client))
    found = [path for name in PARTS for path in places(document[name], (name,))]
    assert len(found) > 300
    for path in found[::7]:
        try:
            verdict = verified(written(with_another_digit(document, path)))
        except Unreadable:
            continue
        assert not verdict.equal, path
        assert verdict.changed == (path[0],)


def test_an_amount_that_somebody_changed_with_its_hash_is_found_too(client: FlaskClient) -> None:
    document = json.loads(file_of(client))
    document["quote"]["totals"]["vat"]["amount"] = "1.00"
    first = verified(written(document))
    assert first.changed == ("quote",)
    (difference,) = first.differences
    assert (difference.pointer, difference.filed, difference.reckoned) == ("/totals/vat/amount", "1.00", "42239.26")


def test_a_rate_changed_in_the_rows_comes_out_otherwise(client: FlaskClient) -> None:
    document = json.loads(file_of(client))
    text = json.dumps(document["dossier"]).replace('"0.07"', '"0.05"')
    document["dossier"] = json.loads(text)
    verdict = verified(written(document))
    assert "/totals/customs_duty/amount" in {each.pointer for each in verdict.differences}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"format": "x"}, "no_quote_file"),
        ({"version": "2"}, "file_of_another_version"),
        ({"dossier": None}, "missing_field"),
        ({"created_at": "yesterday"}, "not_a_moment"),
        ({"created_at": "2026-11-23T09:30:00"}, "not_a_moment"),
    ],
)
def test_what_is_no_such_file(client: FlaskClient, changes: Json, code: str) -> None:
    document = {**json.loads(file_of(client)), **changes}
    with pytest.raises(Unreadable) as refused:
        verified(written(document))
    assert refused.value.code == code


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'{"a": 1, "a": 1}', b"null"])
def test_what_is_no_file_at_all(body: bytes) -> None:
    with pytest.raises(Unreadable):
        verified(body)


@pytest.mark.parametrize(
    ("part", "value", "code"),
    [
        ("dossier", {}, "rows_not_read"),
        ("dossier", {"lines": [[]]}, "rows_not_read"),
        ("request", {}, "missing_field"),
    ],
)
def test_rows_that_nobody_wrote_so(client: FlaskClient, part: str, value: Json, code: str) -> None:
    document = json.loads(file_of(client))
    verdict = verified(written({**document, part: value}))
    assert (verdict.equal, verdict.refusal.code) == (False, code)


def test_another_engine_is_not_ours_to_judge(client: FlaskClient) -> None:
    document = {**json.loads(file_of(client)), "engine_version": "99"}
    assert verified(written(document)).refusal.code == "file_of_another_engine"


def test_on_the_command_line(client: FlaskClient, tmp_path: Path) -> None:
    path = tmp_path / "quote.galeon.json"
    path.write_bytes(file_of(client, BEST))
    sound = galeon("verify", path)
    assert (sound.exit_code, "equal" in sound.output) == (0, True)
    document = json.loads(path.read_text(encoding="utf-8"))
    document["quote"]["totals"]["taxes"]["amount"] = "0.01"
    path.write_bytes(written(document))
    changed = galeon("verify", path, "--language", "es")
    assert changed.exit_code == 1
    assert "/totals/taxes/amount: 0.01 en el archivo" in changed.output
    path.write_text("{}", encoding="utf-8")
    assert galeon("verify", path).exit_code == 2


def test_export_writes_what_the_server_gives(tmp_path: Path) -> None:
    from api import create_app, utc_now
    from api.settings import Settings
    from api.store import Store
    from tariffs.book import Book

    database = f"sqlite:///{tmp_path / 'quotes.sqlite3'}"
    store = Store.at(database)
    client = create_app(Settings(""), Book.load(), store, utc_now).test_client()
    id = client.post("/v1/quotes", json=AVOCADO).json["id"]
    given = client.get(f"/v1/quotes/{id}.galeon.json").data
    store.close()
    done = galeon("export", id, tmp_path / "out.json", GALEON_DATABASE=database)
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out.json").read_bytes() == given
    assert galeon("export", "q_nothing", GALEON_DATABASE=database).exit_code == 1


def another_python() -> Path:
    """The Python of another environment of this checkout, of another version: in .ci/run the one that ran the tests first."""
    for found in sorted(Path(__file__).parents[2].glob(".venv*/bin/python")):
        asked = [found, "-c", "import sys, api.carried; print('%d.%d' % sys.version_info[:2])"]
        done = subprocess.run(asked, check=False, capture_output=True, text=True)
        if done.returncode == 0 and done.stdout.strip() != f"{sys.version_info.major}.{sys.version_info.minor}":
            return found
    pytest.skip("needs an environment with another Python beside this one, such as make install VENV=.venv-py313 makes")


@pytest.mark.parametrize("version", ["this", "another"])
def test_in_another_locale_and_time_zone_without_our_tables(client: FlaskClient, tmp_path: Path, version: str) -> None:
    """A process of its own, on this Python and on another version of it, that is kept from reading any table."""
    python = another_python() if version == "another" else sys.executable
    path = tmp_path / "quote.galeon.json"
    path.write_bytes(file_of(client, {**BY_SEA, "language": "zh"}))
    program = (
        "import sys, tariffs.records, tariffs.book\n"
        "def refuse(*_, **__): raise SystemExit('a table was read')\n"
        "tariffs.records.Records.load = tariffs.book.Book.load = refuse\n"
        "from api.carried import verified\n"
        "from pathlib import Path\n"
        "verdict = verified(Path(sys.argv[1]).read_bytes())\n"
        "print(verdict.equal, verdict.differences, verdict.changed, verdict.refusal)\n"
    )
    elsewhere = {**os.environ, "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    done = subprocess.run([python, "-c", program, path], check=True, capture_output=True, text=True, env=elsewhere)
    assert done.stdout.startswith("True")
