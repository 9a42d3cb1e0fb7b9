"""dexter alerts outbox: what waits, what went, and a dead letter taken up again."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from dexter.domain.delivery import Posting, Receipt
from dexter.operating import FILE
from dexter.store.database import Database
from dexter.store.outbox import Outbox
from pipelines.daily.sole import sole
from tests.alerts.telegram_server import TelegramServer, serving
from tests.cli.terminal import Terminal, failed_document, refused
from tests.store.making_outbox import NOW, letter, notice

ME = """
[[recipients]]
name = "me"
channel = "telegram"
to = 4242
"""


@pytest.fixture
def telegram(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TelegramServer]:
    """A home that knows one chat of a loopback Telegram."""
    home = tmp_path / "home"
    home.mkdir()
    (home / FILE).write_text(ME)
    monkeypatch.chdir(home)
    monkeypatch.setenv("DEXTER_HOME", str(home))
    monkeypatch.setenv("DEXTER_SOURCE_PACE", "0")
    monkeypatch.setenv("COLUMNS", "120")
    with serving() as server:
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        yield server


def put(*postings: Posting) -> None:
    database = Database.open(Path.cwd())
    Outbox(database).post(postings, NOW)
    database.close()


def test_an_empty_outbox_says_so(dexter: Terminal, telegram: TelegramServer) -> None:
    del telegram
    assert dexter("alerts", "outbox").out == "the outbox is empty\n"
    document = dexter("alerts", "outbox", "--json").document
    assert document == {
        "deliveries": [],
        "counts": {},
        "dead_letters": 0,
        "again": None,
        "sent": None,
    }


def test_send_delivers_what_is_due_and_says_what_came_of_it(
    dexter: Terminal, telegram: TelegramServer
) -> None:
    put(letter(), notice())
    said = dexter("alerts", "outbox", "--send", "--json")
    assert said.code == 0
    assert len(telegram.of(4242)) == 2
    assert said.document["sent"] == {
        "did": {"telegram": {"sent": 2}},
        "elsewhere": False,
        "next_due": None,
    }
    one = said.document["deliveries"][-1]
    assert one["state"] == "sent"
    assert one["receipt"]
    assert one["sent_at"].endswith("+05:30")
    again = dexter("alerts", "outbox", "--send")
    assert again.code == 0
    assert "nothing was due" in again.out
    assert len(telegram.of(4242)) == 2


def test_a_dead_letter_is_shown_and_taken_up_again(
    dexter: Terminal, telegram: TelegramServer
) -> None:
    put(letter())
    telegram.script(["no_chat"])
    said = dexter("alerts", "outbox", "--send")
    assert said.code == 3
    assert "telegram: 1 given up" in said.out
    assert "1 dead letter; " in said.out
    shown = dexter("alerts", "outbox", "--json").document
    (one,) = shown["deliveries"]
    assert (one["state"], one["dead_letter"], one["attempts"]) == ("dead", True, 1)
    assert "chat not found" in one["reason"]
    again = dexter("alerts", "outbox", "--again", one["item"], "--send", "--json")
    assert again.document["again"] == 1
    assert again.document["counts"] == {"telegram": {"sent": 1}}
    refused(dexter("alerts", "outbox", "--again", one["item"]), 2)
    failed_document(dexter("alerts", "outbox", "--again", "nobody", "--json"), 2)


def test_a_lost_reply_is_shown_as_unknown(
    dexter: Terminal, telegram: TelegramServer
) -> None:
    put(letter())
    telegram.script(["cut_after"])
    said = dexter("alerts", "outbox", "--send")
    assert said.code == 3
    assert "telegram: 1 without an answer" in said.out
    assert "1 unknown" in said.out
    assert dexter("alerts", "outbox").code == 0


def test_while_another_delivers_nothing_is_done_and_it_says_so(
    dexter: Terminal, telegram: TelegramServer
) -> None:
    put(letter())
    with sole(Path.cwd()):
        said = dexter("alerts", "outbox", "--send")
    assert said.code == 3
    assert "another process is delivering" in said.out
    assert telegram.messages == ()


def test_the_table_shows_all_that_waits_and_the_latest_that_went(
    dexter: Terminal, telegram: TelegramServer
) -> None:
    del telegram
    put(*(letter(f"S{n:02}") for n in range(25)), letter("A[red]"))
    database = Database.open(Path.cwd())
    outbox = Outbox(database)
    first, second, *rows = outbox.all()
    for number, row in enumerate(rows):
        begun = outbox.begin(row, NOW)
        assert begun is not None
        outbox.sent(begun, Receipt(), NOW + timedelta(minutes=number))
    outbox.dead(second, NOW, "chat not found")
    database.close()
    out = dexter("alerts", "outbox").out
    assert first.item.startswith("A[red]")
    assert "A[red]-2024-06-30-standalone" in out
    assert "due 15 May 18:30" in out
    assert "chat not found" in out
    assert "S02-" not in out
    assert "S24-" in out
    assert "and 4 sent before" in out
    assert "1 pending, 1 dead, 24 sent" in out
