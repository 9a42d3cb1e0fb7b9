"""A webhook: signed JSON that anyone can check, and what each answer is taken for."""

import hashlib
import hmac
import json
import logging
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from dexter.alerts.addressed import Address
from dexter.alerts.post import Poster
from dexter.alerts.webhook import Webhook
from dexter.domain.alert import Alert
from dexter.errors import (
    ChannelBusyError,
    ChannelDownError,
    ChannelRefusedError,
    DeliveryError,
    ReplyLostError,
)
from tests.alerts.making import NOW, FixedClock, alert, message, notice
from tests.alerts.webhook_server import Got, Say, WebhookServer, serving

SECRET = "a secret of the two of us"  # noqa: S105 - made up
DOCS = Path(__file__).resolve().parents[2] / "docs" / "delivery.md"
ANSWERS = [
    (Say(301, {"Location": "/elsewhere"}), ChannelRefusedError),
    (Say(307, {"Location": "/elsewhere"}), ChannelRefusedError),
    (Say(400), ChannelRefusedError),
    (Say(401), ChannelRefusedError),
    (Say(404), ChannelRefusedError),
    (Say(408), ChannelDownError),
    (Say(410), ChannelRefusedError),
    (Say(425), ChannelDownError),
    (Say(429), ChannelBusyError),
    (Say(500), ChannelDownError),
    (Say(502), ChannelDownError),
    (Say(503), ChannelDownError),
    (Say(503, {"Retry-After": "9"}), ChannelBusyError),
    (Say(how="cut"), ReplyLostError),
    (Say(how="slow"), ReplyLostError),
    (Say(how="drip"), ReplyLostError),
]


@pytest.fixture
def server() -> Iterator[WebhookServer]:
    with serving() as running:
        yield running


@pytest.fixture
async def channel(server: WebhookServer) -> AsyncIterator[Webhook]:
    addresses = {"desk": Address(f"{server.base}/hook?key=hidden")}
    opened = Webhook(
        SECRET, addresses, FixedClock(), Poster(seconds=0.3, connecting=0.2)
    )
    yield opened
    await opened.close()


async def test_an_alert_is_posted_whole(
    server: WebhookServer, channel: Webhook
) -> None:
    sent = message("alert:A:v2/desk", version=2, amends=("it changed",))
    receipt = await channel.send(sent, "desk")

    (got,) = server.requests
    said = got.document
    assert got.path == "/hook?key=hidden"
    assert got.headers["Content-Type"] == "application/json"
    assert got.headers["Idempotency-Key"] == "alert:A:v2/desk"
    assert TypeAdapter(Alert).validate_python(said.pop("alert")) == alert()
    assert said == {
        "kind": "alert",
        "key": "alert:A:v2/desk",
        "version": 2,
        "repeat": False,
        "amends": ["it changed"],
        "notice": None,
    }
    assert receipt.id is None


async def test_figures_are_text_and_what_is_unknown_is_null(
    server: WebhookServer, channel: Webhook
) -> None:
    await channel.send(message(), "desk")

    said = server.requests[0].document["alert"]
    quality = said["blockbuster"]["components"]["quality"]
    assert said["prediction"]["probability"] == "0.1234"
    assert quality["percentile"] is None
    assert quality["reason"]
    assert said["published_at"] == "2025-07-14T18:05:30+05:30"


async def test_a_notice_is_one(server: WebhookServer, channel: Webhook) -> None:
    await channel.send(notice("nothing came"), "desk")

    said = server.requests[0].document
    assert (said["kind"], said["alert"]) == ("notice", None)
    assert said["notice"]["lines"] == ["nothing came"]


def checked(got: Got, secret: str) -> bool:
    """As the page of deliveries says to check, in other words."""
    found = re.fullmatch(
        r"t=(\d+),v1=([0-9a-f]{64})", got.headers["X-Dexter-Signature"]
    )
    assert found is not None
    body = found[1].encode() + b"." + got.body
    due = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return due == found[2] and int(found[1]) == int(NOW.timestamp())


