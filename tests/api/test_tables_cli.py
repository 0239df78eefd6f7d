"""The commands of `galeon tables` for whoever maintains the tables."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import main

HEAD = "税则号列,商品名称,最惠国税率(%),暂定税率(%),增值税率\n"
AVOCADO = "08044000,鳄梨,25,6,9%\n"


def run(*arguments: str, code: int = 0, **environment: str) -> Result:
    result = CliRunner(env={"GALEON_TABLES": None, **environment}).invoke(main, ["tables", *arguments])
    assert result.exit_code == code, result.output
    return result


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_the_tables_are_clean() -> None:
    told = run("check", "--on", "2026-11-26", "--within", "35").output
    assert "no faults, 749 rows end within 35 days" in told
    assert "2026-12-31" in told
    assert "avocado-fresh" in told
    assert "0 rows end" in run("check", "--on", "2026-11-26", "--within", "34").output


def test_check_says_every_fault_of_an_overlay_and_fails(tmp_path: Path) -> None:
    (tmp_path / "cn").mkdir()
    written(tmp_path / "cn" / "vat_lines.csv", "hs_code,category,confidence,basis,source\n08044000,low,X,told,nobody\n")
    result = run("check", code=1, GALEON_TABLES=str(tmp_path))
    for start in ("category: 'low' has no rate", "confidence: 'X' is not A, B or C", "source: 'nobody' is not in"):
        assert f"vat_lines.csv:2:{start}" in result.stderr
    document = json.loads(run("check", "--json", "--overlay", str(tmp_path), code=1).stdout)
    assert {each["code"] for each in document["findings"]} >= {"unknown_category", "bad_confidence", "unknown_source"}
    assert "+overlay-" in document["release"]
    assert document["findings"][0]["file"] == str(tmp_path / "cn" / "vat_lines.csv")


def test_import_is_a_dry_run_until_it_is_applied(tmp_path: Path) -> None:
    path, into = written(tmp_path / "2027.csv", HEAD + AVOCADO), tmp_path / "overlay"
    told = run("import", str(path), "--year", "2027", "--into", str(into)).stdout
    assert "A dry run: all of it is sound, nothing was written" in told
    assert "avocado-fresh" in told
    assert not into.exists()
    told = run("import", str(path), "--year", "2027", "--apply", GALEON_TABLES=str(into)).stdout
    assert "Applied: " in told
    assert "2027-01-01,2027-12-31" in (into / "cn" / "measures.csv").read_text(encoding="utf-8")
    again = run("import", str(path), "--year", "2027", "--into", str(into), "--apply").stdout
    assert "The book says all of this already" in again
    differing = json.loads(
        run("diff", "package", str(into), "--old-on", "2026-12-31", "--new-on", "2027-01-01", "--json").stdout
    )
    avocado = [each for each in differing["differences"] if each["products"] == ["avocado-fresh"]]
    assert [(each["column"], each["before"], each["after"]) for each in avocado] == [("provisional", "7%", "6%")]


def test_import_tells_every_fault_and_fails(tmp_path: Path) -> None:
    path = written(tmp_path / "bad.csv", HEAD + "0804400,鳄梨,abc,26,9%\n2208.3000,,10,,8%\n")
    result = run("import", str(path), "--year", "2027", "--into", str(tmp_path / "overlay"), "--apply", code=1)
    for place in ("2:税则号列", "2:最惠国税率(%)", "3:商品名称"):
        assert f"bad.csv:{place}: " in result.stderr
    assert "Refused: 3 faults. Nothing was changed." in result.stdout
    assert not (tmp_path / "overlay").exists()
    document = json.loads(run("import", str(path), "--valid-from", "2027-01-01", "--json", code=1).stdout)
    assert (document["applied"], len(document["faults"])) == (False, 3)


def test_import_refuses_what_is_no_schedule(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", "no zip")
    assert "not a zip archive" in run("import", str(path), "--year", "2027", code=1).stderr
    document = json.loads(run("import", str(path), "--year", "2027", "--json", code=1).stdout)
    assert [each["code"] for each in document["faults"]] == ["not_xlsx"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "say for when the schedule is"),
        (("--year", "2027", "--valid-from", "2027-01-01"), "say for when the schedule is"),
        (("--valid-from", "1/1/27"), "is not a day"),
        (("--year", "2027", "--valid-to", "2026-12-31"), "before the first day"),
        (("--year", "2027", "--apply"), "needs a folder"),
        (("--year", "2027", "--mapping", "x"), "write COLUMN=FIELD"),
        (("--year", "2027", "--rates", "both"), "percent"),
    ],
)
def test_import_says_what_to_write(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    path = written(tmp_path / "a.csv", HEAD + AVOCADO)
    assert said in run("import", str(path), *arguments, code=2).stderr


def test_import_of_columns_by_mapping(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "Clave;Tasa;Otra\n08044000;24%;x\n")
    told = run("import", str(path), "--year", "2027", "--mapping", "Clave=hs_code", "--mapping", "Tasa=mfn").stdout
    assert "Columns that are not read: Otra" in told
    assert "24%" in told


def test_diff_for_people(tmp_path: Path) -> None:
    told = run("diff", "package", "package", "--old-on", "2026-12-31", "--new-on", "2027-01-01").stdout
    assert "avocado-fresh" in told
    assert "more: --all, or --json" in told
    assert "0 codes differ" in run("diff", "package", "package").stdout
    assert "a day for both books" in run("diff", "package", "package", "--new-on", "2027-01-01", code=2).stderr
    assert "is no folder of tables" in run("diff", "package", str(tmp_path / "none"), code=1).stderr
    early = ("--old-on", "2025-12-31", "--new-on", "2026-01-01")
    assert "is whole from 2026-01-01 on" in run("diff", "package", "package", *early, code=1).stderr


def test_the_commands_of_the_group() -> None:
    told = run("--help").output
    for command in ("check", "diff", "import"):
        assert f"  {command}" in told
