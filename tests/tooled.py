"""Clients of the Model Context Protocol for tests: the SDK's own, over stdio and over HTTP, each with an end to its patience."""

import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult, TextContent

PATIENCE = 120
# Where somebody tries to reach another machine, the command ends with this.
NO_NETWORK = "import socket, os; socket.socket.connect = lambda *_: os._exit(77); "
GALEON = f"{NO_NETWORK}from api.cli import main; main()"

Talk = Callable[[Client], Awaitable[None]]


def environment(**settings: str) -> dict[str, str]:
    """The environment of this process, the clock of a test run included, and settings."""
    return {**os.environ, **settings}


def over_stdio(talk: Talk, *options: str, mode: str = "auto", **settings: str) -> None:
    """Start `galeon mcp`, cut off from the network, and talk with it."""
    command = StdioServerParameters(
        command=sys.executable, args=["-c", GALEON, "mcp", *options], env=environment(**settings)
    )

    async def begin() -> None:
        with anyio.fail_after(PATIENCE):
            async with Client(command, mode=mode, read_timeout_seconds=PATIENCE) as client:
                await talk(client)

    anyio.run(begin)


def over_http(talk: Talk, base: str, key: object = None, mode: str = "auto", **headers: str) -> None:
    """Talk with a server at its /mcp."""

    async def begin() -> None:
        with anyio.fail_after(PATIENCE):
            async with _connected(base, key, mode, headers) as client:
                await talk(client)

    anyio.run(begin)


@asynccontextmanager
async def _connected(base: str, key: object, mode: str, headers: dict[str, str]) -> AsyncIterator[Client]:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if key is not None:
        sent["Authorization"] = f"Bearer {key}"
    async with (
        httpx2.AsyncClient(headers=sent, timeout=PATIENCE) as http,
        Client(streamable_http_client(f"{base}/mcp", http_client=http), mode=mode) as client,
    ):
        yield client


def document_of(result: CallToolResult) -> dict[str, Any]:
    """The document of an answer that is none of a problem."""
    assert not result.is_error, text_of(result)
    assert result.structured_content is not None
    return result.structured_content


def problem_of(result: CallToolResult) -> dict[str, Any]:
    """The problem, which stands in the text too, for clients that read nothing else."""
    assert result.is_error
    assert result.structured_content == json.loads(text_of(result))
    return result.structured_content


def text_of(result: CallToolResult) -> str:
    """The text of an answer."""
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def message(name: str, arguments: str) -> bytes:
    """The call of a tool with arguments as somebody wrote them."""
    head = '{"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": '
    return f'{head}{{"name": "{name}", "arguments": {arguments}}}}}'.encode()
