"""Other services through apprise: yes, no or nobody knows, and no URL in any log."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator

import pytest
from apprise import Apprise

from dexter.alerts.addressed import Address
from dexter.alerts.other import Other
from dexter.errors import (
    ChannelDownError,
    ChannelUnsetError,
    DeliveryError,
    ReplyLostError,
)
from tests.alerts.making import message
from tests.alerts.webhook_server import Say, WebhookServer, serving

ADDRESSES = {"desk": Address("chat"), "odd": Address("broken"), "gone": Address("gone")}
SECRET = "wordnobodyshouldread"  # noqa: S105 - made up


@pytest.fixture
def server() -> Iterator[WebhookServer]:
    with serving() as running:
        yield running


@pytest.fixture
async def channel(server: WebhookServer) -> AsyncIterator[Other]:
    url = server.base.replace("http://", f"json://me:{SECRET}@") + f"/{SECRET}"
    opened = Other({"chat": url, "broken": f"nothing://{SECRET}"}, ADDRESSES, 2)
    yield opened
    await opened.close()


async def test_a_service_gets_a_title_and_plain_text(
    server: WebhookServer, channel: Other
) -> None:
    receipt = await channel.send(message(), "desk")

    said = server.requests[0].document
    assert said["title"] == "[HIGH] Mahindra <& Sons> Limited (M&M) Q1 FY26"
    assert "P(upper circuit within 3 sessions): 12.3%" in said["message"]
    assert receipt.id is None


@pytest.mark.parametrize("answer", [Say(500), Say(404), Say(429)])
async def test_no_is_no(answer: Say, server: WebhookServer, channel: Other) -> None:
    server.say([answer])

    with pytest.raises(ChannelDownError):
        await channel.send(message(), "desk")

    assert len(server.requests) == 1


async def test_a_name_without_a_url_is_unset(channel: Other) -> None:
    with pytest.raises(ChannelUnsetError) as raised:
        await channel.send(message(), "gone")

    assert "DEXTER_APPRISE_URLS" in raised.value.hint


async def test_a_url_of_no_service_is_the_operators_to_mend(channel: Other) -> None:
    with pytest.raises(ChannelDownError, match="DEXTER_APPRISE_URLS"):
        await channel.send(message(), "odd")


async def test_a_service_that_breaks_may_have_it(
    channel: Other, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(*_: object, **__: object) -> bool:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(Apprise, "async_notify", breaks)

    with pytest.raises(ReplyLostError) as raised:
        await channel.send(message(), "desk")

    assert SECRET not in str(raised.value)
    assert raised.value.__context__ is None


async def test_a_service_that_does_not_answer_may_have_it(
    channel: Other, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hangs(*_: object, **__: object) -> bool:
        await asyncio.Event().wait()
        return True

    monkeypatch.setattr(Apprise, "async_notify", hangs)
    channel._seconds = 0.05

    with pytest.raises(ReplyLostError):
        await channel.send(message(), "desk")


@pytest.mark.parametrize("recipient", ["desk", "odd", "gone"])
@pytest.mark.parametrize("answer", [Say(), Say(500), Say(how="cut")])
async def test_no_url_is_logged_or_printed(
    recipient: str,
    answer: Say,
    server: WebhookServer,
    channel: Other,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    server.say([answer])
    told = ""

    try:
        await channel.send(message(), recipient)
    except (DeliveryError, ChannelUnsetError) as error:
        told = f"{error.sentence} {error.hint}"

    assert SECRET not in caplog.text + told + "".join(capsys.readouterr())


async def test_its_logs_speak_again_afterwards(
    channel: Other, caplog: pytest.LogCaptureFixture
) -> None:
    await channel.send(message(), "desk")
    await channel.close()

    logging.getLogger("apprise").warning("a word of somebody else's")

    assert "somebody else's" in caplog.text
