"""The `galeon keys` group: make, list, rotate and revoke keys, and read the log of what happens with them."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from api import utc_now
from api.db_cli import ready_database
from api.key_text import ID, PUBLISHABLE, SECRET, SHEET, KeyText
from api.scopes import GRANTED, SCOPES

if TYPE_CHECKING:
    from api.keyring import Key, Keyring, Terms

RATES = {SECRET: "600/minute", PUBLISHABLE: "600/minute", SHEET: "300/minute"}
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


class Span(click.ParamType):
    """A span of time: 30m, 24h, 90d."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The span of a text; the command ends where it is none."""
        found = re.fullmatch(r"([0-9]{1,5})([mhd])", value) if isinstance(value, str) else None
        if found is None:
            self.fail(f"{value!r}: write 30m, 24h or 90d", param, ctx)
        return int(found[1]) * UNITS[found[2]]


class Id(click.ParamType):
    """The id of a key; of a whole key, or of one cut after its id, the id in it."""

    name = "id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The id in a text; the command ends where there is none. A text that may hold a secret is not repeated."""
        found = ID.fullmatch(str(value))
        if found is None:
            self.fail("write the 12 digits of the key's id, as `galeon keys list` shows them", param, ctx)
        return found[1]


@click.group()
def keys() -> None:
    """Keys of the API: who may call it, from where, and how often."""


@keys.command()
@click.option("--kind", type=click.Choice(list(GRANTED)), required=True, help="What it is for.")
@click.option("--owner", required=True, help="Whose it is: keys of one owner see the same quotes.")
@click.option(
    "--origin", multiple=True, help="A site that a publishable key is used on: https://shop.example. Repeatable."
)
@click.option("--scope", multiple=True, type=click.Choice(list(SCOPES)), help="[default: all that the kind may do]")
@click.option("--rate", help="How often it may call: 600/minute, or '10/second; 5000/day'. [default: by kind]")
@click.option("--quota", type=click.IntRange(1, 10**12), help="Calls in a calendar month. [default: without end]")
@click.option("--expires", type=Span(), help="After how long it is no longer taken: 90d. [default: never]")
@click.option("--note", default="", help="What it is used for, to be told from others.")
@AS_JSON
def make(as_json: bool, expires: timedelta | None, **given: Any) -> None:
    """Make a key. It is printed once and cannot be shown again."""
    now = utc_now().astimezone(UTC)
    terms = terms_of(expires_at=None if expires is None else now + expires, **given)
    with keyring() as ring:
        key, text = ring.make(terms, now)
    _print_new(key, text, as_json)


@keys.command("list")
@AS_JSON
def list_(as_json: bool) -> None:
    """Every key: its state, when it was last used, and its calls in this calendar month (UTC)."""
    from api.key_usage import uses

    now = utc_now().astimezone(UTC)
    with keyring() as ring:
        used = uses(ring.engine, now)
        rows = [{**_shown(key, now), **_used(used, key.id)} for key in ring.all()]
    if as_json:
        _print_json(rows)
        return
    for row in rows:
        told = [row["id"], row["kind"], row["state"], row["owner"], row["note"], *row["origins"], row["rate"]]
        calls = f"{row['calls_this_month']}" + (f" of {row['quota']}" if row["quota"] else "")
        told += [f"calls this month: {calls}", f"last used: {row['last_used_at'] or 'never'}"]
        click.echo("  ".join(each for each in told if each))
    if not rows:
        click.echo("No key has been made yet: galeon keys make --kind secret --owner NAME")


@keys.command()
@click.argument("id", type=Id())
@click.option("--overlap", type=Span(), default="24h", show_default=True, help="How long the old key still lives.")
@AS_JSON
def rotate(id: str, overlap: timedelta, as_json: bool) -> None:
    """Make a key on the terms of key ID, which lives on for the overlap."""
    with keyring() as ring:
        key, text = ring.rotate(id, utc_now().astimezone(UTC), overlap)
        old = ring.find(id)
    until = old.terms.expires_at if old else None
    _print_new(key, text, as_json, {"replaces": id, "old_key_until": _moment(until)})


