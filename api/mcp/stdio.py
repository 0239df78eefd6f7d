"""The tools over standard input and output, for a client that starts `galeon mcp` itself. Only the protocol is on stdout."""

import signal
import sys
from collections.abc import AsyncIterator
from typing import Any, cast

import anyio
from mcp.server import Server
from mcp.server.stdio import stdio_server

from api.mcp.exact import carried


class Lines:
    """The lines of a stream of bytes, each made ready for the SDK; it asks nothing more of its standard input."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for line in anyio.wrap_file(self._stream):
            if line.strip():
                yield carried(line)


def serve(server: Server[Any]) -> None:
    """Answer until standard input ends. Ctrl-C ends it at once: nothing is kept, and a thread that reads would not hear of it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    anyio.run(_answer, server)


async def _answer(server: Server[Any]) -> None:
    lines = cast("anyio.AsyncFile[str]", Lines(sys.stdin.buffer))
    async with stdio_server(stdin=lines) as (read, write):
        await server.run(read, write, server.create_initialization_options())
