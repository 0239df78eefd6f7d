#!/usr/bin/env python3
"""The wheel and the source archive of the last commit, the same bytes wherever and whenever they are built.

    python release/build_release.py [FOLDER]          the folder that they are put into; dist, where none is named

Built is what is committed, nothing else; times are those of the commit; file modes do not depend on the umask. The tools are
those of requirements-dev.txt, installed by their hashes (`make install`), so that nothing is fetched.
"""

import argparse
import gzip
import hashlib
import io
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]


def build(target: Path, root: Path = ROOT) -> Iterator[Path]:
    """Build both into a folder; `root` is a checkout of the repository. Raises CalledProcessError."""
    moment = int(_git(root, "log", "-1", "--format=%ct"))
    target.mkdir(parents=True, exist_ok=True)
    before = os.umask(0o022)
    try:
        with TemporaryDirectory() as folder:
            tree, made = Path(folder) / "galeon", Path(folder) / "made"
            archive = _git(root, "-c", "tar.umask=0022", "archive", "--format=tar", "HEAD")
            with tarfile.open(fileobj=io.BytesIO(archive)) as committed:
                committed.extractall(tree, filter="data")
            # The wheel is made from the source archive, which so is shown to hold all that is needed.
            command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", f"{made}", f"{tree}"]
            same = {"SOURCE_DATE_EPOCH": f"{moment}", "PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
            done = subprocess.run(command, check=False, env={**os.environ, **same}, capture_output=True, text=True)
            if done.returncode:
                raise SystemExit(done.stdout + done.stderr)
            for each in sorted(made.iterdir()):
                body = each.read_bytes()
                path = target / each.name
                path.write_bytes(packed_again(body, moment) if each.name.endswith(".tar.gz") else body)
                yield path
    finally:
        os.umask(before)


def packed_again(body: bytes, moment: int) -> bytes:
    """A source archive with its files in order, of one moment and of nobody: setuptools leaves the builder's in it."""
    packed = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(body)) as made,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as again,
    ):
        for member in sorted(made.getmembers(), key=lambda each: each.name):
            same = tarfile.TarInfo(member.name)
            same.type, same.size, same.mtime = member.type, member.size, moment
            same.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
            again.addfile(same, made.extractfile(member) if member.isfile() else None)
    return gzip.compress(packed.getvalue(), 9, mtime=moment)


def _git(root: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", f"{root}", *arguments], check=True, stdout=subprocess.PIPE).stdout


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", nargs="?", type=Path, default=ROOT / "dist")
    for built in build(options.parse_args().folder):
        print(f"{hashlib.sha256(built.read_bytes()).hexdigest()}  {built}")
