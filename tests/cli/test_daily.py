"""``dexter daily`` as an operator meets it, on the sample market."""

import fcntl
import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import TypeAdapter

from dexter.domain.alert import Alert
from dexter.domain.daily import DayState, FilingState
from dexter.domain.moment import IST
from dexter.domain.run import RunStatus
from dexter.errors import StoreError
from dexter.settings import Settings
from dexter.store.database import Database
from dexter.store.days import DayBook
from pipelines.clock import SystemClock
from pipelines.commands import dailying
from pipelines.daily.shape import DayDocument, DeliveryRow, FilingRow
from pipelines.runtime import open_desk
from tests.cli.terminal import Said, Terminal, failed_document, refused
from tests.cli.test_ask import misfits
from tests.homes import lent

REVISED = "2025-08-04"
"""Two documents of one company: a revision, and the XBRL that repeats it."""
KEYS: Mapping[str, type | tuple[type, ...]] = {
    "date": str,
    "run_id": str,
    "filings": list,
    "alerts": list,
    "deliveries": list,
    "expected_but_missing": list,
    "sources": dict,
    "usage": dict,
    "state": str,
    "reason": (str, type(None)),
    "dry_run": bool,
    "fictional": bool,
    "expected": int,
    "oldest_unread": (str, type(None)),
    "model": dict,
}
"""Of a day as it is kept; ``daily --json`` adds the days made up for."""


