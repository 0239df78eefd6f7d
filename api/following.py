"""The application of a server process, which goes over to another release of the tables without losing a call.

Everything that a call meets (book, memories, ETags, examples) belongs to one application over one book. When the pointer of the
releases changes, a second application is made beside the first, in a thread, while calls go on; then the next call goes to it.
A call that began is finished by the one that it began with, so that no answer mixes two releases. Where the new release
cannot be taken, the old one goes on and says so: in the log and at /readyz.
"""

import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any

from api.garbage import leave_alone
from api.served import Served, meant, served
from api.settings import BadSetting, Settings
from api.store import Store
from tariffs.installed import mark
from tariffs.overlay import OverlayRefused
from tariffs.packs import refused
from tariffs.packs.refused import PackRefused
from tariffs.tables import TableError

if TYPE_CHECKING:
    from flask import Flask

LOG = logging.getLogger("galeon")
# Seconds between two looks at the pointer.
LOOK = 1.0
# Looks after which a release that could not be taken is tried again, for what kept it may pass: at first, and at most.
FIRST_AGAIN, MOST_AGAIN = 4, 256


@dataclass(slots=True)
class Takeover:
    """What kept this process from the release that is meant to serve; "" where it has it. The applications share it."""

    code: str = ""


class Following:
    """A WSGI application: that of the release of the moment."""

    def __init__(self, settings: Settings, store: Store, clock: Callable[[], datetime]) -> None:
        self._settings, self._store, self._clock = settings, store, clock
        self._takeover = Takeover()
        self._looking = Lock()
        self._watched_by = 0
        self._stopped = Event()
        self._seen = mark(settings.releases)
        first = served(settings)
        self._told(first)
        self.app = self._made(first, None)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a call."""
        if self._watched_by != os.getpid():
            self.follow()
        return self.app(environ, start_response)

    def follow(self) -> None:
        """Look at the pointer from now on, in this process: a thread is left behind by a fork."""
        if self._settings.releases is None:
            self._watched_by = os.getpid()
            return
        with self._looking:
            if self._watched_by == os.getpid():
                return
            self._watched_by = os.getpid()
        Thread(target=self._watching, name="galeon-releases", daemon=True).start()

    def look(self, again: bool = False) -> bool:
        """Go over to the release that is meant to serve, where that has changed or is tried `again`; whether this was done."""
        found = mark(self._settings.releases)
        if found == self._seen and not again:
            return False
        self._seen = found
        try:
            new = meant(self._settings)
            self.app = self._made(new, self.app)
        except PackRefused as error:
            self._stays(error.code, error.text)
        except (OverlayRefused, TableError, BadSetting) as error:
            self._stays(refused.OVERLAY_UNFIT, str(error))
        except Exception:
            LOG.exception("the new release is not taken over: the server goes on with the one it has")
            self._takeover.code = refused.TABLES_UNSOUND
        else:
            self._told(new)
            LOG.info("%s serves from now on", new.book.release)
            leave_alone()
            return True
        return False

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()

    def _watching(self) -> None:
        self.look()
        looks, most = 0, FIRST_AGAIN
        while not self._stopped.wait(LOOK):
            looks = looks + 1 if self._takeover.code else 0
            again = looks >= most
            self.look(again)
            if again:
                looks, most = 0, min(2 * most, MOST_AGAIN)
            if not self._takeover.code:
                most = FIRST_AGAIN

    def _made(self, of: Served, before: "Flask | None") -> "Flask":
        from api import create_app

        return create_app(self._settings, of.book, self._store, self._clock, self._takeover, before)

    def _told(self, of: Served) -> None:
        objection = of.release.objection
        self._takeover.code = "" if objection is None else objection.code
        if objection is not None:
            LOG.error("%s serves in place of the release that is meant to: %s", of.book.release, objection.text)
        if of.release.note:
            LOG.warning("%s serves: %s", of.book.release, of.release.note)

    def _stays(self, code: str, text: str) -> None:
        self._takeover.code = code
        LOG.error("the new release is not taken over, the server goes on with the one it has: %s", text)
