"""The log: one line for every call and for whatever went wrong, in one stream, as JSON or for a person's eyes.

It says what happened and never what was said: no body, no query, no header, no amount, no key, and of an address only the
pattern of its route. Modules of ours and libraries speak through `logging`; structlog writes what they say.
"""

import logging
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from typing import Any, TextIO

import orjson
import structlog
from flask import g, has_request_context
from structlog.typing import EventDict, Processor

from api.calls import Call, method, route
from api.settings import OFF, TEXT, Settings
from api.tracebacks import kind, trace

# Modules of our own tell of everything from the level asked for, libraries of what is wrong.
OURS = "galeon"
FIRST = ("time", "level", "event", "request_id")
LOG = structlog.wrap_logger(
    logging.getLogger(OURS),
    processors=[structlog.stdlib.filter_by_level, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    wrapper_class=structlog.stdlib.BoundLogger,
)


class _Handler(logging.StreamHandler):
    """The one handler of the log: a second opening replaces it, and a log that cannot be written stops no call."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Nothing: logging would print what the record was made of."""

    def msg(self, line: str) -> None:
        """Write a line that is ready: what structlog calls without the detour over a record."""
        with self.lock or nullcontext(), suppress(OSError, ValueError):
            self.stream.write(line + self.terminator)
            self.flush()

    info = error = msg


@dataclass(slots=True)
class _Opened:
    """The log of this process, once it is open."""

    calls: Any = None
    with_clients: bool = False


_OPENED = _Opened()


def open_log(settings: Settings, stream: TextIO | None = None) -> None:
    """Write the log of this process as the settings say, to stderr by default. A server calls it once, at its start."""
    root = logging.getLogger()
    for each in [handler for handler in root.handlers if isinstance(handler, _Handler)]:
        root.removeHandler(each)
    level = logging.CRITICAL if settings.log == OFF else logging.getLevelNamesMapping()[settings.log_level.upper()]
    logging.getLogger(OURS).setLevel(level)
    handler = _Handler(stream)
    handler.setLevel(level)
    chain = _chain(settings, handler.stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *chain],
        )
    )
    root.addHandler(handler)
    # Every call writes a line, so these go straight to the handler's stream.
    bound = structlog.make_filtering_bound_logger(level)
    _OPENED.calls = structlog.wrap_logger(handler, processors=chain, wrapper_class=bound).bind()
    _OPENED.with_clients = settings.log_clients


def told(call: Call) -> None:
    """Log a call that is over, where a log is open."""
    if _OPENED.calls is None:
        return
    facts: dict[str, Any] = {
        "request_id": call.request_id,
        "method": call.method,
        "route": call.route,
        "status": call.status,
        "ms": int(call.seconds * 1_000_000) / 1000,
        "bytes_in": call.received,
        "bytes_out": call.sent,
    }
    if call.problem:
        facts["problem"] = call.problem
    if call.key_id:
        facts["key_id"] = call.key_id
    if _OPENED.with_clients:
        facts["client"] = call.client
    tell = _OPENED.calls.error if call.status >= 500 else _OPENED.calls.info
    tell("call", **facts)


def mistake(exception: BaseException) -> None:
    """Log what nobody foresaw, with the way it took through our source."""
    LOG.error("unforeseen", method=method(), route=route(), kind=kind(exception), exception=trace(exception))


def away(exception: BaseException) -> None:
    """Log that a database does not answer; where, and what it refused, is of no use to anybody."""
    LOG.error("database away", method=method(), route=route(), kind=kind(exception))


def _chain(settings: Settings, stream: TextIO) -> list[Processor]:
    """How an event becomes a line."""
    stamp = structlog.processors.TimeStamper("iso", utc=True, key="timestamp" if settings.log == TEXT else "time")
    last: Processor = structlog.processors.JSONRenderer(serializer=_json)
    if settings.log == TEXT:
        last = structlog.dev.ConsoleRenderer(colors=stream.isatty(), sort_keys=False)
    return [structlog.stdlib.add_log_level, stamp, _of_the_call, _traced, last]


def _json(event: EventDict, **_: object) -> str:
    """One line, with what a reader looks for first in front."""
    first = {name: event[name] for name in FIRST if name in event}
    return orjson.dumps({**first, **event}, default=repr).decode()


def _of_the_call(_logger: object, _method: str, event: EventDict) -> EventDict:
    """The id of the call in which something is said, whoever says it."""
    if "request_id" not in event and has_request_context():
        event["request_id"] = g.get("request_id", "")
    return event


def _traced(_logger: object, _method: str, event: EventDict) -> EventDict:
    """An exception that a library logs, without its message."""
    found = event.pop("exc_info", None)
    if found:
        exception = found[1] if isinstance(found, tuple) else found
        if isinstance(exception, BaseException):
            event["exception"] = trace(exception)
    event.pop("stack_info", None)
    return event
