"""The mail server in one URL: what it may say, and that it is never told."""

import pytest

from dexter.errors import UnusableVariableError
from dexter.operating.server import MailServer, mail_server


@pytest.mark.parametrize(
    ("url", "host", "port", "security"),
    [
        ("smtps://me:pw@mail.example:465", "mail.example", 465, "tls"),
        ("smtps://me:pw@mail.example", "mail.example", None, "tls"),
        ("SMTP://me:pw@mail.example:587/", "mail.example", 587, "starttls"),
        ("smtp://me:pw@localhost:25", "localhost", 25, "none"),
        ("smtp://me:pw@[::1]:2525", "::1", 2525, "none"),
        ("smtps://me:pw@127.0.0.1", "127.0.0.1", None, "tls"),
    ],
)
def test_the_scheme_says_how_it_is_encrypted(
    url: str, host: str, port: int | None, security: str
) -> None:
    assert mail_server(url) == MailServer(host, port, security, "me", "pw")


@pytest.mark.parametrize(
    ("signs_in", "user", "password"),
    [
        ("", None, None),
        ("me@", "me", None),
        ("me%40x.in:p%2Fw%3a%20%25@", "me@x.in", "p/w: %"),
        ("me@x.in:p@w@", "me@x.in", "p@w"),
        ("me:caf%C3%A9@", "me", "café"),
    ],
)
def test_user_and_password_are_decoded(
    signs_in: str, user: str | None, password: str | None
) -> None:
    found = mail_server(f"smtps://{signs_in}mail.example")
    assert (found.user, found.password) == (user, password)


@pytest.mark.parametrize(
    "url",
    [
        "madeup",
        "mail.example:465",
        "https://me:madeup@mail.example",
        "smtps://",
        "smtps://me:madeup@",
        "smtps://me:madeup@mail.example:port",
        "smtps://me:madeup@mail.example:70000",
        "smtps://me:made#up@mail.example",
        "smtps://me:made/up@mail.example",
        "smtps://me:made?up@mail.example",
        "smtps://me:made up@mail.example",
        "smtps://me:made\nup@mail.example",
        "smtps://me:madeup%FF@mail.example",
        "smtps://:madeup@mail.example",
        "smtps://me:madeup@mail.example/inbox",
        "smtps://me:madeup@mail.example?security=none",
        "smtps://me:madeup@[::1",
    ],
)
def test_what_is_no_server_is_refused_and_not_told(url: str) -> None:
    with pytest.raises(UnusableVariableError) as raised:
        mail_server(url)
    error = raised.value
    assert error.sentence.startswith("DEXTER_SMTP_URL cannot be used")
    assert error.exit_code == 2
    assert error.hint
    assert "made" not in f"{error.sentence} {error.hint}"
    assert error.__suppress_context__ or error.__context__ is None


def test_who_signs_in_is_not_in_its_words() -> None:
    assert "madeup" not in repr(mail_server("smtps://madeup:madeup@mail.example"))
