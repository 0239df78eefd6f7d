"""The `galeon signing-key` group: make a key that signs quotes as files, and show what the public may know of keys."""

import json
from pathlib import Path

import click


@click.group("signing-key")
def signing_key() -> None:
    """Keys that sign quotes as files (Ed25519)."""


@signing_key.command()
@click.argument("file", type=click.Path(path_type=Path))
def new(file: Path) -> None:
    """Make a private key in the new file FILE (PEM, readable by its owner alone), and print what it is called.

    GALEON_SIGNING_KEY_FILE=FILE has the server sign with it. Whoever has the file can sign in your name.
    """
    from api.signing import BadKey, new_signing_key

    try:
        key = new_signing_key(file)
    except BadKey as error:
        raise click.ClickException(str(error)) from None
    click.echo(key.public.id)


@signing_key.command()
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--pem", is_flag=True, help="As PEM, for other programs.")
def show(files: tuple[Path, ...], pem: bool) -> None:
    """Print the public keys of FILES, private or public ones, as a set of keys (JWKS).

    Of keys that are not used any more this is the file of GALEON_RETIRED_KEYS_FILE; the server goes on publishing them, so that
    what they signed can be checked.
    """
    from api.signing import BadKey, any_keys, jwks

    try:
        keys = tuple(dict.fromkeys(each for path in files for each in any_keys(path)))
    except BadKey as error:
        raise click.ClickException(str(error)) from None
    if pem:
        click.echo(b"".join(each.pem for each in keys), nl=False)
    else:
        click.echo(json.dumps(jwks(keys), indent=2))
