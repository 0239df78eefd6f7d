"""Checks of `galeon doctor` on what quotes are kept with: the clock, the database, the disk, keys and files of secrets."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from stat import S_IROTH, S_IWGRP, S_IWOTH

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from api import day_in_china
from api.doctor import BROKEN, ENDED, OK, SOON, Found, Installation, command
from api.settings import KEYS, BadSetting, sqlite_file

# The clocks of two machines of one installation may differ by so much.
SKEW = timedelta(minutes=5)
# Bytes that are free where the database lies: below the first it is time to look, below the second quotes are soon not kept.
ROOM, LEAST_ROOM = 1_000_000_000, 100_000_000
SET = "set the clock: timedatectl set-ntp true"


def clock(house: Installation) -> Iterator[Found]:
    """Whether the clock can be right: not before the release was made."""
    from api.freshness import release_day

    made, today = release_day(house.book), day_in_china(house.now)
    if made is not None and today < made - timedelta(days=1):
        told = f"it is {today}, before the day of the release ({made}): quotes are priced at the law of the wrong day"
        yield Found("clock", "release", BROKEN, told, SET, (today - made).days)
    else:
        yield Found("clock", "release", OK, f"{house.now:%Y-%m-%d %H:%M} UTC")


def database(house: Installation) -> Iterator[Found]:
    """Whether the database answers, its tables are this version's, and no quote is from later than now."""
    from api import database as room

    file = sqlite_file(house.settings.database)
    if file is not None and not file.exists():
        yield Found("database", f"{file}", OK, "there is none yet: it is made with the first quote")
        return
    try:
        engine = room.database(house.settings.database)
        try:
            yield from _examined(engine, house)
        finally:
            engine.dispose()
    except (SQLAlchemyError, ImportError, OSError) as error:
        told = f"does not answer ({type(error).__name__})"
        yield Found("database", "connection", BROKEN, told, "start it, or correct GALEON_DATABASE: galeon db status")


def _examined(engine: Engine, house: Installation) -> Iterator[Found]:
    import sqlalchemy as sql

    from api.database import HEAD, revision
    from api.store import QUOTES

    found = revision(engine)
    if found != HEAD:
        told = f"at revision {found or 'none'}, and this version needs {HEAD}"
        yield Found("database", "tables", BROKEN, told, "galeon db backup FILE, then galeon db upgrade")
        return
    with engine.connect() as connection:
        count, newest = connection.execute(sql.select(sql.func.count(), sql.func.max(QUOTES.c.created_at))).one()
    yield Found("database", "tables", OK, f"revision {found}, {count} quotes")
    if newest is not None and newest - house.now > SKEW:
        told = f"the newest quote is of {newest:%Y-%m-%d %H:%M} UTC, after now ({house.now:%Y-%m-%d %H:%M}): it was set back"
        yield Found("clock", "newest quote", BROKEN, told, SET, (house.now - newest).days)
    if house.settings.auth == KEYS:
        yield from _keys(engine, house)


def _keys(engine: Engine, house: Installation) -> Iterator[Found]:
    """Keys that end; those that were revoked, or replaced, are nobody's to renew."""
    from api.keyring import Keyring

    kept = [each for each in Keyring(engine).all() if each.revoked_at is None and each.replaced_by is None]
    if not any(each.state(house.now) == "live" for each in kept):
        told = "none is live, so that no call is answered"
        yield Found("keys", "all", BROKEN, told, "galeon keys make --kind secret --owner NAME")
    for each in kept:
        if each.terms.expires_at is None:
            continue
        days = (day_in_china(each.terms.expires_at) - house.on).days
        state = house.state(days)
        renew = "" if state == OK else f"galeon keys rotate {each.id}"
        if state == ENDED:
            renew = f"galeon keys make --kind {each.terms.kind} --owner {each.terms.owner}"
        told = f"of {each.terms.owner}, until {each.terms.expires_at:%Y-%m-%d}"
        yield Found("keys", each.id, state, told, renew, days)


def disk(house: Installation) -> Iterator[Found]:
    """Room beside an SQLite file; a server of PostgreSQL looks after its own."""
    file = sqlite_file(house.settings.database)
    if file is None:
        return
    folder = next((each for each in file.parents if each.is_dir()), Path("/"))
    free = shutil.disk_usage(folder).free
    state = BROKEN if free < LEAST_ROOM else SOON if free < ROOM else OK
    renew = "" if state == OK else "galeon db prune --older-than 400d, or make room"
    yield Found("disk", f"{folder}", state, f"{free // 1_000_000:,} MB free", renew)


def files(house: Installation) -> Iterator[Found]:
    """Whether others on this machine can change what is kept, or read what ought to be ours."""
    tables, fx, file = house.settings.tables, house.settings.fx, sqlite_file(house.settings.database)
    for path in (each for each in (file, tables, fx) if each is not None and each.exists()):
        mode = path.stat().st_mode
        if mode & (S_IWOTH | S_IWGRP if path == file else S_IWOTH):
            yield Found("files", f"{path}", BROKEN, "others can change it", command("chmod go-w", path))
        elif path == file and mode & S_IROTH and path.parent.stat().st_mode & S_IROTH:
            yield Found(
                "files",
                f"{path}",
                SOON,
                "others on this machine can read the prices in it",
                command("chmod o-rwx", path),
            )
        else:
            yield Found(
                "files", f"{path}", OK, "only its owner can change it" if path == file else "not open to others"
            )


def signing(house: Installation) -> Iterator[Found]:
    """Whether the key that signs quotes can be read; such a key (Ed25519) has no last day."""
    from api.signing import Signing

    if house.settings.signing_key is None and house.settings.retired_keys is None:
        yield Found("signing", "key", OK, "quotes are not signed")
        return
    try:
        found = Signing.of(house.settings)
    except BadSetting as error:
        yield Found("signing", "key", BROKEN, f"{error}", "galeon signing-key new FILE, or correct the setting")
        return
    told = "none signs" if found.key is None else f"{found.key.public.id} signs, and has no last day"
    yield Found("signing", "key", OK, f"{told}; {len(found.published)} are published")


CHECKS = (("clock", clock), ("database", database), ("disk", disk), ("files", files), ("signing", signing))