@pytest.fixture
def home(sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with a sample market of its own: days are kept in it."""
    place = lent(sample_home, tmp_path / "home")
    monkeypatch.setenv("DEXTER_HOME", str(place))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    return place


def rows(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table of the sample's database."""
    database = Database.open(home / "sample")
    with database.read() as connection:
        query = "SELECT name FROM sqlite_master WHERE type = 'table'"
        names = [row[0] for row in connection.exec_driver_sql(query)]
        asked = {name: f'SELECT * FROM "{name}"' for name in names}  # noqa: S608 - ours
        found = {
            name: [tuple(row) for row in connection.exec_driver_sql(query)]
            for name, query in asked.items()
        }
    database.close()
    return found


def files(home: Path) -> set[str]:
    """Every file but the databases, the journal's leases and the locks."""
    return {
        str(path.relative_to(home))
        for path in home.rglob("*")
        if path.is_file() and ".db" not in path.name and path.parent.name != "locks"
    }


def check(document: Any) -> None:  # noqa: ANN401 - a document
    """Whether it is what the contract says, key for key."""
    assert {key: type(value) for key, value in document.items()}.keys() == KEYS.keys()
    for key, kind in KEYS.items():
        assert isinstance(document[key], kind), key
    date.fromisoformat(document["date"])
    for one in document["filings"]:
        assert FilingState(one["state"])
        assert isinstance(one["version"], int)
        assert one["basis"] in {"standalone", "consolidated", None}
        assert one["reason"]
        if one["published_at"] is not None:
            assert datetime.fromisoformat(one["published_at"]).utcoffset()
    ids = [one["id"] for one in document["filings"]]
    assert len(set(ids)) == len(ids)
    TypeAdapter(list[Alert]).validate_python(document["alerts"])
    alerted = [one["alert_id"] for one in document["filings"] if one["alert_id"]]
    assert [one["id"] for one in document["alerts"]] == alerted


def test_the_sample_works_end_to_end(
    dexter: Terminal, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a key or a network, marked as invented, and told to nobody."""
    toml = (
        '[[recipients]]\nname = "me"\nchannel = "webhook"\nto = "http://127.0.0.1:9/"\n'
        '[heartbeat]\nurl = "http://127.0.0.1:9/beat"\n'
    )
    (home / "dexter.toml").write_text(toml, encoding="utf-8")
    monkeypatch.setattr(httpx2, "AsyncClient", None)

    said = dexter("daily", "--sample", "--json")

    assert said.code == 0
    document = said.document
    assert document.pop("made_up") == []
    check(document)
    contract = dexter("schema", "alert").document
    for one in document["alerts"]:
        assert list(misfits(one, contract, contract)) == []
        assert one["fictional"] is True
    assert (document["fictional"], document["state"]) == (True, "done")
    assert len(document["alerts"]) == 3
    assert document["deliveries"] == []
    assert rows(home)["outbox"] == []
    for ending in ("md", "html"):
        page = home / "sample" / "reports" / "daily" / f"2025-08-14.{ending}"
        assert "The market is invented" in page.read_text(encoding="utf-8")
    assert "report: " in said.err

    again = dexter("daily", "--sample", "--json")
    assert (again.code, {**again.document, "run_id": ""}) == (
        0,
        {**document, "run_id": "", "made_up": []},
    )
    _its_runs(dexter, document)
    shown = dexter("daily", "--sample")
    assert shown.out.index("HIGH Himshikhar") < shown.out.index("MEDIUM Kaveri Cables")
    assert "(an invented market)" in shown.out
    assert max(map(len, shown.out.splitlines())) <= 80


def _its_runs(dexter: Terminal, document: Any) -> None:  # noqa: ANN401 - as above
    """The day's run and a filing's are shown, verified and made again."""
    day = document["run_id"]
    assert dexter("runs", "show", day, "--json").document == document
    assert "For a person to look at" in dexter("runs", "show", day).out
    alerted = next(one for one in document["filings"] if one["state"] == "alerted")
    for run in (day, alerted["run_id"]):
        assert dexter("runs", "verify", run).code == 0
    made = dexter("runs", "replay", day)
    assert made.code == 0
    assert "5 runs of filings made again, the same" in " ".join(made.out.split())
    assert dexter("runs", "replay", alerted["run_id"]).code == 0
    assert alerted["symbol"] in dexter("runs", "show", alerted["run_id"]).out
    assert dexter("runs", "resume", day).code == 2
    listed = dexter("runs", "list", "--json").document
    assert any(one["query"] == "daily 2025-08-14" for one in listed)


def test_a_dry_run_keeps_nothing(dexter: Terminal, home: Path) -> None:
    dexter("daily", "--sample", "--date", "2025-08-01")
    before, there = rows(home), files(home)

    said = dexter("daily", "--sample", "--date", REVISED, "--dry-run", "--json")

    assert (said.code, said.document["dry_run"]) == (0, True)
    assert [one["state"] for one in said.document["filings"]] == ["no_alert"] * 2
    assert rows(home) == before
    assert files(home) == there
    run = said.document["run_id"]
    kept = dexter("runs", "show", run, "--json").document
    assert {**kept, "made_up": []} == said.document


def test_a_revision_is_held_against_what_was_told(dexter: Terminal, home: Path) -> None:
    document = dexter("daily", "--sample", "--date", REVISED, "--json").document

    assert document.pop("made_up") == []
    check(document)
    revised, repeated = document["filings"]
    assert (revised["version"], revised["run_id"] is None) == (4, False)
    assert repeated["reason"].startswith(f"says the same as {revised['id']}")
    assert home.is_dir()


@pytest.mark.usefixtures("home")
def test_flags_that_do_not_go_together(dexter: Terminal) -> None:
    for flags in (
        ("--date", "2125-08-14"),
        ("--date", REVISED, "--watch"),
        ("--date", REVISED, "--catch-up"),
        ("--sample", "--watch"),
        ("--date", "yesterday"),
    ):
        refused(dexter("daily", *flags), 2)


def test_the_invented_market_is_never_run_by_chance(
    dexter: Terminal, home: Path
) -> None:
    for flags in ((), ("--catch-up", "--watch"), ("--dry-run",)):
        said = dexter("daily", *flags)
        refused(said, 2)
        assert "No market is kept" in said.words

    assert rows(home)["days"] == []


def test_a_model_nobody_can_use_is_refused_before_the_first_filing(
    dexter: Terminal, home: Path
) -> None:
    refused(dexter("daily", "--sample", "--model", "anthropic:claude"), 1)
    refused(dexter("daily", "--sample", "--model", "magic"), 2)

    assert rows(home)["day_filings"] == rows(home)["days"] == []


def test_there_is_one_at_a_time(dexter: Terminal, home: Path) -> None:
    with (home / "sample" / "daily.lock").open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        said = dexter("daily", "--sample")
        assert failed_document(dexter("daily", "--sample", "--json"), 1)

    refused(said, 1)
    assert "Another `dexter daily` is at work" in said.words


def test_an_unusable_dexter_toml_is_a_sentence(dexter: Terminal, home: Path) -> None:
    (home / "dexter.toml").write_text("[daily]\npoll_minutes = 0\n", encoding="utf-8")

    refused(dexter("daily", "--sample"), 2)


def broken(
    dexter: Terminal, monkeypatch: pytest.MonkeyPatch, error: BaseException, *more: str
) -> Said:
    def breaks(*_: object) -> None:
        raise error

    monkeypatch.setattr("pipelines.daily.day.weight_of", breaks)
    return dexter("daily", "--sample", "--date", REVISED, *more)


def record(home: Path) -> DayState | None:
    database = Database.open(home / "sample")
    found = DayBook(database).record(date.fromisoformat(REVISED))
    database.close()
    return found.state if found else None


def test_a_day_that_breaks_is_one_sentence_and_one_document(
    dexter: Terminal, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = broken(dexter, monkeypatch, StoreError("It broke.", "Mend it."))
    refused(said, 1)
    assert record(home) is DayState.FAILED
    told = broken(dexter, monkeypatch, StoreError("It broke."), "--json")
    document = failed_document(told, 1)
    assert document["run_id"]


def test_an_interrupt_leaves_the_day_to_be_gone_on_with(
    dexter: Terminal, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        said = broken(dexter, patch, KeyboardInterrupt())

    assert (said.code, said.out) == (130, "")
    assert "Traceback" not in said.err
    assert record(home) is DayState.OPEN
    assert dexter("daily", "--sample", "--date", REVISED).code == 0
    assert record(home) is DayState.DONE


def test_a_day_that_is_not_over_ends_with_3(
    dexter: Terminal, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening = datetime(2025, 8, 4, 23, 30, tzinfo=IST)
    monkeypatch.setattr(SystemClock, "present", lambda _: evening)

    said = dexter("daily", "--sample", "--date", REVISED)

    assert (said.code, record(home)) == (3, DayState.PARTIAL)
    assert "partial: the day is not over" in said.out


def test_catching_up_prints_today_and_in_it_the_days_made_up_for(
    dexter: Terminal, home: Path
) -> None:
    dexter("daily", "--sample", "--date", "2025-08-11")

    said = dexter("daily", "--sample", "--catch-up", "--json")

    assert said.code == 0
    today = said.document
    TypeAdapter(DayDocument).validate_python(today)
    before = today.pop("made_up")
    told = [*before, today]
    assert [one["date"] for one in told] == ["2025-08-12", "2025-08-13", "2025-08-14"]
    for one in told:
        check(one)
    symbols = [{f["symbol"] for f in one["filings"]} for one in told]
    # Today comes first, and decides what is late.
    late = {"SECTOR7", "TARANGTEX", "HIMPOWER"}
    assert symbols == [{"KAVCAB"}, {"DHRUVAERO"}, late | {"KAVCAB", "DHRUVAERO"}]
    assert len(list((home / "sample" / "reports" / "daily").glob("*.md"))) == 4
    once = dexter("daily", "--sample", "--catch-up", "--json").document
    assert (once["made_up"], once["filings"]) == ([], today["filings"])


def test_a_report_that_cannot_be_written_costs_the_day_nothing(
    dexter: Terminal, home: Path
) -> None:
    (home / "sample" / "reports").write_text("in the way", encoding="utf-8")

    said = dexter("daily", "--sample", "--date", REVISED)

    assert (said.code, record(home)) == (0, DayState.DONE)
    assert "✗ " in said.err


def test_progress_goes_to_stderr_a_line_a_stage(dexter: Terminal, home: Path) -> None:
    said = dexter("daily", "--sample", "--date", REVISED)

    assert "filings: 2 of 2" in said.err
    assert "filings: 0 of 2" not in said.err
    assert "filings: " not in said.out.replace("2 filings: ", "")
    assert "\x1b" not in said.out + said.err
    assert home.is_dir()


def test_the_day_is_a_run_like_any_other(dexter: Terminal, home: Path) -> None:
    dexter("daily", "--sample", "--date", REVISED)
    desk = open_desk(Settings(home=home), sample=True)
    runs = desk.journals.runs()
    desk.close()

    assert {one.status for one in runs} == {RunStatus.FINISHED}
    assert len(runs) == 2
    assert json.dumps([one.query for one in runs]).count("daily 2025-08-04") == 1


def test_reports_are_named_by_their_day() -> None:
    assert Path("reports/daily") == dailying.REPORTS


def test_the_document_is_what_its_schema_says(dexter: Terminal, home: Path) -> None:
    del home
    said = dexter("daily", "--sample", "--json")
    told = TypeAdapter(DayDocument).validate_python(said.document)
    assert said.document.keys() == {field.name for field in fields(DayDocument)}
    assert [one.id for one in told.filings] == [
        f["id"] for f in said.document["filings"]
    ]
    rows = said.document["filings"], said.document["deliveries"]
    for kind, some in zip((FilingRow, DeliveryRow), rows, strict=True):
        assert all(row.keys() == {f.name for f in fields(kind)} for row in some)
    assert dexter("schema", "daily").document["title"] == "DayDocument"
