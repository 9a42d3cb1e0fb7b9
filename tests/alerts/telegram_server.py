"""A Bot API on loopback: strict about its HTML, forgetful of nothing, never wise.

It keeps every message it takes and never recognises one it has had before, as
Telegram does. Faults are scripted one a request, or drawn by chance from a seed. It
serves from threads of its own, so that other processes may talk to it, and die.
"""

import json
import re
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from tests.alerts.chances import Chances, Queue
from tests.alerts.loopback import Handler, listening
from tests.alerts.telegram_faults import (
    KINDS,
    PAGES,
    REFUSALS,
    TAKEN,
    Fault,
    RefusedError,
    refusal,
)
from tests.alerts.telegram_html import (
    MarkupError,
    Styled,
    cleaned,
    is_empty,
    parse,
    units,
)

__all__ = ["KINDS", "TAKEN", "TOKEN", "Chances", "Fault", "TelegramServer", "serving"]

TOKEN = "7000000001:AAloopbackLoopbackLoopbackLoopback0"  # noqa: S105 - made up
LONGEST, LONGEST_CAPTION = 4096, 1024
_PATH = re.compile(r"/bot([^/]+)/(\w+)")
_TOKEN = re.compile(r"\d+:[\w-]{35}")
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Kept:
    """A message that was taken; ``at`` in seconds of a monotonic clock."""

    number: int
    method: str
    chat: str
    thread: int | None
    text: str
    markup: str
    styles: tuple[Styled, ...]
    photo: bytes | None
    body: Mapping[str, Any]
    at: float
    fault: str | None


class TelegramServer:
    """What a test holds: the address, what was taken, and what is to go wrong."""

    def __init__(self, hang: float = 30) -> None:
        self.base = ""
        self.hang = hang
        self.chances: Chances | None = None
        self.closing = threading.Event()
        self._scripted: Queue[Fault | None] = Queue()
        self._kept: list[Kept] = []
        self._lock = threading.Lock()

    @property
    def messages(self) -> tuple[Kept, ...]:
        """Everything taken so far, in order."""
        with self._lock:
            return tuple(self._kept)

    def of(self, chat: str | int) -> tuple[Kept, ...]:
        """Everything one chat was sent."""
        return tuple(one for one in self.messages if one.chat == str(chat))

    @property
    def requests(self) -> int:
        """How many came so far."""
        return self._scripted.taken

    def script(self, faults: Iterable[Fault | str | None]) -> None:
        """What goes wrong with the next requests, one each; null is nothing."""
        self._scripted.add(Fault(f) if isinstance(f, str) else f for f in faults)

    def environment(self) -> dict[str, str]:
        """Variables that point dexter here."""
        return {
            "DEXTER_TELEGRAM_BASE_URL": self.base,
            "DEXTER_TELEGRAM_TOKEN": TOKEN,
        }

    def next_fault(self) -> Fault | None:
        """What goes wrong with the request that just came."""
        with self._lock:
            kind = self.chances.draw() if self.chances else None
        return self._scripted.take(Fault(kind) if kind else None)

    def keep(self, method: str, body: Mapping[str, Any], fault: str | None) -> Kept:
        """Take a message.

        Raises:
            RefusedError: it is not one Telegram takes.
        """
        text, markup, styles = _read(method, body)
        with self._lock:
            kept = Kept(
                number=len(self._kept) + 1,
                method=method,
                chat=str(body["chat_id"]),
                thread=body.get("message_thread_id"),
                text=text,
                markup=markup,
                styles=styles,
                photo=body.get("photo"),
                body=body,
                at=time.monotonic(),
                fault=fault,
            )
            self._kept.append(kept)
        return kept


