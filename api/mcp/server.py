"""The server of the SDK with our tools in it; how it is reached is for `stdio` and `http`."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from mcp.server import Server, ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    ToolAnnotations,
)
from mcp_types import Tool as Described

from api.languages import LANGUAGES
from api.mcp.exact import arguments_of
from api.mcp.problems import problem_of
from api.mcp.telling import text_of
from api.mcp.tools import Tool, Tools
from api.writing import Json, json_bytes

INSTRUCTIONS = (
    "Galeón reckons what goods from Mexico cost in China. Use its figures as they are: amounts are exact decimals, and each "
    "comes with its formula, its sources and the law. A problem points at what is wrong and lists what is allowed there. Tell "
    "the reader of the outcome's status, its reasons and its assumptions."
)
# They read tables, keep nothing, and ask nobody else.
ANNOTATIONS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


def server_of(tools: Tools, allow: Callable[[str], None], usual: Callable[[], str]) -> Server[Any]:
    """A server of these tools. `allow` raises what a caller without a scope is told; `usual` is the caller's language."""

    async def list_tools(_context: ServerRequestContext[Any], _asked: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=[_described(each) for each in tools.all.values()])

    async def call_tool(_context: ServerRequestContext[Any], asked: CallToolRequestParams) -> CallToolResult:
        tool = tools.all.get(asked.name)
        if tool is None:
            raise MCPError(INVALID_PARAMS, f"Unknown tool: {asked.name[:100]}. Tools: {', '.join(tools.all)}")
        return called(tool, asked.arguments, allow, usual())

    return Server(
        "galeon",
        title="Galeón",
        version=tools.version,
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        # No argument of ours travels in a header.
        get_tool_input_schema=lambda _name: None,
    )


def called(tool: Tool, taken: Mapping[str, Any] | None, allow: Callable[[str], None], usual: str) -> CallToolResult:
    """What a tool answers: the document of the API and a few lines of text, or the problem as JSON in both."""
    spoken = usual
    try:
        given = arguments_of(taken)
        spoken = _spoken(given) or usual
        allow(tool.scope(given))
        done = tool.run(given, spoken)
        text = text_of(tool.tell, done.document, done.spoken)
        return _result(text, done.document)
    except Exception as failure:
        problem = problem_of(failure, spoken)
        return _result(json.dumps(problem, ensure_ascii=False), problem, wrong=True)


def _result(text: str, document: Json, wrong: bool = False) -> CallToolResult:
    # As the bytes of the API have it.
    same = json.loads(json_bytes(document))
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=same, is_error=wrong)


def _described(tool: Tool) -> Described:
    return Described(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.asked,
        output_schema=tool.answered,
        annotations=ANNOTATIONS,
    )


def _spoken(given: Mapping[str, Any]) -> str | None:
    """The language that the arguments name, or the request inside them."""
    inner = given.get("request")
    for each in (given, inner if isinstance(inner, Mapping) else {}):
        if (named := each.get("language")) in LANGUAGES:
            return str(named)
    return None
