"""The keys that sign quotes as files (Ed25519, RFC 8032): reading them, making one, and what the public may know of them.

A signature says which installation gave a quote; that the quote is right is for reckoning it again to say. A key is called by
its thumbprint (RFC 7638), so that nobody can give two keys one name. What this refuses is a private key that others can read.
"""

import base64
import binascii
import hashlib
import json
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from api.settings import BadSetting, Settings

ALGORITHM = "Ed25519"
# Far more than a hundred keys take; what is longer is another file.
LONGEST_FILE = 64 * 1024
PEM_BEGINS = b"-----BEGIN "
# Who else may do what with a private key: its group may read it, as where a service reads a file of root's.
FOR_OTHERS = stat.S_IRWXO | stat.S_IWGRP | stat.S_IXGRP


class BadKey(ValueError):
    """A file that holds no key that can be used, and why."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What a signature is checked with; its 32 bytes."""

    raw: bytes

    @classmethod
    def of(cls, key: Ed25519PublicKey) -> "PublicKey":
        """The same key as its bytes."""
        return cls(key.public_bytes_raw())

    @property
    def id(self) -> str:
        """Its thumbprint (RFC 7638): the hash of what makes it this key."""
        needed = json.dumps(self._needed, separators=(",", ":"), sort_keys=True)
        return in_letters(hashlib.sha256(needed.encode()).digest())

    @property
    def jwk(self) -> dict[str, str]:
        """The key as JSON (RFC 8037)."""
        return {**self._needed, "kid": self.id, "use": "sig", "alg": "EdDSA"}

    @property
    def pem(self) -> bytes:
        """The key as other programs read it."""
        key = Ed25519PublicKey.from_public_bytes(self.raw)
        return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

    def signed(self, message: bytes, signature: bytes) -> bool:
        """Whether this key made the signature of a message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except InvalidSignature:
            return False
        return True

    @property
    def _needed(self) -> dict[str, str]:
        return {"crv": ALGORITHM, "kty": "OKP", "x": in_letters(self.raw)}


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key, which is shown nowhere, and its public one."""

    public: PublicKey
    _private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def of(cls, private: Ed25519PrivateKey) -> "SigningKey":
        """The pair of a private key."""
        return cls(PublicKey.of(private.public_key()), private)

    def signature(self, message: bytes) -> bytes:
        """The signature of a message; the same every time."""
        return self._private.sign(message)


