"""E-mail: what is taken over which wire, and which of the four ways each failure is."""

import ssl
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from traceback import TracebackException

import pytest

from dexter.alerts import rendering_mail
from dexter.alerts.addressed import Address
from dexter.alerts.mail import Mail
from dexter.errors import (
    ChannelBusyError,
    ChannelDownError,
    ChannelRefusedError,
    DeliveryError,
    ReplyLostError,
)
from dexter.operating import Email
from tests.alerts import certificates
from tests.alerts.certificates import Certificates
from tests.alerts.mail_server import (
    KINDS,
    PASSWORD,
    SIGNED_IN,
    TAKEN,
    USER,
    Chances,
    MailServer,
    serving,
)
from tests.alerts.making import PNG, FixedClock, alert, message, notice

ADDRESSES = {"desk": Address("desk@example.com")}
ENDS = {
    "full": ChannelDownError,
    "hang_up": ChannelDownError,
    "auth": ChannelDownError,
    "auth_echo": ChannelDownError,
    "auth_later": ChannelDownError,
    "sender": ChannelDownError,
    "greylist": ChannelDownError,
    "recipient": ChannelRefusedError,
    "later": ChannelDownError,
    "quota": ChannelBusyError,
    "spam": ChannelRefusedError,
    "cut": ReplyLostError,
    "cut_after": ReplyLostError,
    "slow": ReplyLostError,
}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates.make(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def server(certificate: Certificates) -> Iterator[MailServer]:
    with serving("tls", certificate.serving()) as running:
        yield running


def office(server: MailServer, security: str = "tls", **about: object) -> Email:
    return Email.model_validate(
        {
            "host": "127.0.0.1",
            "port": server.port,
            "security": security,
            "user": USER,
            "sender": "alerts@example.com",
            **about,
        }
    )


def mail(
    office: Email,
    home: Path,
    tls: ssl.SSLContext | None,
    password: str | None = PASSWORD,
) -> Mail:
    return Mail(office, password, ADDRESSES, home, FixedClock(), seconds=0.5, tls=tls)


@pytest.fixture
def channel(server: MailServer, certificate: Certificates, tmp_path: Path) -> Mail:
    return mail(
        office(server, reply_to="boss@example.com"), tmp_path, certificate.trusting()
    )


async def test_a_letter_arrives_whole(server: MailServer, channel: Mail) -> None:
    receipt = await channel.send(message(), "desk")

    (letter,) = server.letters
    head = letter.message
    assert (letter.sender, letter.to) == ("alerts@example.com", ("desk@example.com",))
    assert letter.user == USER
    assert (letter.tls or "").startswith("TLS")
    assert head["Subject"] == "[HIGH] Mahindra <& Sons> Limited (M&M) Q1 FY26"
    assert head["From"] == "dexter <alerts@example.com>"
    assert head["Reply-To"] == "boss@example.com"
    assert head["Date"] == "Mon, 14 Jul 2025 18:20:00 +0530"
    assert head["Auto-Submitted"] == "auto-generated"
    assert letter.id == receipt.id
    assert "P(upper circuit within 3 sessions): 12.3%" in letter.body("plain")
    assert "Mahindra &lt;&amp; Sons&gt; Limited" in letter.body("html")
    assert letter.raw.isascii(), "any server may pass it on"


@pytest.mark.parametrize("security", ["starttls", "none"])
async def test_other_wires_carry_the_same(
    security: str, certificate: Certificates, tmp_path: Path
) -> None:
    tls = certificate.serving() if security == "starttls" else None
    with serving(security, tls) as server:
        user = USER if security == "starttls" else None
        channel = mail(
            office(server, security, user=user), tmp_path, certificate.trusting()
        )
        await channel.send(message(), "someone@example.org")

    (letter,) = server.letters
    assert letter.to == ("someone@example.org",)
    assert bool(letter.tls) is (security == "starttls")
    assert letter.user == user


@pytest.mark.parametrize("kind", KINDS)
async def test_each_failure_is_one_of_four(
    kind: str, server: MailServer, channel: Mail
) -> None:
    server.script([kind])

    with pytest.raises(DeliveryError) as raised:
        await channel.send(message(), "desk")

    assert type(raised.value) is ENDS[kind]
    assert bool(server.letters) is (kind in TAKEN)
    assert server.connections == 1, "nothing is tried again in here"
    whole = "".join(TracebackException.from_exception(raised.value).format())
    assert not [secret for secret in SIGNED_IN if secret in whole]
    assert raised.value.__context__ is None


def test_nothing_that_was_taken_is_called_untaken() -> None:
    assert {ENDS[kind] for kind in TAKEN} == {ReplyLostError}


async def test_a_wrong_password_is_the_operators_to_mend(
    server: MailServer, certificate: Certificates, tmp_path: Path
) -> None:
    channel = mail(office(server), tmp_path, certificate.trusting(), "another one")

    with pytest.raises(ChannelDownError) as raised:
        await channel.send(message(), "desk")

    assert "app password" in raised.value.hint
    assert "another one" not in str(raised.value)


async def test_nobody_listening_means_nothing_was_sent(tmp_path: Path) -> None:
    with serving() as server:
        gone = mail(office(server, "none"), tmp_path, None)
    with pytest.raises(ChannelDownError):
        await gone.send(message(), "desk")


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_a_server_that_cannot_prove_itself_gets_nothing(
    security: str, certificate: Certificates, tmp_path: Path
) -> None:
    with serving(security, certificate.serving()) as server:
        channel = mail(office(server, security), tmp_path, None)
        with pytest.raises(ChannelDownError, match="certificate"):
            await channel.send(message(), "desk")

    assert server.letters == ()


async def test_a_certificate_of_another_host_is_none(tmp_path: Path) -> None:
    other = certificates.make(tmp_path, "mail.example")
    with serving("tls", other.serving()) as server:
        channel = mail(office(server), tmp_path, other.trusting())
        with pytest.raises(ChannelDownError, match="certificate"):
            await channel.send(message(), "desk")

    assert server.letters == ()


async def test_a_server_without_starttls_gets_no_password_and_no_letter(
    certificate: Certificates, tmp_path: Path
) -> None:
    with serving("none") as server:
        channel = mail(office(server, "starttls"), tmp_path, certificate.trusting())
        with pytest.raises(ChannelDownError, match="STARTTLS"):
            await channel.send(message(), "desk")

    assert server.letters == ()


async def test_every_try_has_the_same_id(server: MailServer, channel: Mail) -> None:
    first = message()
    for one in (first, replace(first, repeat=True), replace(first, version=2)):
        await channel.send(one, "desk")
    await channel.send(first, "other@example.com")

    ids = [letter.id for letter in server.letters]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3, "another version, another reader: another letter"
    assert "[POSSIBLE REPEAT]" in server.letters[1].message["Subject"]


async def test_the_chart_is_inside(
    server: MailServer, channel: Mail, tmp_path: Path
) -> None:
    (tmp_path / "one.png").write_bytes(PNG)

    receipt = await channel.send(message(chart="one.png"), "desk")

    (letter,) = server.letters
    (picture,) = [
        part for part in letter.message.walk() if part.get_content_type() == "image/png"
    ]
    cid = str(picture["Content-ID"])[1:-1]
    assert picture.get_payload(decode=True) == PNG
    assert f'src="cid:{cid}"' in letter.body("html")
    assert picture.get_content_disposition() == "inline"
    assert receipt.note is None


async def test_a_chart_that_is_gone_is_said(server: MailServer, channel: Mail) -> None:
    receipt = await channel.send(message(chart="gone.png"), "desk")

    assert "<img" not in server.letters[0].body("html")
    assert "chart" in (receipt.note or "")


@pytest.mark.parametrize(
    "to", ["a@b.c\nBcc: x@y.z", "nobody", "", "ü@example.com", "a@b@c"]
)
async def test_an_address_that_is_none_is_refused(
    to: str, server: MailServer, channel: Mail
) -> None:
    with pytest.raises(ChannelRefusedError):
        await channel.send(message(), to)

    assert server.connections == 0


async def test_no_text_becomes_a_header(server: MailServer, channel: Mail) -> None:
    forged = "A\r\nBcc: x@example.com\n\nB"
    await channel.send(notice(forged, title=forged), "desk")
    await channel.send(message(alert=alert(company=forged), key=forged), "desk")

    assert [letter.message["Bcc"] for letter in server.letters] == [None, None]
    assert [letter.to for letter in server.letters] == [("desk@example.com",)] * 2
    assert "A Bcc: x@example.com B" in server.letters[0].message["Subject"]


async def test_a_letter_whose_head_would_break_is_refused(
    server: MailServer, channel: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    forged = "A =?utf-8?q?=0D=0ABcc:_x=40example.com?="
    monkeypatch.setattr(rendering_mail, "subject", lambda _: forged)

    with pytest.raises(ChannelRefusedError, match="its head would read Subject, Bcc"):
        await channel.send(message(), "desk")

    assert server.connections == 0


async def test_a_line_of_a_lone_dot_does_not_end_the_letter(
    server: MailServer, channel: Mail
) -> None:
    await channel.send(notice(".", "..", "behind it", title="."), "desk")

    assert "behind it" in server.letters[0].body("plain")


async def test_by_chance_no_outcome_ever_lies(
    server: MailServer, channel: Mail
) -> None:
    quick = tuple(kind for kind in KINDS if kind != "slow")
    server.chances = Chances(seed=7, every=1.5, kinds=quick)
    seen = Counter[str]()

    for number in range(80):
        before = len(server.letters)
        try:
            await channel.send(notice(str(number)), "desk")
            came: type[Exception] | None = None
        except DeliveryError as error:
            came = type(error)
        taken = len(server.letters) - before
        if came is not ReplyLostError:
            assert taken == (came is None)
        seen[f"{came.__name__ if came else 'sent'} {taken}"] += 1

    assert {"sent 1", "ReplyLostError 0", "ReplyLostError 1"} < set(seen)
