# mypy: disable-error-code="index, union-attr, arg-type"
"""Quotes as files that are signed: the published vectors, keys that are refused, and what a signature holds together."""

import base64
import json
import os
import subprocess
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask.testing import FlaskClient

from api import create_app
from api.carried import PARTS, verified
from api.examples import AVOCADO, BY_SEA
from api.settings import BadSetting, Settings
from api.signed import signed_bytes
from api.signing import (
    BadKey,
    PublicKey,
    Signing,
    SigningKey,
    from_letters,
    in_letters,
    read_public_keys,
    read_signing_key,
)
from api.store import Store
from calculator.errors import Unreadable
from tariffs.book import Book
from tests.api.test_carried import galeon, places, with_another_digit, written
from tests.conftest import NOW
from tests.contract import ContractClient
from tests.programs import program

Json = dict[str, Any]
KEYS = "/.well-known/galeon-keys.json"
# RFC 8037, appendix A: the private key (A.1), its public key (A.2), the thumbprint (A.3) and a signature (A.4).
RFC_PRIVATE = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
RFC_PUBLIC = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
RFC_THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
RFC_SIGNED = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
RFC_SIGNATURE = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"

Server = Callable[..., FlaskClient]


@pytest.fixture
def server(real_book: Book, store: Store) -> Server:
    """A client of a server with such keys, on the ledger that tests share."""

    def made(key: Path | None, retired: Path | None = None) -> FlaskClient:
        settings = Settings(database="", signing_key=key, retired_keys=retired)
        app = create_app(settings, real_book, store, clock=lambda: NOW)
        app.test_client_class = ContractClient
        return app.test_client()

    return made


@pytest.fixture
def new_key(tmp_path: Path) -> Callable[[], Path]:
    """A new file of a key, as the command makes it."""
    numbers = count()

    def made() -> Path:
        path = tmp_path / f"key{next(numbers)}.pem"
        assert galeon("signing-key", "new", path).exit_code == 0
        return path

    return made


def file_of(client: FlaskClient, asked: Json = AVOCADO) -> bytes:
    id = client.post("/v1/quotes", json=asked).json["id"]
    response = client.get(f"/v1/quotes/{id}.galeon.json")
    assert response.status_code == 200
    return response.data


def objection(body: bytes, keys: tuple[PublicKey, ...] | None) -> str:
    found = verified(body, keys)
    assert not found.equal
    assert found.seal.objection is not None
    return found.seal.objection.code


def test_the_vectors_of_rfc_8037():
    private, public = from_letters(RFC_PRIVATE, 32), from_letters(RFC_PUBLIC, 32)
    assert private is not None
    assert public is not None
    key = SigningKey.of(Ed25519PrivateKey.from_private_bytes(private))
    assert key.public == PublicKey(public)
    assert key.public.id == RFC_THUMBPRINT
    assert key.public.jwk == {
        "kty": "OKP", "crv": "Ed25519", "x": RFC_PUBLIC, "kid": RFC_THUMBPRINT, "use": "sig", "alg": "EdDSA"
    }  # fmt: skip
    assert in_letters(key.signature(RFC_SIGNED)) == RFC_SIGNATURE
    assert key.public.signed(RFC_SIGNED, from_letters(RFC_SIGNATURE, 64))
    assert not key.public.signed(RFC_SIGNED + b".", from_letters(RFC_SIGNATURE, 64))
    assert "_private" not in repr(key)


def test_what_is_signed_is_the_file_without_its_signature_in_one_form():
    document = {"b": ["ñ", {"d": 1, "c": "中"}], "signature": {"value": "…"}, "a": None}
    assert signed_bytes(document) == '{"a":null,"b":["ñ",{"c":"中","d":1}]}'.encode()


def test_bytes_are_written_in_one_way_alone():
    assert from_letters(RFC_SIGNATURE, 64) is not None
    # 64 bytes leave four bits of the last letter unused, and a lax reader would take "h" for "g".
    for other in (
        f"{RFC_SIGNATURE[:-1]}h",
        f"{RFC_SIGNATURE}==",
        f" {RFC_SIGNATURE}",
        RFC_SIGNATURE[:-1],
        "",
        None,
        "é",
    ):
        assert from_letters(other, 64) is None, other


