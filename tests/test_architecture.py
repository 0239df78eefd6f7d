"""The house keeps its shape: one direction of imports, one place that rounds, no floats in the calculator."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("calculator", "tariffs", "api")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def test_imports_go_one_way() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    kept = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert kept.returncode == 0, kept.stdout + kept.stderr


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_amounts_are_rounded_in_one_place(path: Path) -> None:
    if path == ROOT / "calculator" / "money.py":
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not {name for name in names if name.startswith("ROUND_")}
    assert "quantize" not in called
    assert not {
        node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    } & {"round"}


@pytest.mark.parametrize(
    "path", [path for path in MODULES if path.parent.name == "calculator"], ids=lambda path: path.name
)
def test_the_calculator_knows_no_float(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    # How alike two names must be to be offered for one another is no quantity that is priced.
    likeness = {id(word.value) for word in ast.walk(tree) if isinstance(word, ast.keyword) and word.arg == "cutoff"}
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in likeness]
    assert not [node.value for node in constants if isinstance(node.value, float)]
    assert "float" not in {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_why_it_exists(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "a module opens with why it exists"


# What asks the machine what day or time it is. A monotonic clock tells how long something took, and no day.
CLOCKS = frozenset({"now", "utcnow", "today", "time_ns", "localtime", "gmtime", "ctime", "asctime", "strftime"})
# The door itself, and the spans of limits, whose store has the same clock.
READ_THE_CLOCK = frozenset({"api/__init__.py", "api/limits.py"})


def clocks_read(tree: ast.AST) -> set[str]:
    """The calls in a module that read the clock of the machine, by modules or by what was imported from them."""
    modules, named = {"datetime", "date", "time"}, set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {each.asname or each.name for each in node.names if each.name in ("datetime", "time")}
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            named |= {each.asname or each.name for each in node.names if each.name in {*CLOCKS, "time"}}
        elif isinstance(node, ast.ImportFrom) and node.module == "datetime":
            modules |= {each.asname for each in node.names if each.asname and each.name in ("datetime", "date")}
    found = set()
    for node in (each.func for each in ast.walk(tree) if isinstance(each, ast.Call)):
        if isinstance(node, ast.Name) and node.id in named:
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value)
            last = owner.rpartition(".")[2]
            if (
                (node.attr in CLOCKS and last in modules and node.attr != "strftime")
                or (owner == "time" and node.attr in {*CLOCKS, "time"})
                or (
                    owner in ("func", "sql.func", "sa.func")
                    and node.attr
                    in (
                        "now",
                        "current_timestamp",
                        "localtimestamp",
                    )
                )
            ):
                found.add(f"{owner}.{node.attr}")
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_clock_is_read_at_the_door(path: Path) -> None:
    """So that the whole house can be asked what it says on another day."""
    name = path.relative_to(ROOT).as_posix()
    text = path.read_text(encoding="utf-8")
    assert "CURRENT_TIMESTAMP" not in text
    assert bool(clocks_read(ast.parse(text))) == (name in READ_THE_CLOCK)


@pytest.mark.parametrize(
    "text",
    [
        "from datetime import datetime\ndatetime.now()",
        "from datetime import date as day\nday.today()",
        "import datetime\ndatetime.datetime.utcnow()",
        "import datetime as dt\ndt.date.today()",
        "import time\ntime.time()",
        "from time import time as moment\nmoment()",
        "import sqlalchemy as sql\nsql.func.now()",
    ],
)
def test_a_clock_is_known_by_every_name(text: str) -> None:
    assert clocks_read(ast.parse(text))


@pytest.mark.parametrize("text", ["from time import monotonic\nmonotonic()", "known.today()", "self._now()", "now()"])
def test_what_is_no_clock(text: str) -> None:
    assert not clocks_read(ast.parse(text))
