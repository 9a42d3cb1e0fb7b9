"""Answers the Bot API gives seldom, and those of somebody in between."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from dexter.alerts.pace import Pace
from dexter.alerts.post import Poster
from dexter.alerts.telegram import Telegram
from dexter.errors import (
    ChannelBusyError,
    ChannelDownError,
    ChannelRefusedError,
    DeliveryError,
    ReplyLostError,
)
from tests.alerts.making import message
from tests.alerts.telegram_server import TOKEN
from tests.alerts.webhook_server import Say, WebhookServer, serving

PAGE = b"<html><body>Please sign in</body></html>"


def own(status: int, **said: object) -> Say:
    """An answer in the Bot API's own words."""
    return Say(status, body=json.dumps({"ok": False, **said}).encode())


@pytest.fixture
def server() -> Iterator[WebhookServer]:
    with serving() as running:
        yield running


@pytest.fixture
async def channel(server: WebhookServer, tmp_path: Path) -> AsyncIterator[Telegram]:
    opened = Telegram(TOKEN, {}, tmp_path, Pace(0), Poster(1), f"{server.base}/")
    yield opened
    await opened.close()


@pytest.mark.parametrize(
    ("result", "identifier"), [({"message_id": 7}, "7"), ({}, None), (True, None)]
)
async def test_ok_is_sent_with_or_without_a_number(
    result: object, identifier: str | None, server: WebhookServer, channel: Telegram
) -> None:
    server.say([Say(body=json.dumps({"ok": True, "result": result}).encode())])

    assert (await channel.send(message(), "42")).id == identifier


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (own(200, error_code=400), ChannelRefusedError),
        (own(200, error_code=500), ChannelDownError),
        (own(200), ReplyLostError),
        (own(413, description="Request Entity Too Large"), ChannelRefusedError),
        (own(400, error_code="odd", parameters="odd"), ChannelRefusedError),
        (own(500), ChannelDownError),
        (own(503), ChannelDownError),
        (own(502, error_code=502, description="Bad Gateway"), ReplyLostError),
        (own(504, error_code=504), ReplyLostError),
        (Say(200, body=b""), ReplyLostError),
        (Say(200, body=b"[]"), ReplyLostError),
        (Say(200, body=b'{"ok":"yes"}'), ReplyLostError),
        (Say(200, body=b"\xff\xfe"), ReplyLostError),
        (Say(200, body=b"[" * 900_000), ReplyLostError),
        (Say(200, body=b" " * 2_000_000), ReplyLostError),
        (Say(200, {"Content-Encoding": "gzip"}, PAGE), ReplyLostError),
        (Say(204, body=b""), ReplyLostError),
        (Say(302, {"Location": "/login"}, PAGE), ChannelDownError),
        (Say(403, body=PAGE), ChannelDownError),
        (Say(407, body=PAGE), ChannelDownError),
        (Say(500, body=PAGE), ReplyLostError),
        (Say(503, body=PAGE), ReplyLostError),
        (Say(429, {"Retry-After": "5"}, PAGE), ChannelBusyError),
    ],
)
async def test_each_answer_is_taken_for_one_thing(
    answer: Say, kind: type[DeliveryError], server: WebhookServer, channel: Telegram
) -> None:
    server.say([answer])

    with pytest.raises(DeliveryError) as raised:
        await channel.send(message(), "42")

    assert type(raised.value) is kind
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        *((7, 7), (0, 1), (-3, 1), ("8", 8), ("soon", 60), (None, 60), (True, 60)),
        *(
            ([], 60),
            pytest.param(10**400, 60, id="huge"),
            ("14 Jul 2025 12:52 +99999999999999999", 60),
        ),
    ],
)
async def test_a_wait_that_makes_no_sense_is_a_minute(
    said: object, seconds: float, server: WebhookServer, channel: Telegram
) -> None:
    server.say([own(429, error_code=429, parameters={"retry_after": said})])

    with pytest.raises(ChannelBusyError) as raised:
        await channel.send(message(), "42")

    assert raised.value.seconds == seconds


async def test_a_token_that_is_said_back_is_not_repeated(
    server: WebhookServer, channel: Telegram
) -> None:
    server.say([own(400, description=f"Bad Request: /bot{TOKEN}/sendMessage is odd")])

    with pytest.raises(ChannelRefusedError, match="odd") as raised:
        await channel.send(message(), "42")

    assert TOKEN not in raised.value.sentence


async def test_a_long_description_is_cut(
    server: WebhookServer, channel: Telegram
) -> None:
    server.say([own(400, description="x\n" * 10_000)])

    with pytest.raises(ChannelRefusedError) as raised:
        await channel.send(message(), "42")

    assert len(raised.value.sentence) < 400
