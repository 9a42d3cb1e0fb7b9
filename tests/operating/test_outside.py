"""The environment's word on recipients and mail, laid over the file."""

import pytest

from dexter.domain.alert import Priority
from dexter.errors import UnusableVariableError
from dexter.operating import ChannelName, Email, Operating
from dexter.operating.outside import with_chat, with_server
from dexter.operating.server import mail_server

MAIL = {"name": "desk", "channel": "email", "to": "desk@example.com"}
URL = "smtps://me%40example.com:madeup@mail.example:4465"


def of(**said: object) -> Operating:
    return Operating.model_validate(said)


def test_a_chat_is_a_recipient_beside_those_of_other_channels() -> None:
    _, added = with_chat(of(recipients=[MAIL]), "-100123").recipients
    assert (added.name, added.channel) == ("telegram", ChannelName.TELEGRAM)
    assert (added.to, added.thread) == ("-100123", None)
    assert (added.least, added.notices) == (Priority.MEDIUM, True)


def test_who_is_told_by_telegram_is_the_files_to_say() -> None:
    filed = of(recipients=[{"name": "me", "channel": "telegram", "to": 1}])
    assert with_chat(filed, "-100123") == filed
    assert with_chat(filed, "no chat") == filed


@pytest.mark.parametrize("chat", ["me", "1.5", "-", "@a b"])
def test_what_is_no_chat_is_refused(chat: str) -> None:
    with pytest.raises(UnusableVariableError, match=r"TELEGRAM_CHAT_ID.*no chat id"):
        with_chat(of(), chat)


def test_a_name_that_is_taken_is_not_given_twice() -> None:
    with pytest.raises(UnusableVariableError, match=r'calls .* "telegram"'):
        with_chat(of(recipients=[MAIL | {"name": "telegram"}]), "1")


def test_a_url_alone_is_a_mail_server() -> None:
    found = with_server(of(), mail_server(URL)).email
    assert found == Email(host="mail.example", port=4465, user="me@example.com")
    assert found is not None
    assert (found.security, found.from_address) == ("tls", "me@example.com")


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("smtps://a@mail.example", 465),
        ("smtp://a@mail.example", 587),
        ("smtp://a@localhost", 25),
    ],
)
def test_its_port_is_the_usual_one_where_it_says_none(url: str, port: int) -> None:
    found = with_server(of(email={"sender": "a@b.in"}), mail_server(url)).email
    assert found is not None
    assert found.port == port


def test_a_url_stands_in_for_the_whole_server_of_the_file() -> None:
    filed = of(
        email={
            "host": "old.example",
            "port": 2525,
            "security": "starttls",
            "user": "old@example.com",
            "sender": "alerts@example.com",
            "reply_to": "desk@example.com",
        }
    )
    found = with_server(filed, mail_server("smtps://mail.example")).email
    assert found == Email(
        host="mail.example",
        port=465,
        user=None,
        sender="alerts@example.com",
        reply_to="desk@example.com",
    )


@pytest.mark.parametrize("url", ["smtps://mail.example", "smtps://key:madeup@mail.in"])
def test_mail_is_from_somebody(url: str) -> None:
    filed = of(email={"user": "old@example.com"})
    with pytest.raises(UnusableVariableError, match="whom mail is from") as raised:
        with_server(filed, mail_server(url))
    assert "sender" in raised.value.hint


@pytest.mark.parametrize("url", ["smtps://a@m_x", "smtps://a@h:0", "smtps://a%0A@h"])
def test_what_can_be_no_server_is_refused_as_a_url(url: str) -> None:
    with pytest.raises(UnusableVariableError, match=r"DEXTER_SMTP_URL .* is not like"):
        with_server(of(email={"sender": "a@b.in"}), mail_server(url))
