"""The page of a quote as a real Chromium shows and prints it: under its policy, on A4, with nothing over anything else."""

import json
import os
import re
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.languages import LANGUAGES
from tests.programs import program
from tests.quoted import CASES, request_of
from tests.servers import Serving

A4 = (595, 842)
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
CASE = next(each for each in CASES if each.stem == "avocado-40rh-planning-freight")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with Serving(f"sqlite:///{tmp_path_factory.mktemp('ledger') / 'quotes.sqlite3'}", workers=1) as running:
        yield running


@pytest.fixture
def artefacts(tmp_path: Path) -> Path:
    """Where what is to be looked at is left."""
    folder = Path(os.environ.get("GALEON_ARTEFACTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def made(server: Serving, request: dict[str, Any]) -> dict[str, Any]:
    body = json.dumps(request).encode()
    asked = urllib.request.Request(f"{server.base}/v1/quotes", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=60) as response:
        document: dict[str, Any] = json.load(response)
    return document


def chromium(tmp_path: Path, *arguments: str) -> str:
    """Run Chromium once; what it complained of."""
    command = [
        program("chromium"),
        *FLAGS,
        f"--user-data-dir={tmp_path / 'profile'}",
        "--enable-logging=stderr",
        *arguments,
    ]
    done = subprocess.run(command, capture_output=True, timeout=180, check=True)
    return "\n".join(line for line in done.stderr.decode(errors="replace").splitlines() if "CONSOLE" in line)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_on_paper(language: str, server: Serving, tmp_path: Path, artefacts: Path) -> None:
    document = made(server, request_of(CASE, language))
    paper = artefacts / f"quote-{language}.pdf"
    complaints = chromium(
        tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={paper}", f"{server.base}{document['links']['html']}"
    )
    assert complaints == ""
    told = subprocess.run([program("pdfinfo"), paper], capture_output=True, check=True, text=True).stdout
    size = re.search(r"Page size: +([\d.]+) x ([\d.]+)", told)
    assert size is not None
    assert tuple(round(float(each)) for each in size.groups()) == A4
    assert 3 <= int(re.findall(r"Pages: +(\d+)", told)[0]) <= 16
    command = [program("pdftoppm"), "-r", "70", "-png", str(paper), str(artefacts / f"quote-{language}")]
    subprocess.run(command, check=True)
    boxes = subprocess.run(
        [program("pdftotext"), "-bbox", paper, "-"], capture_output=True, check=True, text=True
    ).stdout
    text = subprocess.run(
        [program("pdftotext"), "-layout", paper, "-"], capture_output=True, check=True, text=True
    ).stdout
    for page in boxes.split("<page ")[1:]:
        words = [(*map(float, found[:4]), found[4]) for found in WORD.findall(page)]
        assert all(min(left, top) >= 0 and right <= A4[0] and bottom <= A4[1] for left, top, right, bottom, _ in words)
        assert overlapping(words) == []
    said = re.sub(r"\s", "", text)
    for step in document["steps"]:
        assert re.sub(r"\s", "", step["label"]) in said
    for amount in ("541,779.46", "516,926.65", "415,094.40", "32,383.97", "44,551.09"):
        assert amount in text


def overlapping(words: list[Any]) -> list[tuple[str, str]]:
    """Pairs of words that lie over each other: on one line, by more than the half letter by which Chinese signs close up.

    The boxes of Chinese types are higher than their lines, so that lines are told by their middles.
    """
    found = []
    for place, (left, top, right, bottom, word) in enumerate(words):
        for other_left, other_top, other_right, other_bottom, other in words[place + 1 :]:
            lower = min(bottom - top, other_bottom - other_top)
            wide = min(right, other_right) - max(left, other_left)
            apart = abs((top + bottom) - (other_top + other_bottom)) / 2
            if wide > 0.6 * lower and apart < 0.35 * lower:
                found.append((word, other))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["html", "svg"])
def test_a_page_and_a_picture_on_a_screen(suffix: str, server: Serving, tmp_path: Path, artefacts: Path) -> None:
    """A telephone's width and a desk's; the styles are let in by the policy, or Chromium would say so."""
    document = made(server, request_of(CASE, "zh"))
    for width in (390, 1200):
        picture = artefacts / f"quote-{suffix}-{width}.png"
        address = f"{server.base}{document['links'][suffix]}"
        complaints = chromium(tmp_path, f"--window-size={width},1400", f"--screenshot={picture}", address)
        assert complaints == ""
        assert picture.stat().st_size > 5_000
