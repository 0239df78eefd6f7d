"""The tools of the API for language models, by the Model Context Protocol: over stdio and at POST /mcp.

A tool calls what the route of the same name calls, so that no rule and no figure is here. Only `server`, `stdio` and `http` need
the SDK of the protocol (`galeon[mcp]`); the rest is read without it. Answers hold what the API's hold, and problems are its own.
"""
