"""Settings come from the environment and from nowhere else."""

from pathlib import Path

import pytest

from api.settings import BadSetting, Settings


def test_the_database_is_a_file_of_the_user():
    assert Settings.read({"XDG_DATA_HOME": "/data"}).database == "sqlite:////data/galeon/galeon.sqlite3"
    home = Path.home() / ".local" / "share"
    assert Settings.read({}).database == f"sqlite:///{home}/galeon/galeon.sqlite3"
    assert Settings.read({"XDG_DATA_HOME": "relative"}).database == f"sqlite:///{home}/galeon/galeon.sqlite3"


def test_the_database_can_be_named():
    assert Settings.read({"GALEON_DATABASE": "postgresql+psycopg:///galeon"}).database == "postgresql+psycopg:///galeon"


@pytest.mark.parametrize(("text", "strict"), [("1", True), ("yes", True), ("0", False), ("", False), (" On ", True)])
def test_strict_rates(text: str, strict: bool):
    assert Settings.read({"GALEON_FX_STRICT": text}).fx_strict is strict


def test_a_setting_that_cannot_be_read_is_told():
    with pytest.raises(BadSetting, match="GALEON_FX_STRICT"):
        Settings.read({"GALEON_FX_STRICT": "perhaps"})


def test_a_private_folder_of_tables(tmp_path: Path) -> None:
    assert Settings.read({"GALEON_TABLES": str(tmp_path)}).tables == tmp_path
    assert Settings.read({"GALEON_TABLES": " "}).tables is None
    with pytest.raises(BadSetting, match="GALEON_TABLES"):
        Settings.read({"GALEON_TABLES": str(tmp_path / "missing")})
