"""A release as a file: whatever is not exactly what its publisher signed is refused, each for its own reason."""

import io
import json
import tarfile
import zlib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.release_keys import DOMAIN, signs, trusted, vouches
from api.signing import BadKey, in_letters
from tariffs.packs import archive, refused
from tariffs.packs.archive import BLOCK, END, is_safe
from tariffs.packs.contents import MOST_FILE
from tariffs.packs.opening import opened
from tariffs.packs.packing import GZIP, MANIFEST, SIGNATURE, packed
from tariffs.packs.refused import PackRefused
from tariffs.release import sealed
from tests.packs import (
    OURS,
    PUBLISHER,
    RATE,
    STRANGER,
    Members,
    archived,
    days_after,
    members,
    pack,
    replaced,
    seal,
    signed_anew,
    tables,
)

PORTS = "tables/logistics/ports.csv.gz"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables of a publisher."""
    return tables(tmp_path_factory.mktemp("publisher") / "data")


@pytest.fixture(scope="module")
def release(folder: Path) -> bytes:
    """Their release."""
    return pack(folder)


def outcome(content: bytes, into: Path) -> str:
    """The code of the refusal, "" where a release is taken."""
    into.mkdir()
    try:
        opened(io.BytesIO(content), into, vouches([PUBLISHER.public]))
    except PackRefused as error:
        return error.code if error.text else "says nothing"
    return ""


def document(found: Members) -> dict[str, Any]:
    """The manifest."""
    read: dict[str, Any] = json.loads(dict(found)[MANIFEST])
    return read


def with_document(found: Members, change: Callable[[dict[str, Any]], object]) -> Members:
    """The members with a manifest that says something else and is signed by its publisher."""
    told = document(found)
    change(told)
    return signed_anew(found, lambda _: (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode())


def test_a_release_is_opened_as_it_was_packed(folder: Path, release: bytes, tmp_path: Path) -> None:
    """Every file comes out as it went in, and the tables are those of the publisher."""
    records = opened(io.BytesIO(release), tmp_path, vouches([STRANGER.public, PUBLISHER.public]))
    assert records.release == days_after(1)
    here = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert here == {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    rate = next(raw for raw in records.file("cn/measures.csv").rows if ",".join(raw).startswith(RATE.format("5%")))
    assert rate[2] == "5%"


def test_the_same_tables_give_the_same_bytes(folder: Path, release: bytes) -> None:
    """Neither the clock nor the folder is in a release; another key changes the signature alone."""
    assert pack(folder) == release
    ours, theirs = members(release), members(pack(folder, STRANGER))
    assert [name for (name, one), (_, other) in zip(ours, theirs, strict=True) if one != other] == [SIGNATURE]


def test_the_manifest_tells_hashes_and_licences(folder: Path, release: bytes) -> None:
    """Each file with its SHA-256, each table and each document with its licence; the day is that of the name."""
    told = document(members(release))
    assert (told["release"], told["sha256"]) == (days_after(1), sealed(folder).sha256)
    assert told["day"] == days_after(1).removeprefix("data-").replace(".", "-")
    for each in told["files"]:
        content = (folder / each["name"]).read_bytes()
        assert (each["sha256"], each["size"]) == (sha256(content).hexdigest(), len(content))
    assert {each["name"]: each["sha256"] for each in told["tables"]} == sealed(folder).tables
    assert all(each["licence"] for each in told["tables"])
    assert {"id", "title", "licence"} == set(told["sources"][0])


def test_any_tar_reads_it(release: bytes) -> None:
    """The form is the common one: plain files, of nobody, of no time."""
    with tarfile.open(fileobj=io.BytesIO(release)) as found:
        assert {(each.type, each.mode, each.mtime, each.uid, each.uname) for each in found.getmembers()} == {
            (tarfile.REGTYPE, 0o644, 0, 0, "")
        }


# --- one byte changed --------------------------------------------------------------------------------------------


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_byte_changed_anywhere_is_found(
    release: bytes, tmp_path_factory: pytest.TempPathFactory, data: Any
) -> None:
    """Wherever it stands: headings, fillings, manifest, signature, tables, the end."""
    beginnings = [0, 512, len(release) - len(END), len(release) - 1]
    place = data.draw(st.one_of(st.integers(0, len(release) - 1), st.sampled_from(beginnings), st.integers(0, 60_000)))
    changed = bytearray(release)
    changed[place] ^= data.draw(st.integers(1, 255))
    assert outcome(bytes(changed), tmp_path_factory.mktemp("one") / "in") != ""


def test_every_byte_of_headings_and_fillings_is_held_to(release: bytes, tmp_path: Path) -> None:
    """What tar does not look at is where a change could hide: the first heading, byte by byte, and one filling."""
    size = len(dict(members(release))[MANIFEST])
    filling = range(BLOCK + size, BLOCK + size + (-size % BLOCK))
    for place in (*range(BLOCK), *filling):
        changed = bytearray(release)
        changed[place] ^= 1
        assert outcome(bytes(changed), tmp_path / f"{place}") != "", place


@pytest.mark.parametrize("cut", [0, 1, 511, 512, 60_000, -1024, -513, -1])
def test_a_release_cut_short(release: bytes, tmp_path: Path, cut: int) -> None:
    """What did not arrive whole is not taken."""
    assert outcome(release[:cut], tmp_path / "in") == refused.CUT_SHORT


def test_something_behind_the_end(release: bytes, tmp_path: Path) -> None:
    """Nor what has more than belongs to it."""
    assert outcome(release + b"\0", tmp_path / "in") == refused.ALTERED


@pytest.mark.parametrize("content", [b"", b"x" * 2000, b"PK\x03\x04" + bytes(2000), b"\x1f\x8b\x08" + bytes(2000)])
def test_what_is_no_release(content: bytes, tmp_path: Path) -> None:
    """Another file altogether."""
    assert outcome(content, tmp_path / "in") in (refused.NOT_A_PACK, refused.CUT_SHORT)


# --- signatures --------------------------------------------------------------------------------------------------


def test_signed_by_another_key(folder: Path, tmp_path: Path) -> None:
    """A stranger's release is none of ours, however sound."""
    assert outcome(pack(folder, STRANGER), tmp_path / "in") == refused.ANOTHER_KEY


