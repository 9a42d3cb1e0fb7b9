"""``dexter data tones`` as a person meets it, with its run in the audit trail."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from dexter.store import tables as t
from dexter.store.database import Database
from dexter.store.keeping import keep
from tests.cli.terminal import Terminal, failed_document, refused
from tests.llm.loopback import Loopback
from tests.pipelines.test_tones import ORDER, forgetful, honest
from tests.store.conftest import ist

MODEL = ("--model", "anthropic:claude-opus-4-7")


def announced(home: Path, *titles: str) -> None:
    rows = [
        {
            "digest": str(place),
            "symbol": "KAVCEM",
            "published_at": ist(f"2025-07-24T{10 + place}:00:00"),
            "title": title,
            "text": "",
            "source": "NSE",
            "url": None,
        }
        for place, title in enumerate(titles)
    ]
    with closing(Database.open(home)) as database, database.write() as connection:
        keep(connection, t.news, rows)


@pytest.fixture
def provider(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    """A home with three headlines, and a provider that reads them."""
    announced(home, "Order won", "Auditor [bold]resigns[/]", f"Results. {ORDER}")
    with Loopback(honest) as server:
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test")
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        yield server


@pytest.mark.usefixtures("provider")
def test_headlines_are_read_shown_verified_and_made_again(dexter: Terminal) -> None:
    said = dexter("data", "tones", *MODEL, "--json")
    report = said.document
    assert said.code == 0
    assert (report["read"], report["unread"], report["left"]) == (3, 0, 0)
    assert report["instructions"] == [ORDER]
    assert float(report["usd"]) > 0
    run_id = report["run_id"]
    shown = dexter("runs", "show", run_id)
    assert "-0.50  Auditor [bold]resigns[/]" in shown.out
    told = dexter("runs", "show", run_id, "--json").document["headlines"]
    assert sorted(one["tone"] for one in told) == [-0.5, 0.5, 0.5]
    assert dexter("runs", "verify", run_id).code == 0
    assert "3 headlines read again" in " ".join(
        dexter("runs", "replay", run_id).out.split()
    )
    assert dexter("runs", "replay", run_id, "--json").document["headlines"] == 3
    refused(dexter("runs", "resume", run_id), 2)


def test_what_happened_is_told_to_a_person(
    dexter: Terminal, provider: Loopback
) -> None:
    said = dexter("data", "tones", *MODEL, "--limit", "2")
    words = " ".join(said.out.split())
    assert said.code == 0
    assert "2 headlines read by anthropic:claude-opus-4-7 in 2 calls" in words
    assert f"a headline gives orders: “{ORDER}”" in words
    assert "run 2" in said.err
    dexter("data", "tones", *MODEL)
    again = dexter("data", "tones", *MODEL)
    assert (again.code, len(provider.asked)) == (0, 3)
    assert "no headline that no model has read" in again.out


def test_what_stays_unread_is_said_with_its_own_exit_code(
    dexter: Terminal, home: Path, provider: Loopback
) -> None:
    provider.mind = forgetful
    announced(home, "Zeta wins order", "Zeta")
    said = dexter("data", "tones", *MODEL)
    assert said.code == 3
    assert "1 batches left unread" in said.out
    broke = dexter("data", "tones", *MODEL, "--budget", "0")
    assert broke.code == 3
    assert "not asked about" in broke.out


def test_rules_refuse_in_one_sentence(dexter: Terminal, home: Path) -> None:
    announced(home, "Order won")
    said = dexter("data", "tones")
    refused(said, 2)
    assert "The offline model is rules and cannot read the tone" in said.words
    failed_document(dexter("data", "tones", "--model", "offline", "--json"), 2)


@pytest.mark.usefixtures("home")
def test_a_model_needs_its_key(dexter: Terminal) -> None:
    said = dexter("data", "tones", *MODEL)
    refused(said, 1)
    assert "ANTHROPIC_API_KEY" in said.words
