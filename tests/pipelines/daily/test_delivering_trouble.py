"""A database that cannot be written, and letters nobody takes."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from dexter.domain.delivered import Outcome
from dexter.domain.delivery import Delivery, DeliveryState, Message, Receipt
from dexter.errors import ChannelRefusedError, DiskFullError, StoreError
from dexter.store.outbox import Outbox
from pipelines.daily.sole import LOCK, sole
from tests.pipelines.daily.outbox_scenes import HOUR, Scene, Scripted, operating, person
from tests.store.making_outbox import letter

PENDING, SENDING, SENT, UNKNOWN, DEAD = DeliveryState
REFUSED = ChannelRefusedError("chat not found")


def full(error: StoreError) -> Callable[..., Delivery]:
    def fails(*_: object, **__: object) -> Delivery:
        raise error

    return fails


async def test_nothing_is_sent_whose_intent_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    telegram, email = Scripted("telegram"), Scripted("email")
    scene = Scene(tmp_path, telegram, email)
    scene.put(letter(), letter(channel="email", recipient="post"))
    with monkeypatch.context() as broken:
        broken.setattr(Outbox, "begin", full(DiskFullError(tmp_path, "full")))
        with pytest.raises(DiskFullError):
            await scene.deliver()
    assert telegram.got == email.got == []
    assert set(scene.states().values()) == {PENDING}
    await scene.deliver()
    assert set(scene.states().values()) == {SENT}


async def test_after_the_first_failure_no_other_intent_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def fails(_: Outbox, row: Delivery, now: object) -> Delivery:
        del now
        tried.append(row.recipient)
        raise DiskFullError(tmp_path, "full")

    names = [f"r{n}" for n in range(12)]
    scene = Scene(tmp_path, Scripted("telegram"))
    scene.operating = operating(*map(person, names))
    scene.put(*(letter(recipient=name) for name in names))
    monkeypatch.setattr(Outbox, "begin", fails)
    with pytest.raises(DiskFullError):
        await scene.deliver()
    assert len(tried) == 1


async def test_when_stopped_a_write_under_way_comes_to_its_end_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent, entered, go = Outbox.sent, asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def slow(self: Outbox, row: Delivery, *rest: object) -> Delivery | None:
        loop.call_soon_threadsafe(entered.set)
        assert go.wait(30)
        return sent(self, row, *rest)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(Outbox, "sent", slow)
    scene = Scene(tmp_path, Scripted("telegram"))
    scene.put(letter())
    delivering = asyncio.create_task(scene.deliver())
    await entered.wait()
    delivering.cancel()
    for _ in range(5):
        await asyncio.sleep(0)
    # The lock is held until the receipt is kept.
    assert (await scene.deliver()).elsewhere
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await delivering
    assert scene.states() == {"HCL1 me": SENT}


async def test_a_receipt_that_cannot_be_kept_makes_a_repeat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    telegram = Scripted("telegram")
    scene = Scene(tmp_path, telegram)
    scene.put(letter("A"), letter("B"))
    with monkeypatch.context() as broken:
        broken.setattr(Outbox, "sent", full(DiskFullError(tmp_path, "full")))
        with pytest.raises(DiskFullError):
            await scene.deliver()
    # The second was not begun any more.
    assert scene.states() == {"A1 me": SENDING, "B1 me": PENDING}
    await scene.deliver(HOUR)
    told = [(m.alert.symbol, m.repeat) for _, m in telegram.got if m.alert]
    assert told == [("A", False), ("B", False), ("A", True)]


async def test_what_is_under_way_when_trouble_comes_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = Outbox.begin
    begun: list[str] = []

    def second_fails(self: Outbox, row: Delivery, now: object) -> Delivery | None:
        begun.append(row.recipient)
        if len(begun) == 2:
            raise DiskFullError(tmp_path, "full")
        return begin(self, row, now)  # type: ignore[arg-type]  # a moment

    telegram = Scripted("telegram")
    scene = Scene(tmp_path, telegram)
    scene.put(letter(), letter(recipient="desk"))
    monkeypatch.setattr(Outbox, "begin", second_fails)
    with pytest.raises(DiskFullError):
        await scene.deliver()
    assert sorted(scene.states().values()) == [PENDING, SENT]
    assert scene.outbox.orphans() == ()


async def test_an_io_error_stops_at_once_and_leaves_the_receipt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fails at the receipt: what it says afterwards is not believed."""

    class Sick(sqlite3.Connection):
        commits = 0
        fails_at = 0

        def commit(self) -> None:
            Sick.commits += self.in_transaction
            if Sick.commits == Sick.fails_at:
                error = sqlite3.OperationalError("disk I/O error")
                error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
                raise error
            super().commit()

    connect = sqlite3.connect
    monkeypatch.setattr(
        "sqlite3.dbapi2.connect",
        lambda *args, **named: connect(*args, **named, factory=Sick),
    )
    telegram = Scripted("telegram")
    scene = Scene(tmp_path, telegram)
    scene.put(
        *(letter(f"S{n}", recipient=who) for n in range(3) for who in ("me", "desk"))
    )
    # The pass's own, one begin, and its receipt.
    Sick.fails_at = Sick.commits + 3
    with pytest.raises(DiskFullError, match="disk I/O error"):
        await scene.deliver()
    Sick.fails_at = 0
    sends = len(telegram.got)
    assert sends <= 2
    states = list(scene.states().values())
    assert states.count(SENDING) == sends
    assert states.count(PENDING) == 6 - sends
    await scene.deliver(HOUR)
    assert set(scene.states().values()) == {SENT}
    assert sum(message.repeat for _, message in telegram.got) == sends


