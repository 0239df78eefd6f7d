"""Files that are made once and kept in the temporary folder, for whoever asks next in any worker of the server.

A file appears under its name when it is whole, and while somebody makes it others wait for it. All of one run of a server share
a folder that goes with it; a process that no such run began has a folder of its own. So nothing is kept that an earlier
version of ours has made. What was killed leaves its folder, which the next run removes: whoever lives holds a lock in theirs.
"""

import atexit
import fcntl
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir, mkdtemp
from typing import BinaryIO

PREFIX = "galeon-files-"
# Bytes of all files together; those that were not asked for the longest go first.
MOST_KEPT = 40 * 1024 * 1024
DIGITS = 32
PART, LOCK = ".part", ".lock"
# Its lock is held by whoever has the folder, so that a folder where nobody holds it is one of the dead.
HELD = f"held{LOCK}"
# Seconds: a folder without that file is being made, and a part is being written, if they are not older.
YOUNG = 600
# The folder of this run, and that of each process without one.
_RUN: list[Path] = []
_OWN: dict[int, Path] = {}


@dataclass(frozen=True, slots=True)
class Kept:
    """A file: its bytes, and half of the SHA-256 of them."""

    body: bytes
    digest: str


@contextmanager
def kept_together() -> Iterator[None]:
    """Keep files in a new folder that the workers which are forked meanwhile share; it goes at the end."""
    with TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as folder:
        lock = _hold(Path(folder))
        _bury(Path(folder).stat().st_mtime)
        _RUN[:] = [Path(folder)]
        try:
            yield
        finally:
            _RUN.clear()
            os.close(lock)


def kept(name: str, make: Callable[[BinaryIO], None]) -> Kept:
    """The file of this name, made where there is none. Raises OSError where it cannot be kept, and what `make` raises."""
    folder = _folder()
    found = _found(folder, name)
    if found is None:
        # A name is of one of 256 locks, so that their number has an end too.
        with (folder / f"{sha256(name.encode()).hexdigest()[:2]}{LOCK}").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            found = _found(folder, name) or _made(folder, name, make)
    return found


def _folder() -> Path:
    if _RUN:
        # What tidies temporary folders up may have taken it, and another user its name.
        with suppress(FileExistsError):
            _RUN[0].mkdir(mode=0o700)
            _hold(_RUN[0])
        if _ours(_RUN[0]):
            return _RUN[0]
    process = os.getpid()
    if process not in _OWN:
        # A fork has none yet: that of its parent goes with its parent.
        atexit.register(_gone, process)
    if process not in _OWN or not _ours(_OWN[process]):
        _OWN[process] = Path(mkdtemp(prefix=PREFIX))
        _hold(_OWN[process])
    return _OWN[process]


def _hold(folder: Path) -> int:
    """Hold a new folder as long as this process or a fork of it lives, or until what is returned is closed."""
    part = folder / f"{HELD}{PART}"
    lock = os.open(part, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    # Under its name nobody sees it without its lock.
    part.rename(folder / HELD)
    return lock


def _bury(now: float) -> None:
    """Remove the folders of processes of ours that were killed; `now` by the clock of the disk."""
    for folder in Path(gettempdir()).glob(f"{PREFIX}*"):
        # One that goes meanwhile, or is held, is let be.
        with suppress(OSError):
            state = folder.lstat()
            if (state.st_mode, state.st_uid) != (stat.S_IFDIR | 0o700, os.geteuid()):
                continue
            if not (folder / HELD).exists():
                if now - state.st_mtime > YOUNG:
                    shutil.rmtree(folder, ignore_errors=True)
                continue
            lock = os.open(folder / HELD, os.O_RDWR)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)


def _ours(folder: Path) -> bool:
    try:
        return folder.lstat().st_uid == os.geteuid()
    except FileNotFoundError:
        return False


def _gone(process: int) -> None:
    if process == os.getpid() and process in _OWN:
        shutil.rmtree(_OWN[process], ignore_errors=True)


def _found(folder: Path, name: str) -> Kept | None:
    for path in folder.glob(f"{name}.*"):
        digest = path.name.removeprefix(f"{name}.")
        if len(digest) == DIGITS:
            # It may be forgotten by another while we look.
            with suppress(FileNotFoundError):
                body = path.read_bytes()
                os.utime(path)
                return Kept(body, digest)
    return None


def _made(folder: Path, name: str, make: Callable[[BinaryIO], None]) -> Kept:
    path = folder / f"{name}{PART}"
    try:
        with path.open("wb") as file:
            make(file)
        body = path.read_bytes()
        digest = sha256(body).hexdigest()[:DIGITS]
        done = path.rename(folder / f"{name}.{digest}")
        # By the clock that a reader goes by, which is not the file system's everywhere. Another may forget it meanwhile.
        with suppress(FileNotFoundError):
            os.utime(done)
    finally:
        path.unlink(missing_ok=True)
    _forget(folder)
    return Kept(body, digest)


def _forget(folder: Path) -> None:
    """Forget files until the rest is not too much; the last one stays, however large. Parts that were left go too."""
    with os.scandir(folder) as entries:
        files = [(entry.stat(), entry.path) for entry in entries if not entry.name.endswith((PART, LOCK))]
    # By the clock of the disk it is as late as the last file was made or read.
    now = max((state.st_mtime for state, _ in files), default=0)
    for part in folder.glob(f"*{PART}"):
        with suppress(FileNotFoundError):
            if now - part.stat().st_mtime > YOUNG:
                part.unlink()
    size = sum(state.st_size for state, _ in files)
    for state, path in sorted(files, key=lambda each: each[0].st_mtime_ns)[:-1]:
        if size <= MOST_KEPT:
            return
        with suppress(FileNotFoundError):
            os.unlink(path)
        size -= state.st_size
