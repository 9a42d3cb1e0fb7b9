"""A letter's head: the headers that were set and no other, whatever names say."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dexter.alerts import rendering_mail
from dexter.alerts.rendering import card_of, plain, subject
from dexter.alerts.rendering_mail import (
    AddressError,
    Envelope,
    HeadError,
    letter,
    message_id,
)
from dexter.domain.delivery import Message
from tests.alerts.making import NOW, PNG, alert, message, notice

FORGED = (
    "Acme =?utf-8?q?=0D=0ABcc:_victim=40evil.example=0D=0ADate:_Thu,_1_Jan_1970"
    "=0D=0A=0D=0ABUY_NOW?= Limited"
)
PIECES = (
    *("=?", "?=", "=", "?", "utf-8", "?q?", "?b?", "DQpCY2M6IHg=", "=0D=0A", "_"),
    *("=?utf-8?q?=0d=0aBcc:_x?=", "=?utf-8?b?DQoNCg==?=", "=?x-none?q?a?="),
    *("\r\nBcc: x@y.z", "\n", "\r", "\x0b", "\x85", "\u2028", "\x00", "\u202e"),
    *("é", "日本", "\ud800", "a" * 90, " ", "\t", "<", ">", ":", '"', "\\"),
)
NAMES = st.text(max_size=80) | st.lists(st.sampled_from(PIECES), max_size=9).map(
    "".join
)
HEAD = (
    *("Subject", "From", "To", "Reply-To", "Date", "Message-ID", "Auto-Submitted"),
    *("X-Dexter-Key", "MIME-Version", "Content-Type"),
)


def envelope(to: str = "you@example.com", sender: str = "me@example.com") -> Envelope:
    return Envelope(sender, to, "boss@example.com", NOW)


def read(one: Message, chart: bytes | None = None) -> EmailMessage:
    """A letter as its reader has it."""
    raw = letter(one, envelope(), chart).as_bytes()
    assert raw.isascii()
    read = message_from_bytes(raw, policy=default)
    assert isinstance(read, EmailMessage)
    return read


def squeezed(text: str) -> str:
    """Without its spaces, which folding may lose and breaking a marker adds."""
    return "".join(text.split())


def told(name: str) -> tuple[Message, ...]:
    """Messages in which a name stands wherever one may."""
    about = alert(company=name, symbol=name, period=name, id=name, reasons=(name,))
    return (
        message(f"{name}/1/email/{name}", alert=about, version=2, amends=(name,)),
        notice(name, title=name),
    )


@settings(deadline=None)
@given(NAMES)
@example(FORGED)
@example(f"{FORGED} =?=?utf-8?q?=0D=0ABcc:_v?=?=")
def test_no_name_makes_breaks_or_hides_a_header(name: str) -> None:
    for one in told(name):
        found = read(one)

        assert tuple(found.keys()) == HEAD
        assert squeezed(str(found["Subject"])) == squeezed(subject(one))
        assert found["From"] == "dexter <me@example.com>"
        assert (found["To"], found["Reply-To"]) == (
            "you@example.com",
            "boss@example.com",
        )
        assert found["Message-ID"] == message_id(one, envelope())
        key = quote(one.key, safe="/:", errors="replace")
        assert squeezed(str(found["X-Dexter-Key"])) == key
        body = found.get_body(("plain",))
        assert body is not None
        assert body.get_content().splitlines() == plain(card_of(one)).splitlines()


def test_a_key_stands_in_its_header_as_in_an_address() -> None:
    found = read(message("ABC/1/email/Jörg =?utf-8?q?=0AX:?="))

    key = "ABC/1/email/J%C3%B6rg%20%3D%3Futf-8%3Fq%3F%3D0AX:%3F%3D"
    assert found["X-Dexter-Key"] == key


@pytest.mark.parametrize("place", ["to", "sender"])
@pytest.mark.parametrize(
    "address", ["=?utf-8?q?=0D=0ABcc=3A_x?=@example.com", "x.=?utf-8?q?y?=@example.com"]
)
def test_no_address_is_an_encoded_word(place: str, address: str) -> None:
    with pytest.raises(AddressError):
        letter(message(), envelope(**{place: address}), None)


@pytest.mark.parametrize(
    "forged", [FORGED, "=?utf-8?q?a=0D=0A=0D=0Ab?=", "=?utf-8?q?a=0AX-Dexter-Key:_b?="]
)
def test_a_head_that_came_out_otherwise_goes_to_nobody(
    forged: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should the library let a line end through by a way nobody thought of."""
    monkeypatch.setattr(rendering_mail, "subject", lambda _: forged)

    with pytest.raises(HeadError, match="its head would read Subject"):
        letter(message(), envelope(), PNG)