def test_a_strangers_signature_under_our_name(release: bytes, tmp_path: Path) -> None:
    """To call oneself by the trusted key does not make one it."""
    found = members(release)
    value = in_letters(STRANGER.signature(DOMAIN + dict(found)[MANIFEST]))
    found[1] = (SIGNATURE, f"{PUBLISHER.public.id}\n{value}\n".encode())
    assert outcome(archived(found), tmp_path / "in") == refused.SIGNATURE_WRONG


def test_the_signature_of_another_file(release: bytes, tmp_path: Path) -> None:
    """The publisher signed it, but not for this release."""
    other = members(pack(tables(tmp_path / "other", "4%", days_after(2))))
    found = members(release)
    found[1] = other[1]
    assert outcome(archived(found), tmp_path / "in") == refused.SIGNATURE_WRONG


def test_a_signature_without_the_domain(release: bytes, tmp_path: Path) -> None:
    """What the same key signed for another purpose does not stand for a release."""
    found = members(release)
    value = in_letters(PUBLISHER.signature(dict(found)[MANIFEST]))
    found[1] = (SIGNATURE, f"{PUBLISHER.public.id}\n{value}\n".encode())
    assert outcome(archived(found), tmp_path / "in") == refused.SIGNATURE_WRONG


@pytest.mark.parametrize("text", [b"", b"\n\n", b"key\nvalue\n", b"\xff\xff\n", b"a\nb\nc\n"])
def test_a_signature_that_is_none(release: bytes, tmp_path: Path, text: bytes) -> None:
    """Read before anything else of the release is."""
    found = members(release)
    found[1] = (SIGNATURE, text)
    assert outcome(archived(found), tmp_path / "in") == refused.SIGNATURE_UNREADABLE


def test_nobody_is_trusted_by_default(tmp_path: Path) -> None:
    """Without a key it is said how to get one; an empty folder and a private key are no trusted keys."""
    with pytest.raises(PackRefused, match="GALEON_RELEASE_KEYS") as error:
        trusted(None)
    assert error.value.code == refused.NO_KEY
    with pytest.raises(BadKey):
        trusted(tmp_path)
    (tmp_path / "a.pem").write_bytes(PUBLISHER.public.pem)
    (tmp_path / "b.json").write_text(json.dumps({"keys": [STRANGER.public.jwk]}))
    assert trusted(tmp_path) == (PUBLISHER.public, STRANGER.public)
    assert trusted(tmp_path / "a.pem") == (PUBLISHER.public,)


# --- members -----------------------------------------------------------------------------------------------------