@dataclass(frozen=True, slots=True)
class Signing:
    """What an installation signs with, if with anything, and all the keys that it has signed with."""

    key: SigningKey | None = None
    published: tuple[PublicKey, ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> "Signing":
        """As settings name it. Raises BadSetting."""
        key: SigningKey | None = None
        retired: tuple[PublicKey, ...] = ()
        try:
            name = "GALEON_SIGNING_KEY_FILE"
            if settings.signing_key is not None:
                key = read_signing_key(settings.signing_key)
            name = "GALEON_RETIRED_KEYS_FILE"
            if settings.retired_keys is not None:
                retired = read_public_keys(settings.retired_keys)
        except BadKey as error:
            raise BadSetting(f"{name}: {error}") from None
        ours = () if key is None else (key.public,)
        return cls(key, tuple(dict.fromkeys((*ours, *retired))))


def jwks(keys: tuple[PublicKey, ...]) -> dict[str, Any]:
    """Public keys as a set (RFC 7517), the one in use first."""
    return {"keys": [each.jwk for each in keys]}


def in_letters(raw: bytes) -> str:
    """Bytes as base64url without its filling."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_letters(text: object, length: int) -> bytes | None:
    """So many bytes written as base64url without filling, in the one way there is; None for anything else."""
    if not isinstance(text, str) or not text.isascii():
        return None
    try:
        raw = base64.b64decode(f"{text}{'=' * (-len(text) % 4)}", altchars=b"-_", validate=True)
    except binascii.Error:
        return None
    return raw if len(raw) == length and in_letters(raw) == text else None


def new_signing_key(path: Path) -> SigningKey:
    """Make a key and keep it in a new file that its owner alone may read (PKCS #8, PEM). Raises BadKey."""
    private = Ed25519PrivateKey.generate()
    text = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise BadKey(f"{path}: {error.strerror}") from None
    with os.fdopen(opened, "wb") as file:
        file.write(text)
    return SigningKey.of(private)


def read_signing_key(path: Path) -> SigningKey:
    """The private key of a file. Raises BadKey; what stands in the file is not repeated."""
    body = _read(path)
    if os.name == "posix" and path.stat().st_mode & FOR_OTHERS:
        raise BadKey(f"{path}: others can read or change this private key: chmod 600 {path}")
    return _private_key(path, body)


def read_public_keys(path: Path) -> tuple[PublicKey, ...]:
    """The public keys of a file, a set of them (JWKS), one (JWK), or PEM. Raises BadKey; a private key is refused."""
    body = _read(path)
    found = _of_pem(path, body) if body.lstrip().startswith(PEM_BEGINS) else _of_json(path, body)
    if not found:
        raise BadKey(f"{path}: has no Ed25519 key")
    return tuple(dict.fromkeys(found))


def any_keys(path: Path) -> tuple[PublicKey, ...]:
    """The public keys of a file of public keys, or the one of a private key. Raises BadKey."""
    if b"PRIVATE KEY-----" in _read(path):
        return (read_signing_key(path).public,)
    return read_public_keys(path)


def _read(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise BadKey(f"{path}: is a folder")
        with path.open("rb") as file:
            body = file.read(LONGEST_FILE + 1)
    except OSError as error:
        raise BadKey(f"{path}: {error.strerror}") from None
    if len(body) > LONGEST_FILE:
        raise BadKey(f"{path}: is too long for a file of keys")
    return body


def _private_key(path: Path, body: bytes) -> SigningKey:
    try:
        private = serialization.load_pem_private_key(body, None)
    except TypeError:
        raise BadKey(f"{path}: is locked with a password; a server needs one that is not") from None
    except Exception:
        # The library has many names for a text that is no key; none is worth more than this.
        raise BadKey(f"{path}: is no private key in PEM (PKCS #8): galeon signing-key new FILE makes one") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise BadKey(f"{path}: is a key of another kind; {ALGORITHM} is expected")
    return SigningKey.of(private)


def _of_pem(path: Path, body: bytes) -> list[PublicKey]:
    if b"PRIVATE KEY-----" in body:
        raise BadKey(f"{path}: is a private key; galeon signing-key show FILE writes the public one")
    found = []
    for part in body.split(PEM_BEGINS)[1:]:
        try:
            key = serialization.load_pem_public_key(PEM_BEGINS + part)
        except Exception:
            raise BadKey(f"{path}: is no public key in PEM") from None
        if isinstance(key, Ed25519PublicKey):
            found.append(PublicKey.of(key))
    return found


def _of_json(path: Path, body: bytes) -> list[PublicKey]:
    """As RFC 7517 has it, keys of a kind that we do not know are passed over."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise BadKey(f"{path}: is neither a set of keys (JWKS) nor PEM") from None
    listed = document.get("keys", [document]) if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise BadKey(f"{path}: is neither a set of keys (JWKS) nor PEM")
    found = []
    for each in listed:
        if not isinstance(each, dict) or (each.get("kty"), each.get("crv")) != ("OKP", ALGORITHM):
            continue
        if "d" in each:
            raise BadKey(f"{path}: is a private key; galeon signing-key show FILE writes the public one")
        raw = from_letters(each.get("x"), 32)
        if raw is None:
            raise BadKey(f"{path}: the x of a key is not 32 bytes as base64url")
        found.append(PublicKey(raw))
    return found
