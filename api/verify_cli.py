"""`galeon export ID` and `galeon verify FILE`: a kept quote as a file, and a file reckoned again."""

import sys
from pathlib import Path

import click

from api.fx_cli import read_settings
from api.languages import LANGUAGES
from api.settings import BadSetting

PIPE = Path("-")


@click.command()
@click.argument("id")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, allow_dash=True, path_type=Path), default="-")
@click.option("--owner", default="", help="Whose quote it is, where keys are used.")
@click.option(
    "--sign",
    type=click.Path(path_type=Path),
    metavar="KEY",
    help="Sign it with the private key of this file. [default: that of GALEON_SIGNING_KEY_FILE, if any]",
)
def export(id: str, file: Path, owner: str, sign: Path | None) -> None:
    """Write the kept quote ID with all that it rests on to FILE, or to the terminal.

    `galeon verify` reckons it again on any machine, without our tables and without a network.
    """
    from api.carried import carried
    from api.signing import BadKey, Signing, read_signing_key
    from api.store import Store
    from api.tombstones import Deleted

    settings = read_settings()
    try:
        key = read_signing_key(sign) if sign else Signing.of(settings).key
    except (BadKey, BadSetting) as error:
        raise click.ClickException(str(error)) from None
    store = Store.at(settings.database)
    try:
        kept = store.quote(id, owner)
        dossier = None if kept is None or kept.dossier is None else store.dossier(kept.dossier)
    except Deleted as deleted:
        raise click.ClickException(f"quote {id} was deleted on {deleted.on:%Y-%m-%d}") from None
    finally:
        store.close()
    if kept is None:
        raise click.ClickException(f"there is no quote {id}")
    if dossier is None:
        raise click.ClickException(f"{id} was kept without the rows that it rests on")
    body = carried(kept, dossier, key)
    if file == PIPE:
        sys.stdout.buffer.write(body)
    else:
        file.write_bytes(body)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option(
    "--key",
    "keys",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Who must have signed it: a file of public keys, /.well-known/galeon-keys.json of the server or PEM. Repeatable.",
)
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
def verify(file: Path, keys: tuple[Path, ...], language: str) -> None:
    """Reckon the quote of FILE again, with nothing but the file, and check who signed it.

    Exit code 0 where it is what it says and signed by one of the keys, where any are given; 1 where it is not; 2 where FILE is no
    quote, cannot be reckoned here, or comes out otherwise and was made by an earlier engine, which alone could judge it.
    """
    from api.carried import verified
    from api.headings import HEADINGS
    from api.signing import BadKey, read_public_keys
    from api.terminal import print_refusals
    from api.wording import Wording
    from calculator.errors import Unreadable
    from calculator.quote import ENGINE_VERSION

    with click.open_file(f"{file}", "rb") as opened:
        body = opened.read()
    try:
        trusted = [each for path in keys for each in read_public_keys(path)] if keys else None
        verdict = verified(body, trusted)
    except BadKey as error:
        raise click.UsageError(f"--key {error}") from None
    except Unreadable as refusal:
        print_refusals((refusal,), language)
        sys.exit(2)

    def say(code: str, **facts: object) -> str:
        return Wording.of(language).sentence(HEADINGS[f"verified:{code}"]).format(**facts)

    for part in verdict.changed:
        click.echo(say("changed", part=part))
    for each in verdict.differences:
        click.echo(say("differs", pointer=each.pointer, filed=each.filed, reckoned=each.reckoned))
    seal = verdict.seal
    if seal.objection is not None:
        print_refusals((seal.objection,), language)
    elif seal.key_id:
        click.echo(say("signed" if seal.sound else "not_checked", key=seal.key_id))
    if verdict.refusal is not None:
        print_refusals((verdict.refusal,), language)
        sys.exit(2)
    if not verdict.equal:
        sys.exit(1)
    if verdict.engine:
        click.echo(say("earlier", engine=verdict.engine, ours=ENGINE_VERSION))
    click.echo(f"{verdict.id}: {say('equal')}")