def with_member(release: bytes, name: str, kind: bytes, link: str = "") -> bytes:
    """The release with one more member behind its signature, as tarfile writes it."""
    raw, found = io.BytesIO(), members(release)
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as written:
        for at, (known, content) in enumerate(found):
            if at == 2:
                member = tarfile.TarInfo(name)
                member.type, member.linkname = kind, link
                written.addfile(member)
            member = tarfile.TarInfo(known)
            member.size = len(content)
            written.addfile(member, io.BytesIO(content))
    return raw.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        "../escape.csv",
        "tables/../../escape.csv",
        "/etc/escape",
        "tables/.hidden",
        "tables//x",
        "tables/./x",
        "C:\\x",
        "..\\x",
    ],
)
def test_a_path_that_climbs_out(release: bytes, tmp_path: Path, name: str) -> None:
    """Refused by its name, and nothing is written anywhere."""
    assert outcome(with_member(release, name, tarfile.REGTYPE), tmp_path / "in") == refused.UNSAFE_PATH
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_climbing_path_that_is_signed(release: bytes, tmp_path: Path) -> None:
    """Not even its publisher may have a file laid elsewhere."""

    def climb(told: dict[str, Any]) -> None:
        told["files"].insert(0, {**told["files"][0], "name": "../escape.csv"})

    assert outcome(archived(with_document(members(release), climb)), tmp_path / "in") == refused.UNSAFE_PATH


