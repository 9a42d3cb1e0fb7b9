"""``dexter alerts test``: what each recipient's channel answered, and the exit code."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dexter.errors import ChannelUnsetError, UnusableVariableError, UsageError
from dexter.settings import Settings
from pipelines.commands import channel_test
from pipelines.runtime import settings_here
from tests.alerts import certificates, mail_server
from tests.alerts.telegram_server import TelegramServer, serving

FILE = """
[[recipients]]
name = "me"
channel = "telegram"
to = "42"

[[recipients]]
name = "desk"
channel = "telegram"
to = "-1001"
thread = 7

[[recipients]]
name = "team"
channel = "apprise"
to = "team"

[[recipients]]
name = "boss"
channel = "apprise"
to = "boss"
"""


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("DEXTER_SOURCE_PACE", "0")
    found = settings_here()
    (found.home / "dexter.toml").write_text(FILE)
    return found


@pytest.fixture
def server(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TelegramServer]:
    assert settings.telegram_token is None
    with serving() as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        yield running


def test_every_recipient_gets_a_marked_message(
    server: TelegramServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert channel_test.test("telegram", None, as_json_too=False) == 0

    me, desk = server.messages
    assert (me.chat, desk.chat, desk.thread) == ("42", "-1001", 7)
    for kept in (me, desk):
        assert kept.text.startswith("⚠ FICTIONAL SAMPLE")
        assert "TEST MESSAGE of dexter" in kept.text
    said = capsys.readouterr().out
    assert "✓ me" in said
    assert "✓ desk telegram sent: as 2" in said


def test_one_recipient_may_be_named_or_be_an_address(server: TelegramServer) -> None:
    assert channel_test.test("telegram", "desk", as_json_too=False) == 0
    assert channel_test.test("telegram", "99", as_json_too=False) == 0

    assert [one.chat for one in server.messages] == ["-1001", "99"]


def test_who_did_not_get_it_is_said_with_what_to_do(
    server: TelegramServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script(["blocked", None])

    assert channel_test.test("telegram", None, as_json_too=False) == 3

    said = " ".join(capsys.readouterr().out.split())
    assert "✗ me telegram refused" in said
    assert "must unblock the bot" in said
    assert "✓ desk" in said


@pytest.mark.parametrize(
    ("kind", "state"),
    [("busy", "busy"), ("error", "down"), ("cut_after", "unknown")],
)
def test_each_answer_has_a_word(
    kind: str, state: str, server: TelegramServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script([kind])

    assert channel_test.test("telegram", None, as_json_too=True) == 3

    said = json.loads(capsys.readouterr().out)
    assert said["channel"] == "telegram"
    first, second = said["answers"]
    assert (first["recipient"], first["state"]) == ("me", state)
    assert first["reason"]
    assert second == {
        "recipient": "desk",
        "state": "sent",
        "receipt": "2" if kind == "cut_after" else "1",
        "reason": None,
        "hint": None,
    }


def test_nothing_is_kept(server: TelegramServer, settings: Settings) -> None:
    channel_test.test("telegram", None, as_json_too=False)

    assert len(server.messages) == 2
    assert [path.name for path in Path(settings.home).iterdir()] == ["dexter.toml"]


@pytest.mark.parametrize(
    ("channel", "recipient", "hint"),
    [
        ("telegramm", None, "telegram"),
        ("pigeon", None, "telegram, email, webhook, apprise"),
        ("email", None, "[[recipients]]"),
        ("telegram", "dsek", "me, desk"),
        ("email", "nobody", "example.com"),
        ("apprise", "json://secret/x", "team, boss"),
    ],
)
@pytest.mark.usefixtures("settings")
def test_what_cannot_be_meant_is_said_before_anything_is_sent(
    channel: str, recipient: str | None, hint: str
) -> None:
    with pytest.raises(UsageError) as raised:
        channel_test.test(channel, recipient, as_json_too=False)

    assert hint in raised.value.hint
    assert raised.value.exit_code == 2


@pytest.mark.usefixtures("settings")
def test_a_channel_without_its_secret_says_how_to_set_it() -> None:
    with pytest.raises(ChannelUnsetError, match="telegram has no token") as raised:
        channel_test.test("telegram", None, as_json_too=False)

    assert "DEXTER_TELEGRAM_TOKEN" in raised.value.hint
    assert raised.value.exit_code == 2


@pytest.mark.usefixtures("settings")
def test_one_url_that_is_missing_does_not_stop_the_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEXTER_APPRISE_URLS", "boss=json://127.0.0.1:1/")

    assert channel_test.test("apprise", None, as_json_too=True) == 3

    answers = json.loads(capsys.readouterr().out)["answers"]
    assert [one["state"] for one in answers] == ["unset", "down"]
    assert "team=URL" in answers[0]["hint"]


def test_telegram_needs_no_file(
    server: TelegramServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.home / "dexter.toml").unlink()
    monkeypatch.setenv("DEXTER_TELEGRAM_CHAT_ID", "-100123")

    assert channel_test.test("telegram", None, as_json_too=False) == 0

    assert [one.chat for one in server.messages] == ["-100123"]


def test_the_file_says_who_is_told_by_telegram(
    server: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEXTER_TELEGRAM_CHAT_ID", "-100123")

    assert channel_test.test("telegram", None, as_json_too=False) == 0

    assert [one.chat for one in server.messages] == ["42", "-1001"]


@pytest.mark.parametrize(("scheme", "security"), [("smtps", "tls"), ("smtp", "none")])
def test_mail_needs_no_file(
    scheme: str, security: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof = certificates.make(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(proof.authority))
    with mail_server.serving(security, proof.serving()) as mail:
        signs_in = "me%40example.com:an%20app%20password"
        url = f"{scheme}://{signs_in}@{mail.host}:{mail.port}"
        monkeypatch.setenv("DEXTER_SMTP_URL", url)

        assert channel_test.test("email", "you@example.com", as_json_too=False) == 0

    (letter,) = mail.letters
    assert (letter.user, letter.to) == (mail_server.USER, ("you@example.com",))
    assert mail_server.USER in letter.message["From"]
    assert (letter.tls is None) is (security == "none")


def test_a_variable_that_cannot_be_used_is_said_before_anything_is_sent(
    server: TelegramServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.home / "dexter.toml").unlink()
    monkeypatch.setenv("DEXTER_TELEGRAM_CHAT_ID", "nobody")

    with pytest.raises(UnusableVariableError, match="DEXTER_TELEGRAM_CHAT_ID"):
        channel_test.test("telegram", None, as_json_too=False)

    assert not server.messages
