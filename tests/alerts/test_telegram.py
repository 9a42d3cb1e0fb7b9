"""Telegram: what it takes, and which of the four ways each failure is."""

import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from traceback import TracebackException

import pytest

from dexter.alerts.addressed import Address
from dexter.alerts.pace import Pace
from dexter.alerts.post import Poster
from dexter.alerts.telegram import Telegram
from dexter.domain.alert import Priority
from dexter.errors import (
    ChannelBusyError,
    ChannelDownError,
    ChannelRefusedError,
    DeliveryError,
    ReplyLostError,
)
from tests.alerts.making import PNG, alert, message, notice
from tests.alerts.telegram_server import (
    KINDS,
    TAKEN,
    TOKEN,
    Chances,
    Fault,
    TelegramServer,
    serving,
)

GROUP = "-1001234567890"
ADDRESSES = {"desk": Address(GROUP, 7), "me": Address("42")}
ENDS = {
    "busy": ChannelBusyError,
    "blocked": ChannelRefusedError,
    "no_chat": ChannelRefusedError,
    "migrated": ChannelRefusedError,
    "unauthorized": ChannelDownError,
    "error": ChannelDownError,
    "page": ReplyLostError,
    "gateway": ReplyLostError,
    "cut": ReplyLostError,
    "gateway_after": ReplyLostError,
    "cut_after": ReplyLostError,
    "torn": ReplyLostError,
    "slow": ReplyLostError,
}


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    with serving() as running:
        yield running


def telegram(server: TelegramServer, home: Path, token: str = TOKEN) -> Telegram:
    return Telegram(
        token, ADDRESSES, home, Pace(factor=0), Poster(seconds=0.3), server.base
    )


@pytest.fixture
async def channel(server: TelegramServer, tmp_path: Path) -> AsyncIterator[Telegram]:
    opened = telegram(server, tmp_path)
    yield opened
    await opened.close()


async def test_a_card_arrives_in_one_piece(
    server: TelegramServer, channel: Telegram
) -> None:
    receipt = await channel.send(message(), "desk")

    (kept,) = server.messages
    assert receipt.id == str(kept.number)
    assert receipt.note is None
    assert (kept.chat, kept.thread) == (GROUP, 7)
    assert kept.body["link_preview_options"] == {"is_disabled": True}
    assert "HIGH · Mahindra <& Sons> Limited (M&M)" in kept.text


async def test_a_recipient_unknown_by_name_is_the_chat_itself(
    server: TelegramServer, channel: Telegram
) -> None:
    await channel.send(notice("nothing"), "@somewhere")

    assert [(one.chat, one.thread) for one in server.messages] == [("@somewhere", None)]


async def test_what_is_least_urgent_makes_no_sound(
    server: TelegramServer, channel: Telegram
) -> None:
    for priority in (Priority.LOW, Priority.MEDIUM):
        await channel.send(message(alert=alert(priority=priority)), "me")

    quiet = [one.body["disable_notification"] for one in server.messages]
    assert quiet == [True, False]


@pytest.mark.parametrize("kind", KINDS)
async def test_each_failure_is_one_of_four(
    kind: str, server: TelegramServer, channel: Telegram
) -> None:
    server.script([kind])

    with pytest.raises(DeliveryError) as raised:
        await channel.send(message(), "me")

    assert type(raised.value) is ENDS[kind]
    assert bool(server.messages) is (kind in TAKEN)
    assert server.requests == 1, "nothing is tried again in here"


def test_nothing_that_was_taken_is_called_untaken() -> None:
    assert {ENDS[kind] for kind in TAKEN} == {ReplyLostError}


async def test_being_busy_says_for_how_long(
    server: TelegramServer, channel: Telegram
) -> None:
    server.script([Fault("busy", retry_after=37)])

    with pytest.raises(ChannelBusyError) as raised:
        await channel.send(message(), "me")

    assert raised.value.seconds == 37


async def test_a_group_that_moved_is_named(
    server: TelegramServer, channel: Telegram
) -> None:
    server.script([Fault("migrated", moved_to=-1009)])

    with pytest.raises(ChannelRefusedError) as raised:
        await channel.send(message(), "desk")

    assert "-1009" in raised.value.hint


async def test_nobody_listening_means_nothing_was_sent(tmp_path: Path) -> None:
    with serving() as server:
        gone = telegram(server, tmp_path)
    with pytest.raises(ChannelDownError):
        await gone.send(message(), "me")
    await gone.close()


@pytest.mark.parametrize("token", ["7000000002:" + "A" * 35, "no token"])
async def test_a_token_nobody_gave_kills_no_letter(
    token: str, server: TelegramServer, tmp_path: Path
) -> None:
    channel = telegram(server, tmp_path, token)

    with pytest.raises(ChannelDownError) as raised:
        await channel.send(message(), "me")

    assert "DEXTER_TELEGRAM_TOKEN" in raised.value.hint
    await channel.close()


