"""The channels that dexter.toml and the environment set up, and those they do not."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from dexter.errors import ChannelUnsetError, UnusableVariableError
from dexter.operating import Operating
from pipelines.channels import named_urls, open_channels
from tests.alerts import mail_server, telegram_server, webhook_server
from tests.alerts.making import PNG, FixedClock, message

URL = "json://127.0.0.1/wordnobodyshouldread"


@dataclass
class Secrets:
    """What of the settings channels need."""

    home: Path
    source_pace: float = 0
    telegram_token: SecretStr | None = None
    telegram_base_url: str | None = None
    smtp_url: SecretStr | None = None
    smtp_password: SecretStr | None = None
    webhook_secret: SecretStr | None = None
    apprise_urls: SecretStr | None = None


@pytest.mark.parametrize("name", ["telegram", "email", "webhook", "apprise"])
async def test_a_channel_without_its_secret_says_so_when_used(
    name: str, tmp_path: Path
) -> None:
    async with open_channels(Secrets(tmp_path), Operating()) as channels:
        with pytest.raises(ChannelUnsetError) as raised:
            await channels[name].send(message(), "me")

    assert channels[name].name == name
    assert "Set " in raised.value.hint or "Add " in raised.value.hint


async def test_a_user_without_a_password_does_not_sign_in(tmp_path: Path) -> None:
    operating = Operating.model_validate({"email": {"user": "me@example.com"}})

    async with open_channels(Secrets(tmp_path), operating) as channels:
        with pytest.raises(ChannelUnsetError, match="password"):
            await channels["email"].send(message(), "me")


async def test_the_password_of_a_url_goes_to_its_own_server(tmp_path: Path) -> None:
    operating = Operating.model_validate({"email": {"user": "me@example.com"}})
    with mail_server.serving() as mail:
        url = f"smtp://me%40example.com:an%20app%20password@{mail.host}:{mail.port}"
        secrets = Secrets(
            tmp_path, smtp_url=SecretStr(url), smtp_password=SecretStr("another")
        )
        async with open_channels(secrets, operating, FixedClock()) as channels:
            await channels["email"].send(message(), "c@example.com")

    assert [(one.user, one.to) for one in mail.letters] == [
        (mail_server.USER, ("c@example.com",))
    ]


async def test_everybody_is_reached_by_name(tmp_path: Path) -> None:
    (tmp_path / "chart.png").write_bytes(PNG)
    with (
        telegram_server.serving() as telegram,
        mail_server.serving() as mail,
        webhook_server.serving() as hook,
    ):
        secrets = Secrets(
            tmp_path,
            telegram_token=SecretStr(telegram_server.TOKEN),
            telegram_base_url=telegram.base,
            webhook_secret=SecretStr("a secret"),
            apprise_urls=SecretStr(f"own={hook.base.replace('http', 'json')}/own"),
        )
        operating = Operating.model_validate(
            {
                "email": {
                    "host": mail.host,
                    "port": mail.port,
                    "security": "none",
                    "sender": "alerts@example.com",
                },
                "recipients": [
                    {"name": "A", "channel": "telegram", "to": "-100", "thread": 7},
                    {"name": "B", "channel": "telegram", "to": "-100", "thread": 8},
                    {"name": "C", "channel": "email", "to": "c@example.com"},
                    {"name": "D", "channel": "webhook", "to": f"{hook.base}/d"},
                    {"name": "E", "channel": "apprise", "to": "own"},
                ],
            }
        )
        async with open_channels(secrets, operating, FixedClock()) as channels:
            for one in operating.recipients:
                sent = message(chart="chart.png")
                receipt = await channels[one.channel.value].send(sent, one.name)
                assert receipt.note is None

    assert [(kept.chat, kept.thread) for kept in telegram.messages] == [
        ("-100", 7),
        ("-100", "7"),
        ("-100", 8),
        ("-100", "8"),
    ]
    assert [letter.to for letter in mail.letters] == [("c@example.com",)]
    assert [one.path for one in hook.requests] == ["/d", "/own"]


def test_urls_have_names() -> None:
    said = f"a={URL}\n  b=tgram://x/y?a=b\tc={URL}=\n"

    assert named_urls(said) == {"a": URL, "b": "tgram://x/y?a=b", "c": f"{URL}="}


@pytest.mark.parametrize(
    "said", [URL, f"a={URL} {URL}", "a=", f"={URL}", f"a={URL} a={URL}"]
)
async def test_urls_that_cannot_be_used_are_not_shown(
    said: str, tmp_path: Path
) -> None:
    with pytest.raises(UnusableVariableError) as raised:
        named_urls(said)
    assert "wordnobody" not in f"{raised.value.sentence} {raised.value.hint}"

    secrets = Secrets(tmp_path, apprise_urls=SecretStr(said))
    async with open_channels(secrets, Operating()) as channels:
        with pytest.raises(ChannelUnsetError) as unset:
            await channels["apprise"].send(message(), "a")
    assert "DEXTER_APPRISE_URLS" in unset.value.hint
    assert "wordnobody" not in unset.value.hint
