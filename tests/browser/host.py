"""A shop's own server: pages on another origin than the API's, under a policy as strict as a browser knows."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NONCE = "bm9uY2U"
# No style and no script but those with the nonce, no markup made from text, one address to call.
STRICT = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src {api}; frame-src {api}; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>A shop</title><style nonce="{nonce}">body {{ margin: 24px; max-width: 760px; font: 16px sans-serif }}
@media (prefers-color-scheme: dark) {{ body {{ background: #0e1116; color: #eee }} }}</style></head>
<body><main><h1>A shop</h1>
{body}
</main></body></html>
"""


class Host:
    """The server; `show` puts a page up and gives its address."""

    def __init__(self, api: str) -> None:
        self.api = api
        self.pages: dict[str, str] = {}
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = host.pages.get(self.path, "").encode()
                self.send_response(200 if page else 204)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", STRICT.format(nonce=NONCE, api=host.api))
                self.send_header("Content-Length", str(len(page)))
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://localhost:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def show(self, body: str) -> str:
        """The address of a page with this in its body."""
        path = f"/{len(self.pages)}"
        self.pages[path] = PAGE.format(nonce=NONCE, body=body)
        return self.base + path

    def script(self, src: str = "/widget/v1.js", more: str = "") -> str:
        """The line that loads the element."""
        return f'<script src="{self.api}{src}" nonce="{NONCE}" {more} defer></script>'

    def close(self) -> None:
        """Stop serving."""
        self.server.shutdown()
        self.server.server_close()
