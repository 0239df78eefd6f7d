"""The settings of an installation, read from the environment once, at the start."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

SQLITE = "sqlite:///"
KEYS = "keys"
APART = "apart"
FALSE, TRUE = ("", "0", "false", "no", "off"), ("1", "true", "yes", "on")
JSON, TEXT, OFF = "json", "text", "off"
LEVELS = ("debug", "info", "warning", "error")


class BadSetting(ValueError):
    """A variable of the environment that cannot be read."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation decides for itself.

    `database` is an SQLAlchemy address (GALEON_DATABASE; default: an SQLite file in the user's data folder), `fx_strict`
    refuses market rates that are older than a quote may use without a warning (GALEON_FX_STRICT), `tables` is a private
    folder laid over the tables of the package (GALEON_TABLES; none by default). `fx` is the folder of exchange rates that
    `galeon fx` writes to (GALEON_FX; default: beside an SQLite file, else in the user's data folder), `fx_source` the
    address that it asks (GALEON_FX_SOURCE; default: that of forex-python), and `fx_refresh` after how many hours the
    server asks it by itself (GALEON_FX_REFRESH; 0, which is the default: never). `retention` is the age after which
    `galeon db prune` deletes a quote (GALEON_RETENTION, in days; none by default: quotes are kept). `log` is the form of
    the log on stderr (GALEON_LOG: json, text or off; default: text on a terminal, json elsewhere), `log_level` from where
    it tells (GALEON_LOG_LEVEL: debug, info, warning, error; default info), and `log_clients` has it name the addresses of
    clients (GALEON_LOG_CLIENTS; default: no).

    `auth` is "keys" where every call needs a key (GALEON_AUTH=keys), else "": then the server answers on this machine alone.
    `limits` is where calls are counted (GALEON_LIMITS=redis://…; "" by default: in each worker's memory), and `rate` how often
    one address may call a server without keys (GALEON_RATE=600/minute; "" by default: as often as it likes). `proxies` is how
    many proxies stand before the server, whose word on the client's address and scheme is taken (GALEON_PROXIES; 0 by default).
    `workers` is "apart" where jobs are for `galeon worker` alone (GALEON_WORKERS=apart), else "": then the server begins one
    when there is a job and nobody works on any.

    `signing_key` is the private key that signs quotes as files (GALEON_SIGNING_KEY_FILE; none by default: they are not signed),
    and `retired_keys` a file of public keys that did so before (GALEON_RETIRED_KEYS_FILE).

    `releases` is the folder that `galeon tables update` installs releases of the tables in (GALEON_RELEASES; default: beside an
    SQLite file, else in the user's data folder), and `release_keys` a file of public keys, or a folder of such files, that are
    trusted with them (GALEON_RELEASE_KEYS; none by default: then none can be installed).
    """

    database: str
    fx_strict: bool = False
    tables: Path | None = None
    fx: Path | None = None
    fx_source: str = ""
    fx_refresh: int = 0
    retention: timedelta | None = None
    log: str = OFF
    log_level: str = "info"
    log_clients: bool = False
    auth: str = ""
    limits: str = ""
    rate: str = ""
    proxies: int = 0
    workers: str = APART
    signing_key: Path | None = None
    retired_keys: Path | None = None
    releases: Path | None = None
    release_keys: Path | None = None

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """The settings that an environment states. Raises BadSetting."""
        database = environment.get("GALEON_DATABASE") or _user_database(environment)
        return cls(
            database=database,
            fx_strict=_flag(environment, "GALEON_FX_STRICT"),
            tables=_folder(environment, "GALEON_TABLES"),
            fx=_own_folder(environment, "GALEON_FX", "fx", database),
            fx_source=_address(environment, "GALEON_FX_SOURCE"),
            fx_refresh=_number(environment, "GALEON_FX_REFRESH", "hours"),
            retention=_days(environment, "GALEON_RETENTION"),
            log=_one_of(environment, "GALEON_LOG", (JSON, TEXT, OFF), TEXT if sys.stderr.isatty() else JSON),
            log_level=_one_of(environment, "GALEON_LOG_LEVEL", LEVELS, "info"),
            log_clients=_flag(environment, "GALEON_LOG_CLIENTS"),
            auth=_auth(environment),
            limits=_limits(environment),
            rate=_rate(environment),
            proxies=_proxies(environment),
            workers=_one_of(environment, "GALEON_WORKERS", ("", APART), ""),
            signing_key=_file(environment, "GALEON_SIGNING_KEY_FILE"),
            retired_keys=_file(environment, "GALEON_RETIRED_KEYS_FILE"),
            releases=releases_folder(environment),
            release_keys=_file(environment, "GALEON_RELEASE_KEYS"),
        )


def releases_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where releases of the tables are installed, whatever else is set. Raises BadSetting."""
    database = environment.get("GALEON_DATABASE") or _user_database(environment)
    return _own_folder(environment, "GALEON_RELEASES", "releases", database)


def sqlite_file(database: str) -> Path | None:
    """The file of an SQLite database, None for a server and for one in memory."""
    file = database.removeprefix(SQLITE).partition("?")[0] if database.startswith(SQLITE) else ""
    return Path(file) if file and not file.startswith((":memory:", "file:")) else None


def _user_database(environment: Mapping[str, str]) -> str:
    return f"{SQLITE}{_user_folder(environment) / 'galeon.sqlite3'}"


def _user_folder(environment: Mapping[str, str]) -> Path:
    home = environment.get("XDG_DATA_HOME", "")
    # The XDG specification: a path that is not absolute is to be ignored.
    folder = Path(home) if home.startswith("/") else Path.home() / ".local" / "share"
    return folder / "galeon"


def _own_folder(environment: Mapping[str, str], name: str, usual: str, database: str) -> Path:
    """A folder that the installation writes to, which need not be there before it does."""
    text = environment.get(name, "").strip()
    if text:
        folder = Path(text).expanduser()
        if folder.exists() and not folder.is_dir():
            raise BadSetting(f"{name}={text!r}: is no folder")
        return folder
    file = sqlite_file(database)
    return (_user_folder(environment) if file is None else file.parent) / usual


def _address(environment: Mapping[str, str], name: str) -> str:
    text = environment.get(name, "").strip()
    try:
        parts = urlsplit(text)
        sound = not text or (parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query)
    except ValueError:
        sound = False
    if not sound:
        raise BadSetting(f"{name}={text!r}: write an address such as https://rates.example/api/")
    return text


def _number(environment: Mapping[str, str], name: str, of: str) -> int:
    text = environment.get(name, "").strip() or "0"
    if not (text.isascii() and text.isdigit() and len(text) <= 5):
        raise BadSetting(f"{name}={text!r}: write a number of {of}, or 0")
    return int(text)


def _days(environment: Mapping[str, str], name: str) -> timedelta | None:
    days = _number(environment, name, "days")
    return timedelta(days=days) if days else None


def _auth(environment: Mapping[str, str]) -> str:
    text = environment.get("GALEON_AUTH", "").strip()
    if text not in ("", KEYS):
        raise BadSetting(f"GALEON_AUTH={text!r}: write {KEYS}, or leave it out")
    return text


def _limits(environment: Mapping[str, str]) -> str:
    text = environment.get("GALEON_LIMITS", "").strip()
    if text and not text.startswith(("redis://", "rediss://", "redis+unix://")):
        # The address may hold a password, so that it is not repeated here.
        raise BadSetting(
            "GALEON_LIMITS: write the address of a Redis, such as redis://127.0.0.1:6379/0, or leave it out"
        )
    return text


def _rate(environment: Mapping[str, str]) -> str:
    from api.limits import BadRate, rate

    text = environment.get("GALEON_RATE", "").strip()
    try:
        return text if not text or rate(text) else ""
    except BadRate as error:
        raise BadSetting(f"GALEON_RATE={error}") from None


def _proxies(environment: Mapping[str, str]) -> int:
    text = environment.get("GALEON_PROXIES", "").strip() or "0"
    if not (text.isascii() and text.isdigit() and len(text) == 1):
        raise BadSetting(f"GALEON_PROXIES={text!r}: write how many proxies stand before the server, 0 to 9")
    return int(text)


def _folder(environment: Mapping[str, str], name: str) -> Path | None:
    text = environment.get(name, "").strip()
    if not text:
        return None
    folder = Path(text).expanduser()
    if not folder.is_dir():
        raise BadSetting(f"{name}={text!r}: there is no such folder")
    return folder


def _file(environment: Mapping[str, str], name: str) -> Path | None:
    """The path of a file, which is read where it is needed: the commands that do not sign need not be able to."""
    text = environment.get(name, "").strip()
    return Path(text).expanduser() if text else None


def _one_of(environment: Mapping[str, str], name: str, choices: tuple[str, ...], usual: str) -> str:
    text = environment.get(name, "").strip().lower() or usual
    if text not in choices:
        raise BadSetting(f"{name}={text!r}: write one of {', '.join(choices)}")
    return text


def _flag(environment: Mapping[str, str], name: str) -> bool:
    text = environment.get(name, "").strip().lower()
    if text not in (*FALSE, *TRUE):
        raise BadSetting(f"{name}={text!r}: write 1 or 0")
    return text in TRUE
