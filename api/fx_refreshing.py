"""The refresher of an installation, and the thread in which a server calls it, beside the requests and never in one."""

import logging
from datetime import datetime
from threading import Event, Thread

from api import day_in_china, utc_now
from api.settings import Settings
from tariffs.fx.keeping import Kept
from tariffs.fx.live import LiveFx
from tariffs.fx.refreshing import Refresher
from tariffs.fx.upstream import Limits, Unavailable, Upstream
from tariffs.installed import serving

LOG = logging.getLogger("galeon.fx")
# One base is enough: every other pair is crossed through it, of one day and one source.
BASE = "USD"


class NoFolder(ValueError):
    """There is no folder to keep rates in."""


def refresher_of(settings: Settings, limits: Limits | None = None) -> Refresher:
    """What asks the server of the settings and writes to their folder."""
    if settings.fx is None:
        raise NoFolder("GALEON_FX names no folder")
    known = LiveFx(settings.tables, settings.fx, serving(settings.releases).root)
    upstream = Upstream(settings.fx_source, limits)
    return Refresher(upstream, settings.fx, known, lambda: day_in_china(_now()), _now)


class Periodic(Thread):
    """Refreshes at the start and then every so many hours, in one process; a failure is logged and waits for the next."""

    def __init__(self, refresher: Refresher, hours: float) -> None:
        super().__init__(name="galeon-fx", daemon=True)
        self._refresher, self._pause = refresher, hours * 3600
        self._stopped = Event()

    def run(self) -> None:
        """Until told to stop."""
        while True:
            self.once()
            if self._stopped.wait(self._pause):
                return

    def once(self) -> Kept | None:
        """One refresh, None where it failed."""
        try:
            kept = self._refresher.refresh(BASE)
        except Unavailable:
            return None  # the refresher has said why
        except Exception:
            LOG.exception("the rates are not refreshed")
            return None
        LOG.info("rates of %s refreshed: %d new, %d changed", BASE, len(kept.added), len(kept.replaced))
        return kept

    def stop(self) -> None:
        """No refresh after this one."""
        self._stopped.set()


def _now() -> datetime:
    return utc_now()
