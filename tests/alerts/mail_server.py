"""A real mail server on loopback (aiosmtpd), with faults that are scripted or drawn.

It keeps every letter it takes, the same one twice too. It serves from a thread of its
own, so that other processes may talk to it, and die.
"""

import asyncio
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.alerts.chances import Chances, Queue

__all__ = [
    "KINDS",
    "PASSWORD",
    "SIGNED_IN",
    "TAKEN",
    "USER",
    "Chances",
    "MailServer",
    "serving",
]

USER, PASSWORD = "me@example.com", "an app password"
SIGNED_IN = (
    PASSWORD,
    b64encode(PASSWORD.encode()).decode(),
    b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode(),
)
"""The password as a client may say it."""

KINDS = {
    # Certainly not taken.
    "full": "421 instead of a greeting's answer",
    "hang_up": "the connection is cut before the letter",
    "auth": "535, the password is wrong",
    "auth_echo": "535, which says back what signed in",
    "auth_later": "454, nobody can sign in just now",
    "sender": "550, you may not write as that",
    "greylist": "451, the address may be tried later",
    "recipient": "550, no such address",
    "later": "451 to the letter",
    "quota": "550 5.4.5, the day's letters are used up",
    "spam": "554 to the letter",
    "cut": "the connection is cut instead of an answer to the letter",
    # Taken, and nobody is told.
    "cut_after": "the connection is cut instead of an answer to the letter",
    "slow": "an answer to the letter that comes too late",
}
TAKEN = frozenset({"cut_after", "slow"})
"""Faults after which the letter is there though no answer said so."""

