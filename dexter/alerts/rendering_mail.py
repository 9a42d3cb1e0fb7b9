"""A message as a letter: plain and HTML, its chart inside, the same id every time."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP
from urllib.parse import quote

from dexter.alerts.card_shape import shown
from dexter.alerts.rendering import ENCODED, card_of, plain, subject
from dexter.alerts.rendering_html import page
from dexter.domain.delivery import Message


class AddressError(ValueError):
    """A text that is no mail address."""

    def __init__(self, written: str) -> None:
        super().__init__(f"{shown(written)!r} is no mail address")


class HeadError(ValueError):
    """A letter whose head would not come out as it was written."""

    def __init__(self, names: Iterable[str]) -> None:
        told = ", ".join(map(shown, names))
        super().__init__(f"its head would read {told}")


_SENDER = "dexter"
_CTE = "quoted-printable"  # every server passes it on as it is


@dataclass(frozen=True, slots=True)
class Envelope:
    """Whom a letter is from, whom it is for, and when it is written."""

    sender: str
    to: str
    reply_to: str | None
    date: datetime


def letter(message: Message, envelope: Envelope, chart: bytes | None) -> EmailMessage:
    """A message as it is handed to the server.

    Args:
        message: What is said.
        envelope: From, to, when.
        chart: A PNG, or null without one.

    Raises:
        AddressError: an address is none, or would break its line.
        HeadError: a text made, broke or hid a header.
    """
    card, made = card_of(message), EmailMessage(policy=SMTP)
    made["Subject"] = subject(message)
    made["From"] = _address(envelope.sender, _SENDER)
    made["To"] = _address(envelope.to)
    if envelope.reply_to:
        made["Reply-To"] = _address(envelope.reply_to)
    made["Date"] = envelope.date
    made["Message-ID"] = message_id(message, envelope)
    made["Auto-Submitted"] = "auto-generated"
    made["X-Dexter-Key"] = quote(message.key, safe="/:", errors="replace")
    made.set_content(plain(card), cte=_CTE)
    cid = f"chart.{message_id(message, envelope)[1:-1]}"
    seen = page(card, f"cid:{cid}" if chart else None)
    made.add_alternative(seen, subtype="html", cte=_CTE)
    if chart:
        body = made.get_body(("html",))
        if isinstance(body, EmailMessage):
            body.add_related(
                chart,
                "image",
                "png",
                cid=f"<{cid}>",
                disposition="inline",
                filename="chart.png",
            )
    _check_head(made)
    return made


def _check_head(made: EmailMessage) -> None:
    """See that a reader finds the headers that were set, and no other."""
    read = BytesHeaderParser().parsebytes(made.as_bytes()).keys()
    if read != made.keys():
        raise HeadError(read)


def _address(written: str, name: str = "") -> Address:
    if ENCODED in written or not written.isascii():
        raise AddressError(written)
    try:
        return Address(name, addr_spec=written)
    except (ValueError, IndexError, MessageError) as error:
        raise AddressError(written) from error


def message_id(message: Message, envelope: Envelope) -> str:
    """The same for every try of a message to someone, so that readers drop repeats."""
    said = "\0".join((message.key, str(message.version), envelope.to.lower()))
    digest = hashlib.sha256(said.encode(errors="replace")).hexdigest()[:32]
    return f"<{digest}@{envelope.sender.rpartition('@')[2]}>"