def _read(method: str, body: Mapping[str, Any]) -> tuple[str, str, tuple[Styled, ...]]:
    """The text as it would be shown, as it came, and its styles."""
    if not str(body.get("chat_id", "")).strip():
        raise RefusedError(400, "Bad Request: chat_id is empty")
    if method == "sendPhoto" and not body.get("photo", b"").startswith(_PNG):
        raise RefusedError(400, "Bad Request: IMAGE_PROCESS_FAILED")
    markup = body.get("text" if method == "sendMessage" else "caption", "")
    try:
        text, styles = (
            parse(markup) if body.get("parse_mode") == "HTML" else (markup, ())
        )
    except MarkupError as error:
        raise RefusedError(400, f"Bad Request: can't parse entities: {error}") from None
    text = cleaned(text)
    if method == "sendMessage" and is_empty(text):
        raise RefusedError(400, "Bad Request: message text is empty")
    if units(text) > (LONGEST if method == "sendMessage" else LONGEST_CAPTION):
        raise RefusedError(400, "Bad Request: message is too long")
    return text, markup, styles


class _BotApi(Handler):
    telegram: TelegramServer

    def answer(self, content: bytes) -> None:
        """One call of the Bot API."""
        fault = self.telegram.next_fault()
        kind = fault.kind if fault else None
        if fault and kind in REFUSALS:
            self._refuse(refusal(fault))
        elif kind == "cut":
            self.hang_up()
        elif kind in {"page", "gateway"}:
            self._page(PAGES[kind])
        else:
            self._take(content, kind)

    def _take(self, content: bytes, kind: str | None) -> None:
        try:
            method = self._method()
            body = _body(self.headers.get("Content-Type", ""), content)
            kept = self.telegram.keep(method, body, kind)
        except RefusedError as error:
            self._refuse(error)
            return
        result = {
            "message_id": kept.number,
            "date": 0,
            "chat": {"id": kept.chat},
            "text": kept.text,
        }
        if kind == "cut_after":
            self.hang_up()
            return
        if kind == "gateway_after":
            self._page(PAGES[kind])
            return
        if kind == "slow":
            self.telegram.closing.wait(self.telegram.hang)
        self._json(200, {"ok": True, "result": result}, torn=kind == "torn")

    def _method(self) -> str:
        found = _PATH.fullmatch(self.path)
        if found is None or not _TOKEN.fullmatch(found[1]):
            raise RefusedError(404, "Not Found")
        if found[1] != TOKEN:
            raise RefusedError(401, "Unauthorized")
        if found[2] not in {"sendMessage", "sendPhoto"}:
            raise RefusedError(404, "Not Found: method not found")
        return found[2]

    def _refuse(self, refused: RefusedError) -> None:
        document: dict[str, Any] = {
            "ok": False,
            "error_code": refused.code,
            "description": refused.description,
        }
        if refused.parameters:
            document["parameters"] = refused.parameters
        self._json(refused.code, document)

    def _json(self, code: int, document: object, *, torn: bool = False) -> None:
        content = json.dumps(document).encode()
        self.say(code, {"Content-Type": "application/json"}, content, torn=torn)

    def _page(self, code: int) -> None:
        page = b"<html><body><h1>Somebody in between</h1></body></html>"
        self.say(code, {"Content-Type": "text/html"}, page)


def _body(kind: str, content: bytes) -> dict[str, Any]:
    """The parameters of a call, from JSON or a form with files."""
    if kind.startswith("application/json"):
        try:
            found: dict[str, Any] = json.loads(content)
        except ValueError:
            raise RefusedError(400, "Bad Request: can't parse JSON object") from None
        return found
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    form = BytesParser(EmailMessage, policy=HTTP).parsebytes(head + content)
    fields: dict[str, Any] = {}
    for part in form.iter_parts():
        name = part.get_param("name", header="content-disposition")
        load = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(load, bytes):
            fields[name] = load if part.get_filename() else load.decode()
    return fields


@contextmanager
def serving(hang: float = 30) -> Iterator[TelegramServer]:
    """A Bot API on a free port of loopback.

    Args:
        hang: Seconds after which a slow answer comes at last.
    """
    telegram = TelegramServer(hang)
    handler = type("_Served", (_BotApi,), {"telegram": telegram})
    with listening(handler) as telegram.base:
        try:
            yield telegram
        finally:
            telegram.closing.set()