@pytest.mark.parametrize("kind", [*KINDS, "nobody"])
async def test_the_token_is_nowhere_to_be_read(
    kind: str,
    server: TelegramServer,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    channel = telegram(server, tmp_path)
    if kind == "nobody":
        channel._base = "http://127.0.0.1:1"
    server.script([kind] if kind in KINDS else [])

    with pytest.raises(DeliveryError) as raised:
        await channel.send(message(), "me")

    whole = TracebackException.from_exception(raised.value, capture_locals=True)
    told = "".join([*whole.format(), raised.value.hint, *capsys.readouterr()])
    assert TOKEN not in told
    assert TOKEN not in caplog.text
    assert kind in {"nobody", "slow", "torn", "cut", "cut_after"} or (
        "/bot•••/sendMessage" in caplog.text
    ), "the client does log the address"
    assert raised.value.__context__ is None
    await channel.close()


async def test_what_was_sent_leaves_no_token_in_the_log(
    channel: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    await channel.send(message(), "me")

    assert "/bot•••/sendMessage" in caplog.text
    assert TOKEN not in caplog.text


LONG = tuple(f"{number}: {'words and more words ' * 20}" for number in range(30))


async def test_an_overlong_message_comes_in_parts(
    server: TelegramServer, channel: Telegram
) -> None:
    receipt = await channel.send(message(alert=alert(reasons=LONG)), "me")

    assert len(server.messages) > 2
    assert receipt.id == "1"
    assert [text in server.messages[0].text for text in ("P(upper", "0: words")] == [
        True,
        True,
    ]


@pytest.mark.parametrize("kind", ["busy", "blocked", "error", "cut"])
async def test_a_part_that_fails_behind_another_leaves_it_unknown(
    kind: str, server: TelegramServer, channel: Telegram
) -> None:
    server.script([None, kind])

    with pytest.raises(ReplyLostError, match="part 2 of"):
        await channel.send(message(alert=alert(reasons=LONG)), "me")

    assert len(server.messages) == 1


async def test_the_chart_follows_its_message(
    server: TelegramServer, channel: Telegram, tmp_path: Path
) -> None:
    (tmp_path / "charts").mkdir()
    (tmp_path / "charts" / "one.png").write_bytes(PNG)

    receipt = await channel.send(message(chart="charts/one.png"), "desk")

    text, photo = server.messages
    assert (text.method, photo.method) == ("sendMessage", "sendPhoto")
    assert (photo.chat, photo.body["message_thread_id"]) == (GROUP, "7")
    assert photo.photo == PNG
    assert photo.text.startswith("[HIGH] Mahindra <& Sons> Limited")
    assert receipt.note is None


@pytest.mark.parametrize("kind", ["error", "cut", "busy", "blocked"])
async def test_a_chart_that_fails_leaves_the_message_sent(
    kind: str, server: TelegramServer, channel: Telegram, tmp_path: Path
) -> None:
    (tmp_path / "one.png").write_bytes(PNG)
    server.script([None, kind])

    receipt = await channel.send(message(chart="one.png"), "me")

    assert receipt.id == "1"
    assert "chart did not go along" in (receipt.note or "")


@pytest.mark.parametrize("chart", ["gone.png", "../one.png", "text.png", "/etc/hosts"])
async def test_no_other_file_is_sent_for_a_chart(
    chart: str, server: TelegramServer, channel: Telegram, tmp_path: Path
) -> None:
    (tmp_path / "text.png").write_text("no picture")
    (tmp_path.parent / "one.png").write_bytes(PNG)

    receipt = await channel.send(message(chart=chart), "me")

    assert [one.method for one in server.messages] == ["sendMessage"]
    assert receipt.note is not None


async def test_the_same_message_twice_is_there_twice(
    server: TelegramServer, channel: Telegram
) -> None:
    await channel.send(message(), "me")
    await channel.send(replace(message(), repeat=True), "me")

    first, second = server.of(42)
    assert "POSSIBLE REPEAT" not in first.text
    assert second.text.startswith("⚠ POSSIBLE REPEAT")


async def test_by_chance_no_outcome_ever_lies(
    server: TelegramServer, channel: Telegram
) -> None:
    quick = tuple(kind for kind in KINDS if kind != "slow")
    server.chances = Chances(seed=7, every=2, kinds=quick)
    seen = Counter[str]()

    for number in range(300):
        before = len(server.messages)
        try:
            await channel.send(notice(str(number)), "me")
            came: type[Exception] | None = None
        except DeliveryError as error:
            came = type(error)
        taken = len(server.messages) - before
        if came is not ReplyLostError:
            assert taken == (came is None)
        seen[f"{came.__name__ if came else 'sent'} {taken}"] += 1

    assert set(seen) == {
        "sent 1",
        "ChannelRefusedError 0",
        "ChannelBusyError 0",
        "ChannelDownError 0",
        "ReplyLostError 0",
        "ReplyLostError 1",
    }
