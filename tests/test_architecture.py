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