async def test_a_fault_of_ours_lets_others_finish_and_is_not_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = Outbox.message

    def breaks(self: Outbox, key: tuple[object, ...]) -> Message:
        if "me" in key:
            raise ZeroDivisionError
        return message(self, key)  # type: ignore[arg-type]  # a key

    monkeypatch.setattr(Outbox, "message", breaks)
    scene = Scene(tmp_path, Scripted("telegram"))
    scene.put(letter(), letter(recipient="desk"))
    with pytest.raises(ZeroDivisionError):
        await scene.deliver()
    assert SENDING not in scene.states().values()


async def test_dead_letters_are_told_to_another_channel_once(tmp_path: Path) -> None:
    telegram = Scripted("telegram", me=[REFUSED] * 9, desk=[REFUSED] * 9)
    email = Scripted("email")
    scene = Scene(tmp_path, telegram, email)
    scene.put(letter("A"), letter("B"), letter("C", recipient="desk"))
    summary = await scene.deliver()
    assert summary.dead_letters == 3
    heard = {who: m.notice for who, m in email.got if m.notice}
    assert len(email.got) == 2
    assert set(heard) == {"post"}
    titles = sorted(m.notice.title for _, m in email.got if m.notice)
    assert titles == [
        "desk could not be reached by telegram on 15 May 2025",
        "me could not be reached by telegram on 15 May 2025",
    ]
    scene.put(letter("D"))
    await scene.deliver()
    assert len(email.got) == 2
    scene.clock.at += 24 * HOUR
    scene.put(letter("E", due_at=scene.clock.at))
    await scene.deliver()
    notice = email.got[-1][1].notice
    assert len(email.got) == 3
    assert notice is not None
    assert any("chat not found" in line for line in notice.lines)
    assert "16 May" in notice.title


async def test_where_one_channel_is_all_there_is_the_others_of_it_are_told(
    tmp_path: Path,
) -> None:
    telegram = Scripted("telegram", me=[REFUSED] * 9)
    scene = Scene(tmp_path, telegram)
    scene.operating = operating(person("me"), person("desk"))
    scene.put(letter())
    await scene.deliver()
    assert [who for who, _ in telegram.got] == ["me", "desk"]


async def test_news_of_dead_letters_that_dies_makes_no_further_news(
    tmp_path: Path,
) -> None:
    telegram = Scripted("telegram", me=[REFUSED] * 9)
    email = Scripted("email", post=[REFUSED] * 9)
    scene = Scene(tmp_path, telegram, email)
    scene.operating = operating(person("me"), person("post", "email"))
    scene.put(letter())
    summary = await scene.deliver()
    assert summary.did == {
        "email": {Outcome.DEAD: 1},
        "telegram": {Outcome.DEAD: 1},
    }
    assert summary.dead_letters == 2


async def test_who_wants_no_notices_gets_none(tmp_path: Path) -> None:
    telegram, email = Scripted("telegram", me=[REFUSED]), Scripted("email")
    scene = Scene(tmp_path, telegram, email)
    scene.operating = operating(person("me"), person("post", "email", notices=False))
    scene.put(letter())
    await scene.deliver()
    assert email.got == []


def test_the_lock_is_free_when_its_holder_is_gone(tmp_path: Path) -> None:
    for _ in range(2):
        with sole(tmp_path) as ours, sole(tmp_path) as also:
            assert (ours, also) == (True, False)
    assert (tmp_path / LOCK).exists()


async def test_a_channels_own_receipt_is_kept_as_words(tmp_path: Path) -> None:
    numbered = Receipt(42)  # type: ignore[arg-type]  # what a channel may get wrong
    scene = Scene(tmp_path, Scripted("telegram", me=[numbered]))
    scene.put(letter())
    await scene.deliver()
    assert scene.row("HCL1 me").receipt == "42"