def test_a_signed_file_is_what_it_says_and_the_same_every_time(server: Server, new_key: Callable[[], Path]):
    path = new_key()
    client, key = server(path), read_signing_key(path).public
    asked = {**BY_SEA, "language": "zh"}
    id = client.post("/v1/quotes", json=asked).json["id"]
    body = client.get(f"/v1/quotes/{id}.galeon.json").data
    assert server(path).get(f"/v1/quotes/{id}.galeon.json").data == body
    found = verified(body, (key,))
    assert (found.equal, found.seal.sound, found.seal.key_id) == (True, True, key.id)
    unchecked = verified(body)
    assert (unchecked.equal, unchecked.seal.sound, unchecked.seal.key_id) == (True, False, key.id)
    # Written anew with other spaces and in another order it is the same file still.
    turned = json.dumps(dict(reversed(json.loads(body).items()))).encode()
    assert verified(turned, (key,)).equal
    unsigned = json.loads(server(None).get(f"/v1/quotes/{id}.galeon.json").data)
    signed = json.loads(body)
    assert {**unsigned, "signature": signed["signature"]} == signed


def test_a_file_without_a_signature_is_found_where_one_was_asked_for(client: FlaskClient, new_key: Callable[[], Path]):
    body = file_of(client)
    assert verified(body).equal
    assert objection(body, (read_signing_key(new_key()).public,)) == "file_not_signed"


def test_one_digit_changed_is_found_wherever_it_stands(server: Server, new_key: Callable[[], Path]):
    path = new_key()
    document, keys = json.loads(file_of(server(path))), (read_signing_key(path).public,)
    found = list(places(document))
    beside = [each for each in found if each[0] not in PARTS]
    assert {each[0] for each in beside} >= {"created_at", "release", "sha256", "signature"}
    assert len(found) > 300
    for place in (*found[::7], *beside):
        changed = written(with_another_digit(document, place))
        try:
            assert objection(changed, keys)
        except Unreadable:
            continue


def test_a_signature_of_another_file_is_none(server: Server, new_key: Callable[[], Path]):
    path = new_key()
    client, keys = server(path), (read_signing_key(path).public,)
    one, other = (json.loads(file_of(client, asked)) for asked in (AVOCADO, BY_SEA))
    assert verified(written(one), keys).equal
    assert objection(written({**one, "signature": other["signature"]}), keys) == "signature_wrong"


def test_somebody_else_cannot_sign_in_our_name(server: Server, new_key: Callable[[], Path]):
    ours, theirs = new_key(), new_key()
    document = json.loads(file_of(server(theirs)))
    keys = (read_signing_key(ours).public,)
    assert objection(written(document), keys) == "signed_by_another_key"
    document["signature"]["key_id"] = keys[0].id
    assert objection(written(document), keys) == "signature_wrong"


SOUND = {"algorithm": "Ed25519", "key_id": RFC_THUMBPRINT, "value": RFC_SIGNATURE}


@pytest.mark.parametrize(
    ("signature", "code"),
    [
        (None, "signature_unreadable"),
        ({}, "signature_unreadable"),
        ("x", "signature_unreadable"),
        ({**SOUND, "more": "x"}, "signature_unreadable"),
        ({**SOUND, "key_id": 7}, "signature_unreadable"),
        ({**SOUND, "value": "AAAA"}, "signature_unreadable"),
        ({**SOUND, "algorithm": "none"}, "signature_of_another_kind"),
        ({**SOUND, "algorithm": "RS256" * 1000}, "signature_of_another_kind"),
        ({**SOUND, "key_id": "x" * 10_000}, "signed_by_another_key"),
        (SOUND, "signed_by_another_key"),
    ],
)
def test_what_is_no_signature_of_ours(client: FlaskClient, new_key: Callable[[], Path], signature: object, code: str):
    body = written({**json.loads(file_of(client)), "signature": signature})
    assert objection(body, (read_signing_key(new_key()).public,)) == code
    # Its form is looked at also where nobody asked who signed.
    assert verified(body).equal is (code == "signed_by_another_key")