async def test_what_is_posted_is_signed(
    server: WebhookServer, channel: Webhook
) -> None:
    await channel.send(message(), "desk")

    (got,) = server.requests
    assert checked(got, SECRET)
    assert not checked(got, "another secret")
    assert not checked(replace(got, body=got.body + b" "), SECRET)


async def test_the_documented_check_checks(
    server: WebhookServer, channel: Webhook
) -> None:
    await channel.send(message(), "desk")
    (got,) = server.requests
    snippet = re.search(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    assert snippet is not None
    named: dict[str, object] = {}
    exec(snippet[1], named)  # noqa: S102 - our own page
    genuine = named["genuine"]
    assert callable(genuine)

    head, now = got.headers["X-Dexter-Signature"], int(NOW.timestamp())

    assert genuine(SECRET, head, got.body, now + 200)
    assert not genuine(SECRET, head, got.body, now + 400), "too old"
    assert not genuine(SECRET, head, got.body + b" ", now)
    assert not genuine("another", head, got.body, now)
    assert not genuine(SECRET, "nonsense", got.body, now)


@pytest.mark.parametrize(
    ("answer", "kind"),
    ANSWERS,
    ids=[f"{a.how or a.status}-{k.__name__}" for a, k in ANSWERS],
)
async def test_each_answer_is_taken_for_one_thing(
    answer: Say, kind: type[DeliveryError], server: WebhookServer, channel: Webhook
) -> None:
    server.say([answer])

    with pytest.raises(DeliveryError) as raised:
        await channel.send(message(), "desk")

    assert type(raised.value) is kind
    assert len(server.requests) == 1, "no redirect is followed, nothing tried again"
    assert raised.value.__context__ is None


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_every_2xx_is_taken_for_yes(
    status: int, server: WebhookServer, channel: Webhook
) -> None:
    server.say([Say(status, body=b"")])

    await channel.send(message(), "desk")

    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("9", 9),
        ("0", 1),
        ("Mon, 14 Jul 2025 12:52:00 GMT", 120),
        ("Mon, 14 Jul 2025 12:00:00 GMT", 1),
        ("soon", 60),
        ("nan", 60),
        ("inf", 60),
        ("-5", 1),
        ("Mon, 14 Jul 2025 12:52:00 +99999999999999999", 60),
        ("Mon, 14 Jul 99999999999999999999 12:52:00 GMT", 60),
    ],
)
async def test_a_wait_is_as_long_as_it_was_asked_for(
    said: str, seconds: float, server: WebhookServer, channel: Webhook
) -> None:
    server.say([Say(429, {"Retry-After": said})])

    with pytest.raises(ChannelBusyError) as raised:
        await channel.send(message(), "desk")

    assert raised.value.seconds == seconds


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:1/", "nowhere", "ftp://127.0.0.1/", "http://", "http://[::1/"],
)
async def test_an_address_that_cannot_be_reached_took_nothing(
    url: str, channel: Webhook
) -> None:
    with pytest.raises(ChannelDownError):
        await channel.send(message(), url)


async def test_every_try_has_the_same_idempotency_key(
    server: WebhookServer, channel: Webhook
) -> None:
    await channel.send(message("clé\n1"), "desk")
    await channel.send(message("clé\n1", repeat=True), "desk")

    first, second = server.requests
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
    assert [one.document["repeat"] for one in server.requests] == [False, True]


@pytest.mark.parametrize("answer", [Say(), Say(500), Say(how="cut")])
async def test_neither_secret_nor_address_is_logged(
    answer: Say,
    server: WebhookServer,
    channel: Webhook,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    server.say([answer])
    told = ""

    try:
        await channel.send(message(), "desk")
    except DeliveryError as error:
        told = f"{error.sentence} {error.hint}"

    assert "hidden" not in caplog.text + told
    assert SECRET not in caplog.text + json.dumps(server.requests[0].document)