@pytest.mark.parametrize(
    ("kind", "link"),
    [
        (tarfile.SYMTYPE, "/etc/passwd"),
        (tarfile.LNKTYPE, "manifest.json"),
        (tarfile.CHRTYPE, ""),
        (tarfile.BLKTYPE, ""),
        (tarfile.FIFOTYPE, ""),
        (tarfile.DIRTYPE, ""),
    ],
)
def test_what_is_no_plain_file(release: bytes, tmp_path: Path, kind: bytes, link: str) -> None:
    """Links, devices, pipes and folders."""
    assert outcome(with_member(release, "tables/x", kind, link), tmp_path / "in") == refused.NOT_A_FILE


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_other_kinds_of_tar(release: bytes, tmp_path: Path, form: int) -> None:
    """Extensions of the form, which could give a member a second name or size, are not read at all."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=form) as written:
        for name, content in members(release):
            member = tarfile.TarInfo(name if name == MANIFEST else f"{name}{'x' * 200}")
            member.size = len(content)
            written.addfile(member, io.BytesIO(content))
    assert outcome(raw.getvalue(), tmp_path / "in") in (refused.NOT_A_FILE, refused.ALTERED)


def test_members_that_do_not_belong(release: bytes, tmp_path: Path) -> None:
    """Twice, more than are listed, fewer, or in another order."""
    found = members(release)
    place = [name for name, _ in found].index(PORTS)
    double = [*found, found[place]]
    assert outcome(archived(double), tmp_path / "double") == refused.DOUBLE_MEMBER
    assert outcome(archived([*found, ("tables/more.csv.gz", b"x")]), tmp_path / "more") == refused.UNKNOWN_MEMBER
    early = [*found[:2], ("tables/a.csv.gz", b"x"), *found[2:]]
    assert outcome(archived(early), tmp_path / "early") == refused.UNKNOWN_MEMBER
    assert outcome(archived(found[:place] + found[place + 1 :]), tmp_path / "fewer") == refused.MISSING_MEMBER
    assert outcome(archived(found[:-1]), tmp_path / "last") == refused.MISSING_MEMBER
    swapped = [*found[:2], found[3], found[2], *found[4:]]
    assert outcome(archived(swapped), tmp_path / "swapped") == refused.MISSING_MEMBER
    assert outcome(archived(found[1:]), tmp_path / "first") == refused.NOT_A_PACK


def test_a_table_replaced(release: bytes, tmp_path: Path) -> None:
    """With one of the same size, and with one of another."""
    found = members(release)
    place = [name for name, _ in found].index(PORTS)
    content = bytearray(found[place][1])
    content[-1] ^= 1
    for name, other in (("same", bytes(content)), ("longer", bytes(content) + b"\0")):
        changed = [*found[:place], (PORTS, other), *found[place + 1 :]]
        assert outcome(archived(changed), tmp_path / name) == refused.ALTERED


# --- sizes -------------------------------------------------------------------------------------------------------


class Endless:
    """A source of as many bytes as anybody asks for, which counts them."""

    def __init__(self, beginning: bytes) -> None:
        self._beginning, self.given = io.BytesIO(beginning), 0

    def read(self, size: int, /) -> bytes:
        """So many bytes."""
        found = self._beginning.read(size) or b"x" * size
        self.given += len(found)
        return found


def test_an_archive_of_two_gigabytes(release: bytes, tmp_path: Path) -> None:
    """A sparse file of 2 GB, and one whose headings tell the truth, a lie, or nothing: never more is read than a limit."""
    large = tmp_path / "large.tar"
    with large.open("wb") as file:
        file.write(release[:BLOCK])
        file.truncate(2 * 1024**3)
    with large.open("rb") as file, pytest.raises(PackRefused) as sparse:
        opened(file, tmp_path, vouches([PUBLISHER.public]))
    # Behind its one heading stands nothing but naughts, as behind an end; there are 2 GB too many of them.
    assert sparse.value.code == refused.ALTERED
    two = tarfile.TarInfo(MANIFEST)
    two.size = 2 * 1024**3
    source = Endless(two.tobuf(tarfile.USTAR_FORMAT))
    with pytest.raises(PackRefused) as error:
        opened(source, tmp_path, vouches([PUBLISHER.public]))
    assert error.value.code == refused.TOO_LARGE
    assert source.given == BLOCK


def test_an_archive_that_does_not_end(release: bytes, tmp_path: Path) -> None:
    """Where every member is of a size that may be, the sum of them is what is counted."""
    reader = archive.Reader(Endless(b""), most=10 * BLOCK)
    with pytest.raises(PackRefused) as error:
        reader.content(archive.Heading("x", 11 * BLOCK))
    assert error.value.code == refused.TOO_LARGE


def test_a_file_that_unpacks_to_more_than_is_said(release: bytes, tmp_path: Path) -> None:
    """A bomb signed by the publisher: 50 MB of nothing in 50 kB are not unpacked beyond the size that the manifest says."""
    found = members(release)
    zipper = zlib.compressobj(9, zlib.DEFLATED, GZIP)
    bomb = zipper.compress(bytes(50 * 1024**2)) + zipper.flush()
    place = [name for name, _ in found].index(PORTS)
    found[place] = (PORTS, bomb)

    def lie(told: dict[str, Any]) -> None:
        entry = next(each for each in told["files"] if each["name"] == "logistics/ports.csv")
        entry |= {"packed_sha256": sha256(bomb).hexdigest(), "packed_size": len(bomb)}

    assert outcome(archived(with_document(found, lie)), tmp_path / "in") == refused.TOO_LARGE

    def tell(told: dict[str, Any]) -> None:
        told["files"][0]["size"] = MOST_FILE + 1

    assert outcome(archived(with_document(members(release), tell)), tmp_path / "told") == refused.TOO_LARGE


# --- manifests that are signed and wrong -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda told: told.update(format=2), refused.OTHER_FORMAT),
        (lambda told: told.update(release="december"), refused.MANIFEST_UNREADABLE),
        (lambda told: told.update(release=7), refused.MANIFEST_UNREADABLE),
        (lambda told: told.update(files={}), refused.MANIFEST_UNREADABLE),
        (lambda told: told.update(sha256="0" * 64), refused.MANIFEST_UNREADABLE),
        (lambda told: told["tables"][0].update(licence="mine"), refused.MANIFEST_UNREADABLE),
        (lambda told: told["files"][0].update(size=-1), refused.MANIFEST_UNREADABLE),
        (lambda told: told["files"][0].update(size=True), refused.MANIFEST_UNREADABLE),
        (lambda told: told["files"][0].update(size=1.5), refused.MANIFEST_UNREADABLE),
        (lambda told: told["files"][0].update(more=1), refused.MANIFEST_UNREADABLE),
        (lambda told: told["files"].reverse(), refused.MANIFEST_UNREADABLE),
        (lambda told: told["files"].append(told["files"][-1]), refused.MANIFEST_UNREADABLE),
        (lambda told: told["files"].pop(-3), refused.TABLE_MISSING),
    ],
)
def test_a_manifest_that_says_something_else(
    release: bytes, tmp_path: Path, change: Callable[[dict[str, Any]], object], code: str
) -> None:
    """What it says of the tables must be what they are, though its publisher signed it."""
    assert outcome(archived(with_document(members(release), change)), tmp_path / "in") == code


@pytest.mark.parametrize("text", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b"NaN", b'"x"'])
def test_a_manifest_that_is_none(release: bytes, tmp_path: Path, text: bytes) -> None:
    """Signed nonsense."""
    assert (
        outcome(archived(signed_anew(members(release), lambda _: text)), tmp_path / "in") == refused.MANIFEST_UNREADABLE
    )


# --- tables that must not be published ---------------------------------------------------------------------------


def by_force(folder: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """What a publisher packs who does not check."""
    with monkeypatch.context() as patch:
        patch.setattr("tariffs.packs.packing.faults_of", lambda records: [])
        patch.setattr("tariffs.packs.packing.differences", lambda root: ())
        return pack(folder)


def both(folder: Path, monkeypatch: pytest.MonkeyPatch, into: Path) -> tuple[str, str]:
    """The codes with which tables are not packed, and not taken from somebody who packed them all the same."""
    with pytest.raises(PackRefused) as error:
        packed(folder, signs(PUBLISHER))
    return error.value.code, outcome(by_force(folder, monkeypatch), into)


def test_two_rows_in_force_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two provisional rates of one code on one day: found before packing, and again before installing."""
    folder = tables(tmp_path / "data")
    row = next(
        line for line in (folder / "cn/measures.csv").read_text().splitlines() if line.startswith(RATE.format("5%"))
    )
    replaced(folder / "cn/measures.csv", row, f"{row}\n{row.replace('2026-01-01', '2026-06-01')}")
    seal(folder, days_after(1))
    unsound = refused.TABLES_UNSOUND
    assert both(folder, monkeypatch, tmp_path / "in") == (unsound, unsound)
    with pytest.raises(PackRefused, match=r"cn/measures\.csv:[0-9]+"):
        packed(folder, signs(PUBLISHER))


