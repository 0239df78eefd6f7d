"""Who may make releases: the public keys that an installation trusts with its tables, and what they sign.

These keys are apart from those that sign quotes, in purpose and in what is signed: a manifest is signed behind a line of its
own, so that neither signature can ever stand for the other. Nobody is trusted unless the installation says so.
"""

from collections.abc import Iterable
from pathlib import Path

from api.signing import BadKey, PublicKey, SigningKey, from_letters, in_letters, read_public_keys
from tariffs.packs import refused
from tariffs.packs.opening import Vouches
from tariffs.packs.packing import Signs
from tariffs.packs.refused import PackRefused, said

DOMAIN = b"galeon data release\n"
LENGTH = 64
HOW = (
    "No key is trusted with releases. Get the publisher's public key in a way that you trust, keep it in a file, and name that "
    "file or its folder: --key FILE, or GALEON_RELEASE_KEYS=FILE."
)


def signs(key: SigningKey) -> Signs:
    """What makes the signature of a manifest: two lines, the name of the key and the signature."""

    def signed(manifest: bytes) -> bytes:
        return f"{key.public.id}\n{in_letters(key.signature(DOMAIN + manifest))}\n".encode()

    return signed


def vouches(keys: Iterable[PublicKey]) -> Vouches:
    """What holds a signature against the keys that are trusted."""
    trusted = {each.id: each for each in keys}

    def vouched(manifest: bytes, signature: bytes) -> None:
        lines = signature.decode("ascii", "replace").split("\n")
        value = from_letters(lines[1], LENGTH) if len(lines) == 3 and not lines[2] else None
        if value is None:
            raise PackRefused(refused.SIGNATURE_UNREADABLE, "the signature is not written as signatures are")
        key = trusted.get(lines[0])
        if key is None:
            known = ", ".join(trusted)
            raise PackRefused(refused.ANOTHER_KEY, f"signed by another key, {said(lines[0])}; trusted: {known}")
        if not key.signed(DOMAIN + manifest, value):
            text = f"the signature is not that of {key.id} over this manifest: it is another file's, or the file was changed"
            raise PackRefused(refused.SIGNATURE_WRONG, text)

    return vouched


def trusted(path: Path | None) -> tuple[PublicKey, ...]:
    """The keys of a file, or of all files of a folder. Raises BadKey, PackRefused where there is none."""
    if path is None:
        raise PackRefused(refused.NO_KEY, HOW)
    if not path.is_dir():
        return read_public_keys(path)
    files = sorted(each for each in path.iterdir() if each.is_file() and not each.name.startswith("."))
    found = tuple(dict.fromkeys(key for file in files for key in read_public_keys(file)))
    if not found:
        raise BadKey(f"{path}: has no key")
    return found
