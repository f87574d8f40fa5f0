"""A stand-in for a server of files and for Kaggle's interface, on this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class StandIn:
    """What it serves, and what it was asked.

    Attributes
    ----------
    files
        Path → content.
    refuses
        Path → status, answered in place of the file.
    breaks_after
        Bytes after which a transfer breaks off.
    asked
        Method, path, ``Range`` and ``Authorization`` of each request.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    refuses: dict[str, int] = field(default_factory=dict)
    breaks_after: int | None = None
    asked: list[tuple[str, str, str | None, str | None]] = field(default_factory=list)
    address: str = ""


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """Serve until the block ends."""
    served = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            served.asked.append((self.command, self.path, wanted, self.headers.get("Authorization")))
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            content = served.files.get(self.path)
            status = served.refuses.get(self.path, 200 if content is not None else 404)
            start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
            if content is None or status != 200:
                content, start = b'{"code": %d, "message": "refused"}' % status, 0
            self.send_response(206 if start else status)
            self.send_header("Accept-Ranges", "bytes")
            self.send_header("Content-Length", str(len(content) - start))
            json = status != 200 or content.startswith(b"{")
            self.send_header("Content-Type", "application/json" if json else "application/zip")
            self.end_headers()
            self.wfile.write(content[start:] if json else content[start:][: served.breaks_after])

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        served.address = f"http://127.0.0.1:{server.server_port}"
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()
