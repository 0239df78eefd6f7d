"""Releases for tests: the package's tables with one rate changed, sealed and signed, and archives that nobody should take."""

import io
import tarfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from shutil import copytree

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.release_keys import signs
from api.signing import SigningKey
from tariffs.packs.archive import written
from tariffs.packs.packing import MANIFEST, SIGNATURE, packed
from tariffs.release import sealed, sealed_now
from tariffs.tables import DATA

PUBLISHER, STRANGER = (SigningKey.of(Ed25519PrivateKey.from_private_bytes(bytes([each]) * 32)) for each in (1, 2))
OURS = sealed().release
RATE = "08044000,provisional,{},,,2026-01-01,2026-12-31,"
# The avocados of the documentation (api/examples.py), FOB 58464 USD with 6200 USD of freight at 6.7628: 437309.70 CNY; with
# 0.3% of insurance customs counts 438621.63. At 7%: 30703.51 of duty, VAT 9% of 469325.14 is 42239.26. At 5%: 21931.08 of
# duty, VAT 9% of 460552.71 is 41449.74; landed 437309.70 + 21931.08 + 41449.74. At 4%: 17544.87, VAT 9% of 456166.50 is
# 41054.99 (41054.985), landed 437309.70 + 17544.87 + 41054.99.
LANDED = {"7%": "510252.47", "5%": "500690.52", "4%": "495909.56"}

Members = list[tuple[str, bytes]]


def days_after(days: int) -> str:
    """The name of a release made so many days after the package's."""
    return f"data-{sealed().day + timedelta(days=days):%Y.%m.%d}"


def tables(folder: Path, rate: str = "5%", release: str = "") -> Path:
    """A copy of the package's tables with another rate for avocados, sealed under a name."""
    copytree(str(DATA), folder)
    replaced(folder / "cn" / "measures.csv", RATE.format("7%"), RATE.format(rate))
    return seal(folder, release or days_after(1))


def seal(folder: Path, release: str) -> Path:
    """The same folder, sealed as it is."""
    (folder / "release.toml").write_text(str(sealed_now(release, folder)), encoding="utf-8")
    return folder


def replaced(path: Path, old: str, new: str) -> None:
    """Change one place of a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def pack(folder: Path, key: SigningKey = PUBLISHER) -> bytes:
    """The archive of a folder of tables."""
    return packed(folder, signs(key))[1]


def members(archive: bytes) -> Members:
    """What is in an archive, in its order."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        return [(each.name, opened.extractfile(each).read()) for each in opened.getmembers()]  # type: ignore[union-attr]


def archived(found: Members) -> bytes:
    """An archive of members."""
    return b"".join(written(found))


def signed_anew(found: Members, change: Callable[[bytes], bytes], key: SigningKey = PUBLISHER) -> Members:
    """The members with another manifest, under a signature that is right."""
    manifest = change(dict(found)[MANIFEST])
    return [(MANIFEST, manifest), (SIGNATURE, signs(key)(manifest)), *found[2:]]