@keys.command()
@click.argument("id", type=Id())
@AS_JSON
def revoke(id: str, as_json: bool) -> None:
    """Take key ID out of use for good. Running servers stop taking it within five seconds."""
    now = utc_now().astimezone(UTC)
    with keyring() as ring:
        key = ring.revoke(id, now)
    if as_json:
        _print_json(_shown(key, now))
    else:
        click.echo(f"Key {id} of {key.terms.owner} is revoked; running servers stop taking it within five seconds.")


@keys.command()
@click.argument("id", type=Id(), required=False)
@AS_JSON
def log(id: str | None, as_json: bool) -> None:
    """What was done with key ID, or with every key: by day, with how often."""
    from api.key_events import events

    with keyring() as ring:
        rows = events(ring.engine, id)
    if as_json:
        _print_json([{name: _plain(value) for name, value in row.items()} for row in rows])
        return
    for row in rows:
        at = f"{row['first_at']:%Y-%m-%d %H:%M:%S}"
        told = [at, row["key_id"] or "-", row["event"], row["detail"], f"× {row['count']}" if row["count"] > 1 else ""]
        click.echo("  ".join(each for each in told if each))


def terms_of(
    kind: str,
    owner: str,
    origin: Iterable[str],
    scope: Iterable[str],
    rate: str | None,
    quota: int | None,
    expires_at: datetime | None,
    note: str,
) -> "Terms":
    """The terms that options state; the command ends with what is wrong in them."""
    from api.keyring import Terms
    from api.limits import BadRate
    from api.limits import rate as limits
    from api.origins import BadOrigin
    from api.origins import origin as sound

    owner, scopes = owner.strip(), tuple(dict.fromkeys(scope))
    if not re.fullmatch(r"[^\x00-\x1f\x7f]{1,64}", owner):
        raise click.UsageError("--owner: write 1 to 64 characters on one line")
    if len(note) > 200 or not note.isprintable():
        raise click.UsageError("--note: write at most 200 characters on one line")
    if beyond := sorted(set(scopes) - GRANTED[kind]):
        raise click.UsageError(f"--scope {beyond[0]}: a {kind} key may have {', '.join(sorted(GRANTED[kind]))}")
    try:
        origins = tuple(dict.fromkeys(sound(each) for each in origin))
        limits(rate := rate or RATES[kind])
    except (BadOrigin, BadRate) as error:
        raise click.UsageError(str(error)) from None
    if kind == PUBLISHABLE and not origins:
        raise click.UsageError(
            "--origin: a publishable key needs the sites that it is used on, such as https://shop.example"
        )
    if kind != PUBLISHABLE and origins:
        raise click.UsageError(f"--origin: a {kind} key is used on no site; --kind publishable is")
    return Terms(kind, owner, rate, scopes, origins, quota, expires_at, note)


@contextmanager
def keyring() -> Iterator["Keyring"]:
    """The keys of the installation's database, which is opened and closed again."""
    from api.keyring import KeyRefused, Keyring

    try:
        with ready_database() as engine:
            yield Keyring(engine)
    except KeyRefused as error:
        raise click.ClickException(str(error)) from None


def _print_new(key: "Key", text: KeyText, as_json: bool, more: Mapping[str, Any] | None = None) -> None:
    more = more or {}
    if as_json:
        _print_json({"key": str(text), **_shown(key, key.created_at), **more})
        return
    click.echo(f"{text}")
    click.echo(f"This is key {key.id} of {key.terms.owner}. Keep it now: it is not shown again.", err=True)
    if more:
        click.echo(f"Key {more['replaces']}, which it replaces, is taken until {more['old_key_until']}.", err=True)


def _shown(key: "Key", now: datetime) -> dict[str, Any]:
    """A key without its hash."""
    terms = {name: _plain(value) for name, value in asdict(key.terms).items()}
    made = {"created_at": _moment(key.created_at), "revoked_at": _moment(key.revoked_at)}
    return {"id": key.id, "state": key.state(now), **terms, **made, "replaced_by": key.replaced_by}


def _used(used: Mapping[str, tuple[datetime, int]], id: str) -> dict[str, Any]:
    last, calls = used.get(id, (None, 0))
    return {"last_used_at": _moment(last), "calls_this_month": calls}


def _plain(value: object) -> object:
    match value:
        case datetime():
            return _moment(value)
        case tuple():
            return list(value)
        case None | int() | str():
            return value
        case _:
            return str(value)


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _print_json(document: object) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