def test_tables_that_are_not_as_sealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that was changed after the seal."""
    folder = tables(tmp_path / "data")
    replaced(folder / "cn/measures.csv", RATE.format("5%"), RATE.format("6%"))
    assert both(folder, monkeypatch, tmp_path / "in") == (refused.NOT_SEALED, refused.NOT_SEALED)


def test_a_table_missing(tmp_path: Path) -> None:
    """A release whose lists do not speak of a table that the package has: sealed, signed, and not whole."""
    folder = tables(tmp_path / "data")
    text = (folder / "tables.toml").read_text()
    begins = text.index("[losses]")
    ends = text.index("\n[", begins) + 1
    (folder / "tables.toml").write_text(text[:begins] + text[ends:])
    seal(folder, days_after(1))
    assert outcome(pack(folder), tmp_path / "in") == refused.TABLE_MISSING


def test_a_table_without_a_licence(tmp_path: Path) -> None:
    """Nobody may pass on what says nothing of its licence."""
    folder = tables(tmp_path / "data")
    text = (folder / "tables.toml").read_text()
    (folder / "tables.toml").write_text(
        "\n".join('licence = " "' if line.startswith("licence") else line for line in text.splitlines())
    )
    seal(folder, days_after(1))
    with pytest.raises(PackRefused, match="customs-schedule has no licence") as error:
        packed(folder, signs(PUBLISHER))
    assert error.value.code == refused.TABLES_UNSOUND


def test_a_file_gone(tmp_path: Path) -> None:
    """And where a table's file is not there, it is named."""
    folder = tables(tmp_path / "data")
    (folder / "logistics/ports.csv").unlink()
    with pytest.raises(PackRefused, match="ports"):
        packed(folder, signs(PUBLISHER))


def test_the_index_of_the_search_is_that_of_the_tables(tmp_path: Path) -> None:
    """A good renamed without making the index anew: the release has the index of its own names."""
    folder = tables(tmp_path / "data")
    replaced(folder / "cn/products.csv", "aguacate Hass fresco", "aguacate Hass de Uruapan")
    before = (folder / "search/index.z").read_bytes()
    seal(folder, days_after(1))
    assert outcome(pack(folder), tmp_path / "in") == ""
    assert (tmp_path / "in/search/index.z").read_bytes() != before


def test_names_that_stay_in_their_folder() -> None:
    """The rule by itself."""
    assert all(map(is_safe, ("a", "a/b.csv", "cn/line_names.csv", "a-b_c.1")))
    unsafe = ("", "/a", "a/", "a//b", ".", "..", "a/..", ".a", "a.", "a\0b", "a\nb", "é", "a:b", "a\\b", "a ")
    assert not any(map(is_safe, unsafe))


def test_the_package_is_older(release: bytes) -> None:
    """What these tests are made of."""
    assert days_after(1) > OURS
