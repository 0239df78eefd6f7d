"""The settings of an installation, read from the environment once, at the start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FALSE, TRUE = ("", "0", "false", "no", "off"), ("1", "true", "yes", "on")


class BadSetting(ValueError):
    """A variable of the environment that cannot be read."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation decides for itself.

    `database` is an SQLAlchemy address (GALEON_DATABASE; default: an SQLite file in the user's data folder), `fx_strict`
    refuses market rates that are older than a quote may use without a warning (GALEON_FX_STRICT), `tables` is a private
    folder laid over the tables of the package (GALEON_TABLES; none by default).
    """

    database: str
    fx_strict: bool = False
    tables: Path | None = None

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """The settings that an environment states. Raises BadSetting."""
        return cls(
            database=environment.get("GALEON_DATABASE") or _user_database(environment),
            fx_strict=_flag(environment, "GALEON_FX_STRICT"),
            tables=_folder(environment, "GALEON_TABLES"),
        )


def _user_database(environment: Mapping[str, str]) -> str:
    home = environment.get("XDG_DATA_HOME", "")
    # The XDG specification: a path that is not absolute is to be ignored.
    folder = Path(home) if home.startswith("/") else Path.home() / ".local" / "share"
    return f"sqlite:///{folder / 'galeon' / 'galeon.sqlite3'}"


def _folder(environment: Mapping[str, str], name: str) -> Path | None:
    text = environment.get(name, "").strip()
    if not text:
        return None
    folder = Path(text).expanduser()
    if not folder.is_dir():
        raise BadSetting(f"{name}={text!r}: there is no such folder")
    return folder


def _flag(environment: Mapping[str, str], name: str) -> bool:
    text = environment.get(name, "").strip().lower()
    if text not in (*FALSE, *TRUE):
        raise BadSetting(f"{name}={text!r}: write 1 or 0")
    return text in TRUE