def test_keys_that_signed_before_are_still_published(server: Server, new_key: Callable[[], Path], tmp_path: Path):
    first, second, third = new_key(), new_key(), new_key()
    old_file = file_of(server(first))
    retired = tmp_path / "retired.json"
    retired.write_text(galeon("signing-key", "show", first, second).output)
    client = server(third, retired)
    response = client.get(KEYS)
    assert response.headers["Cache-Control"] == "public, max-age=300, must-revalidate"
    assert client.get(KEYS, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
    assert [each["kid"] for each in response.json["keys"]] == [
        read_signing_key(each).public.id for each in (third, first, second)
    ]
    published = tmp_path / "published.json"
    published.write_bytes(response.data)
    keys = read_public_keys(published)
    for body in (old_file, file_of(client)):
        assert verified(body, keys).seal.sound
    # Two sets of keys are one.
    retired.write_text(galeon("signing-key", "show", published).output)
    assert read_public_keys(retired) == keys


def test_a_server_without_a_key_publishes_none(client: FlaskClient):
    assert client.get(KEYS).json == {"keys": []}


def test_the_keys_need_no_key(keyed: Any):
    assert keyed.get(KEYS).status_code == 200


def test_on_the_command_line(server: Server, new_key: Callable[[], Path], tmp_path: Path):
    path = new_key()
    assert path.stat().st_mode & 0o777 == 0o600
    quote, keys, pem = (tmp_path / name for name in ("quote.json", "keys.json", "key.pem"))
    quote.write_bytes(file_of(server(path)))
    keys.write_text(galeon("signing-key", "show", path).output)
    pem.write_text(galeon("signing-key", "show", "--pem", path).output)
    id = read_signing_key(path).public.id
    for given in (keys, pem):
        done = galeon("verify", quote, "--key", given)
        assert (done.exit_code, f"signed by {id}" in done.output, "equal" in done.output) == (0, True, True)
    assert "not checked" in galeon("verify", quote).output
    other = tmp_path / "other.json"
    other.write_text(galeon("signing-key", "show", new_key()).output)
    refused = galeon("verify", quote, "--key", other)
    assert (refused.exit_code, f"says that key {id} signed it" in refused.output) == (1, True)
    assert galeon("verify", quote, "--key", other, "--key", keys).exit_code == 0
    document = json.loads(quote.read_text(encoding="utf-8"))
    quote.write_bytes(written({**document, "engine_version": "99"}))
    wrong = galeon("verify", quote, "--key", keys, "--language", "es")
    assert (wrong.exit_code, "no firmó este archivo" in wrong.output) == (2, True)
    del document["signature"]
    quote.write_bytes(written(document))
    assert galeon("verify", quote, "--key", keys).exit_code == 1
    assert galeon("verify", quote).exit_code == 0
    private = galeon("verify", quote, "--key", path)
    assert (private.exit_code, "is a private key" in private.output) == (2, True)
    again = galeon("signing-key", "new", path)
    assert (again.exit_code, "File exists" in again.output) == (1, True)
    assert read_signing_key(path).public.id == id


def test_export_signs_as_the_server_does(real_book: Book, new_key: Callable[[], Path], tmp_path: Path):
    path, out = new_key(), tmp_path / "out.json"
    database = f"sqlite:///{tmp_path / 'quotes.sqlite3'}"
    store = Store.at(database)
    client = create_app(Settings(database, signing_key=path), real_book, store, clock=lambda: NOW).test_client()
    id = client.post("/v1/quotes", json=AVOCADO).json["id"]
    given = client.get(f"/v1/quotes/{id}.galeon.json").data
    store.close()
    by_option = galeon("export", id, out, "--sign", path, GALEON_DATABASE=database)
    assert (by_option.exit_code, out.read_bytes()) == (0, given)
    by_setting = galeon("export", id, out, GALEON_DATABASE=database, GALEON_SIGNING_KEY_FILE=str(path))
    assert (by_setting.exit_code, out.read_bytes()) == (0, given)
    assert galeon("export", id, out, GALEON_DATABASE=database).exit_code == 0
    assert "signature" not in json.loads(out.read_bytes())
    refused = galeon("export", id, out, "--sign", tmp_path / "nothing", GALEON_DATABASE=database)
    assert (refused.exit_code, "No such file" in refused.output) == (1, True)


def test_another_program_checks_the_signature(server: Server, new_key: Callable[[], Path], tmp_path: Path):
    """With nothing of ours: what docs/api.md says is signed, and OpenSSL."""
    path = new_key()
    document = json.loads(file_of(server(path)))
    value = document.pop("signature")["value"]
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    (tmp_path / "message").write_bytes(text.encode())
    (tmp_path / "signature").write_bytes(base64.urlsafe_b64decode(f"{value}=="))
    (tmp_path / "pem").write_text(galeon("signing-key", "show", "--pem", path).output)
    asked = ["pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", "pem", "-in", "message", "-sigfile", "signature"]
    done = subprocess.run([program("openssl"), *asked], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert "Verified Successfully" in done.stdout


def pem_of(private: Any, password: bytes | None = None) -> bytes:
    locked = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    body: bytes = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked)
    return body


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "no private key in PEM"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "no private key in PEM"),
        (pem_of(ec.generate_private_key(ec.SECP256R1())), "another kind"),
        (pem_of(Ed25519PrivateKey.generate(), b"secret"), "locked with a password"),
        (b"x" * 100_000, "too long"),
    ],
)
def test_files_that_hold_no_signing_key(tmp_path: Path, body: bytes, told: str):
    path = tmp_path / "key.pem"
    path.write_bytes(body)
    path.chmod(0o600)
    with pytest.raises(BadSetting, match=f"GALEON_SIGNING_KEY_FILE: .*{told}"):
        Signing.of(Settings("", signing_key=path))


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o620, 0o660, 0o602])
def test_a_key_that_others_can_read_is_refused(new_key: Callable[[], Path], mode: int):
    path = new_key()
    path.chmod(mode)
    with pytest.raises(BadSetting, match="chmod 600"):
        Signing.of(Settings.read({"GALEON_SIGNING_KEY_FILE": str(path)}))
    # Of a service that runs in the group of the file.
    path.chmod(0o640)
    assert Signing.of(Settings.read({"GALEON_SIGNING_KEY_FILE": f" {path} "})).key is not None


