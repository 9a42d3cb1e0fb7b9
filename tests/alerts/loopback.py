"""An HTTP server on loopback that is not upset by clients who die."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    """One connection; a request that came in part only is none."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one piece: no waiting for acknowledgements

    def do_POST(self) -> None:
        """Read a request whole, then answer it."""
        length = int(self.headers.get("Content-Length", 0))
        content = self.rfile.read(length)
        if len(content) < length:
            self.hang_up()
            return
        self.answer(content)

    def answer(self, content: bytes) -> None:
        """What a server does with a request."""
        raise NotImplementedError

    def say(
        self,
        code: int,
        headers: dict[str, str],
        content: bytes,
        *,
        torn: bool = False,
    ) -> None:
        """Answer, or begin to: half of it, and then no more."""
        with suppress(OSError):  # whoever asked may be gone, or dead
            self.send_response(code)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if torn else content)
            self.wfile.flush()
        if torn:
            self.hang_up()

    def hang_up(self) -> None:
        """Cut the connection."""
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """Nothing is printed: a client was killed in the middle of a word."""


@contextmanager
def listening(handler: type[Handler]) -> Iterator[str]:
    """A server on a free port; yields its address."""
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
