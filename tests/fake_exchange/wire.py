"""HTTP/1.1 by hand: what was asked, and what is sent back, byte for byte."""

import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import parse_qsl, unquote, urlsplit

TYPES = {
    "json": "application/json; charset=utf-8",
    "csv": "text/csv",
    "html": "text/html; charset=utf-8",
    "xml": "application/xml",
    "pdf": "application/pdf",
    "zip": "application/x-zip-compressed",
    "gz": "application/x-gzip",
}
REASONS = {
    200: "OK",
    206: "Partial Content",
    302: "Found",
    304: "Not Modified",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    416: "Range Not Satisfiable",
    429: "Too Many Requests",
    503: "Service Unavailable",
}
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Request:
    """A request; header names in lower case, ``path`` decoded, ``target`` as sent."""

    method: str
    target: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]

    @classmethod
    def parse(cls, head: bytes) -> "Request":
        """Read a request head.

        Raises:
            ValueError: it is not HTTP.
        """
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        pairs = (line.partition(":") for line in lines if line)
        parts = urlsplit(target)
        return cls(
            method=method,
            target=target,
            path=unquote(parts.path),
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.strip().lower(): text.strip() for name, _, text in pairs},
        )

    @property
    def cookies(self) -> dict[str, str]:
        """Cookies by name."""
        pairs = self.headers.get("cookie", "").split(";")
        split = (pair.strip().partition("=") for pair in pairs if "=" in pair)
        return {name: text for name, _, text in split}


@dataclass(slots=True)
class Reply:
    """An answer before faults and packing.

    ``pack`` is ``gz`` or the name of a file inside a ZIP; ``modified`` makes the answer
    conditional and resumable.
    """

    body: bytes = b""
    kind: str = "html"
    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list)
    pack: str | None = None
    modified: datetime | None = None

    def packed(self) -> "Reply":
        """With its body inside the archive it is due in."""
        if self.pack is None:
            return self
        if self.pack == "gz":
            body, kind = gzip.compress(self.body, 6, mtime=0), "gz"
        else:
            body, kind = zipped(self.pack, self.body), "zip"
        return Reply(
            body, kind, self.status, self.headers, None, modified=self.modified
        )


def json_reply(value: object) -> Reply:
    """JSON as the exchanges send it: no spaces."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return Reply(text.encode(), "json")


def html_reply(status: int, title: str) -> Reply:
    """A page for people, where a program expected something else."""
    page = f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{title}"
    return Reply(f"{page}</body></html>".encode(), "html", status)


def zipped(name: str, body: bytes) -> bytes:
    """A ZIP with one file in it, the same bytes every time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name, _EPOCH), body, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def conditional(request: Request, reply: Reply) -> Reply:
    """304 for what the client has, 206 for a part of it."""
    if reply.modified is None or reply.status != 200:
        return reply
    tag = f'"{hashlib.sha256(reply.body).hexdigest()[:16]}"'
    when = reply.modified.astimezone(UTC).replace(microsecond=0)
    validators = [
        ("ETag", tag),
        ("Last-Modified", format_datetime(when, usegmt=True)),
        ("Accept-Ranges", "bytes"),
    ]
    if _fresh(request, tag, when):
        return Reply(b"", reply.kind, 304, [*reply.headers, *validators])
    reply.headers += validators
    wanted = request.headers.get("range", "")
    unchanged = request.headers.get("if-range") in {None, tag, validators[1][1]}
    if wanted.startswith("bytes=") and unchanged:
        return _part(reply, wanted.removeprefix("bytes="))
    return reply


def _fresh(request: Request, tag: str, when: datetime) -> bool:
    if known := request.headers.get("if-none-match"):
        return tag in known
    if since := request.headers.get("if-modified-since"):
        return parsedate_to_datetime(since) >= when
    return False


def _part(reply: Reply, wanted: str) -> Reply:
    whole = len(reply.body)
    first, _, last = wanted.partition("-")
    start = int(first) if first else max(0, whole - int(last))
    end = min(int(last), whole - 1) if first and last else whole - 1
    if start >= whole or end < start:
        headers = [*reply.headers, ("Content-Range", f"bytes */{whole}")]
        return Reply(b"", reply.kind, 416, headers)
    headers = [*reply.headers, ("Content-Range", f"bytes {start}-{end}/{whole}")]
    return Reply(reply.body[start : end + 1], reply.kind, 206, headers)