_LETTER = {
    "later": "451 4.3.0 try again later",
    "quota": "550 5.4.5 Daily user sending limit exceeded",
    "spam": "554 5.7.1 this is not wanted here",
}
_RECIPIENT = {
    "greylist": "451 4.7.1 greylisted, try again later",
    "recipient": "550 5.1.1 no such address",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that was taken; ``tls`` is the protocol it came over, if any."""

    number: int
    sender: str
    to: tuple[str, ...]
    message: EmailMessage
    raw: bytes
    tls: str | None
    user: str | None
    fault: str | None

    @property
    def id(self) -> str:
        """Its Message-ID."""
        return str(self.message["Message-ID"])

    def body(self, kind: str) -> str:
        """The text of its plain or html part."""
        part = self.message.get_body((kind,))
        return "" if part is None else str(part.get_content())


class MailServer:
    """What a test holds: the address, the letters, and what is to go wrong."""

    def __init__(self, hang: float) -> None:
        self.host, self.port = "127.0.0.1", 0
        self.hang = hang
        self.chances: Chances | None = None
        self._scripted: Queue[str | None] = Queue()
        self._letters: list[Letter] = []
        self._lock = threading.Lock()

    @property
    def letters(self) -> tuple[Letter, ...]:
        """Everything taken so far, in order."""
        with self._lock:
            return tuple(self._letters)

    def to(self, address: str) -> tuple[Letter, ...]:
        """Everything one address was sent."""
        return tuple(one for one in self.letters if address in one.to)

    @property
    def connections(self) -> int:
        """How many came so far."""
        return self._scripted.taken

    def script(self, faults: Iterable[str | None]) -> None:
        """What goes wrong with the next connections, one each; null is nothing."""
        self._scripted.add(faults)

    def next_fault(self) -> str | None:
        """What goes wrong with the connection that just came."""
        with self._lock:
            kind = self.chances.draw() if self.chances else None
        return self._scripted.take(kind)

    def keep(
        self, envelope: Envelope, session: Session, tls: str | None, fault: str | None
    ) -> None:
        """Take a letter."""
        raw = envelope.original_content or b""
        parsed = message_from_bytes(raw, policy=default)
        assert isinstance(parsed, EmailMessage)
        with self._lock:
            self._letters.append(
                Letter(
                    number=len(self._letters) + 1,
                    sender=envelope.mail_from or "",
                    to=tuple(envelope.rcpt_tos),
                    message=parsed,
                    raw=raw,
                    tls=tls,
                    user=USER if session.authenticated else None,
                    fault=fault,
                )
            )


class _Conversation(SMTP):
    """One connection, and what goes wrong with it."""

    def __init__(self, handler: "_Handler", fault: str | None, **about: Any) -> None:  # noqa: ANN401
        super().__init__(handler, hostname="mail.example", **about)
        self.fault = fault

    def wire(self) -> str | None:
        """The protocol that encrypts the connection, if any."""
        open_ = self.transport
        found = open_.get_extra_info("ssl_object") if open_ is not None else None
        return found.version() if found else None

    def hang_up(self) -> None:
        """Cut the connection."""
        if self.transport is not None:
            self.transport.close()


class _Handler:
    """aiosmtpd's hooks; what they return is said to the client."""

    def __init__(self, mail: MailServer, *, secure: bool) -> None:
        self._mail, self._secure = mail, secure

    async def handle_EHLO(  # noqa: N802 - the name aiosmtpd calls
        self,
        server: _Conversation,
        session: Session,
        _envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        session.host_name = hostname
        if server.fault == "full":
            return ["421 4.3.2 too many connections"]
        return responses

    async def handle_MAIL(  # noqa: N802 - the name aiosmtpd calls
        self,
        server: _Conversation,
        session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if self._secure and not session.authenticated:
            return "530 5.7.0 sign in first"
        if server.fault == "hang_up":
            server.hang_up()
        if server.fault == "sender":
            return "550 5.7.60 you may not write as that"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd calls
        self,
        server: _Conversation,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if server.fault in _RECIPIENT:
            return _RECIPIENT[server.fault]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - as above
        self, server: _Conversation, session: Session, envelope: Envelope
    ) -> str:
        fault = server.fault
        if fault in _LETTER:
            return _LETTER[fault]
        if fault != "cut":
            self._mail.keep(envelope, session, server.wire(), fault)
        if fault in {"cut", "cut_after"}:
            server.hang_up()
        if fault == "slow":
            await asyncio.sleep(self._mail.hang)
        return "250 OK: taken"

    async def handle_exception(self, _error: Exception) -> str:
        return "451 4.3.0 the connection broke"


def _signed_in(
    server: _Conversation,
    _session: Session,
    _envelope: Envelope,
    _mechanism: str,
    said: LoginPassword,
) -> AuthResult:
    if server.fault == "auth_later":
        return AuthResult(success=False, handled=False, message="454 4.7.0 not now")
    if server.fault == "auth_echo":
        told = f"535 5.7.8 nobody knows {', '.join(SIGNED_IN)}"
        return AuthResult(success=False, handled=False, message=told)
    right = said.login == USER.encode() and said.password == PASSWORD.encode()
    return AuthResult(success=right and server.fault != "auth", handled=False)


@contextmanager
def serving(
    security: str = "none", tls: ssl.SSLContext | None = None, hang: float = 30
) -> Iterator[MailServer]:
    """A mail server on a free port of loopback.

    Args:
        security: ``tls``, ``starttls`` or ``none``; but for none one must sign in.
        tls: What it proves itself with.
        hang: Seconds after which a slow answer comes at last.
    """
    mail = MailServer(hang)
    ready, done = threading.Event(), asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def run() -> None:
        loops.append(asyncio.get_running_loop())
        async with await _listening(mail, security, tls):
            ready.set()
            await done.wait()
        await _ended()

    thread = threading.Thread(target=asyncio.run, args=(run(),), daemon=True)
    thread.start()
    ready.wait()
    try:
        yield mail
    finally:
        loops[0].call_soon_threadsafe(done.set)
        thread.join()


async def _listening(
    mail: MailServer, security: str, tls: ssl.SSLContext | None
) -> asyncio.Server:
    loop, secure = asyncio.get_running_loop(), security != "none"

    def answer() -> _Conversation:
        return _Conversation(
            _Handler(mail, secure=secure),
            mail.next_fault(),
            loop=loop,
            tls_context=tls if security == "starttls" else None,
            require_starttls=security == "starttls",
            auth_require_tls=False,  # it does not count TLS from the first byte
            authenticator=_signed_in,
        )

    context = tls if security == "tls" else None
    server = await loop.create_server(answer, mail.host, 0, ssl=context)
    mail.port = server.sockets[0].getsockname()[1]
    return server


async def _ended() -> None:
    mine = asyncio.current_task()
    left = [task for task in asyncio.all_tasks() if task is not mine]
    for task in left:
        task.cancel()
    if left:
        await asyncio.wait(left, timeout=2)