def test_a_file_that_is_not_there_or_cannot_be_read(tmp_path: Path):
    for path, told in ((tmp_path / "nothing", "No such file"), (tmp_path, "is a folder")):
        with pytest.raises(BadSetting, match=told):
            Signing.of(Settings("", signing_key=path))
        with pytest.raises(BadSetting, match=f"GALEON_RETIRED_KEYS_FILE: .*{told}"):
            Signing.of(Settings("", retired_keys=path))
    assert galeon("signing-key", "show", tmp_path / "nothing").exit_code == 1


def test_the_server_does_not_start_with_such_a_key(tmp_path: Path):
    path = tmp_path / "key.pem"
    path.write_bytes(b"x")
    database = f"sqlite:///{tmp_path / 'quotes.sqlite3'}"
    refused = galeon("serve", GALEON_SIGNING_KEY_FILE=str(path), GALEON_DATABASE=database)
    assert refused.exit_code == 1
    assert "GALEON_SIGNING_KEY_FILE" in refused.output
    assert "Reading the tables" not in refused.output


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "neither"),
        (b"[]", "neither"),
        (b'{"keys": 7}', "neither"),
        (b'{"keys": []}', "has no Ed25519 key"),
        (b'{"keys": [7, {"kty": "RSA"}, {"kty": "OKP", "crv": "X25519", "x": ""}]}', "has no Ed25519 key"),
        (json.dumps({"kty": "OKP", "crv": "Ed25519", "x": RFC_PUBLIC, "d": RFC_PRIVATE}).encode(), "is a private key"),
        (json.dumps({"kty": "OKP", "crv": "Ed25519", "x": RFC_PUBLIC[:-1]}).encode(), "32 bytes"),
        (json.dumps({"kty": "OKP", "crv": "Ed25519"}).encode(), "32 bytes"),
        (b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "no public key"),
        (pem_of(Ed25519PrivateKey.generate()), "is a private key"),
        (b"[" * 50_000, "neither"),
    ],
)
def test_files_that_hold_no_public_key(tmp_path: Path, body: bytes, told: str):
    path = tmp_path / "keys"
    path.write_bytes(body)
    with pytest.raises(BadKey, match=told):
        read_public_keys(path)


def test_a_single_key_is_a_set_of_one(tmp_path: Path):
    path = tmp_path / "key.json"
    path.write_text(json.dumps({"kty": "OKP", "crv": "Ed25519", "x": RFC_PUBLIC, "kid": "whatever it says"}))
    (key,) = read_public_keys(path)
    assert key.id == RFC_THUMBPRINT


@pytest.mark.skipif(os.name != "posix", reason="owners of files are those of POSIX")
def test_a_new_key_is_for_its_owner_alone_whatever_the_mask(tmp_path: Path):
    before = os.umask(0)
    try:
        assert galeon("signing-key", "new", tmp_path / "key.pem").exit_code == 0
    finally:
        os.umask(before)
    assert (tmp_path / "key.pem").stat().st_mode & 0o777 == 0o600
