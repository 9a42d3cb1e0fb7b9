"""The audit trail: list, show, why, verify, replay, resume, export, and damage."""

import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from dexter.domain.evidence import EvidenceKind
from dexter.domain.research import Report
from dexter.journal import Journal, load
from pipelines.runtime import open_shelves
from tests.cli.terminal import QUESTION, Terminal, failed_document, refused

pytestmark = pytest.mark.usefixtures("kept")


def test_runs_are_listed_in_one_line_each(dexter: Terminal, told: Report) -> None:
    said = dexter("runs", "list")
    header, row = said.out.splitlines()
    assert header.split() == ["run", "state", "question"]
    assert row.split()[:2] == [told.run_id, "finished"]
    assert QUESTION in row
    (document,) = dexter("runs", "list", "--json").document
    assert document["events"] == told.journal.events if told.journal else 0
    assert document["model"] == "offline"


def test_a_run_is_shown_as_it_was_told(dexter: Terminal, told: Report) -> None:
    said = dexter("runs", "show", told.run_id)
    assert said.code == 0
    assert "read_statement" in said.out
    document = dexter("runs", "show", told.run_id, "--json").document
    assert document["answer"]["markdown"] == told.answer.markdown
    assert dexter("runs", "replay", told.run_id, "--json").document == document


UNKNOWN = ["nope", "../../etc/passwd", "' OR 1=1 --", "", "ü"]


@pytest.mark.parametrize("run_id", UNKNOWN)
@pytest.mark.parametrize(
    "command", [("show",), ("why", "e1"), ("verify",), ("replay",), ("resume",)]
)
def test_an_unknown_run(
    dexter: Terminal, command: tuple[str, ...], run_id: str
) -> None:
    name, *rest = command
    said = dexter("runs", name, run_id, *rest)
    refused(said, 2)
    assert "dexter runs list" in said.words


def cell(report: Report) -> str:
    """The id of a figure printed on a page."""
    return next(
        name
        for name, item in report.evidence.items()
        if item.kind is EvidenceKind.CELL and item.name == "net_profit"
    )


def test_why_draws_the_page_with_its_cell_boxed(dexter: Terminal, told: Report) -> None:
    name = cell(told)
    said = dexter("runs", "why", told.run_id, name, "--png", "cell.png")
    assert said.code == 0
    assert "page 2" in said.out
    assert "Net profit" in " ".join(said.out.split())
    picture = Image.open(io.BytesIO(Path("cell.png").read_bytes())).convert("RGB")
    red = [
        (x, y)
        for x in range(picture.width)
        for y in range(picture.height)
        if picture.getpixel((x, y)) == (200, 30, 30)
    ]
    left, right = min(x for x, _ in red), max(x for x, _ in red)
    top, bottom = min(y for _, y in red), max(y for _, y in red)
    box = told.evidence[name].source
    assert right - left < 100
    assert bottom - top < 40
    # The box, and nothing else, is drawn in that ink: no label over the figures.
    assert len(red) < 2 * 2 * (right - left + bottom - top + 4)
    assert box is not None


@pytest.mark.parametrize("form", ["{}", "[{}]", "e{}", "[^e{}]"])
def test_why_takes_an_id_as_the_screen_writes_it(
    dexter: Terminal, told: Report, form: str
) -> None:
    number = cell(told).removeprefix("e")
    written = form.format(number)
    said = dexter("runs", "why", told.run_id, written, "--json", "--png", "c.png")
    assert said.code == 0
    assert said.document["id"] == f"e{number}"


def test_a_value_of_two_pages_gets_two_pictures(dexter: Terminal, told: Report) -> None:
    margin = next(n for n, e in told.evidence.items() if e.name == "net_margin")
    said = dexter("runs", "why", told.run_id, margin, "--png", "m.png")
    assert said.code == 0
    assert Path("m.png").read_bytes() != Path("m-2.png").read_bytes()


def test_why_says_when_there_is_no_page(dexter: Terminal, told: Report) -> None:
    row = next(n for n, e in told.evidence.items() if e.kind is EvidenceKind.PRICE)
    said = dexter("runs", "why", told.run_id, row, "--png", "p.png")
    assert said.code == 0
    assert "nothing drawn" in said.words
    assert not Path("p.png").exists()


def test_why_of_evidence_there_is_not(dexter: Terminal, told: Report) -> None:
    said = dexter("runs", "why", told.run_id, "e99999")
    refused(said, 2)
    assert f"e1 to e{len(told.evidence)}" in said.words


def test_a_picture_that_cannot_be_written_leaves_one_document(
    dexter: Terminal, told: Report
) -> None:
    said = dexter("runs", "why", told.run_id, cell(told), "--json", "--png", "no/c.png")
    assert "no/c.png" in failed_document(said, 2)["reason"]


def test_verify_and_replay_hold(dexter: Terminal, told: Report) -> None:
    assert told.journal is not None
    said = dexter("runs", "verify", told.run_id)
    assert said.code == 0
    assert told.journal.head in said.out
    assert dexter("runs", "replay", told.run_id).code == 0


def test_an_ended_run_is_not_resumed(dexter: Terminal, told: Report) -> None:
    refused(dexter("runs", "resume", told.run_id), 2)


def sql(home: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(home / "journal.db")) as connection:
        connection.execute(statement, values)
        connection.commit()


DAMAGE = {
    "edited": (
        "UPDATE events SET body = replace(body, '{', '{ ') WHERE seq = 20",
        "event 20",
    ),
    "deleted": ("DELETE FROM events WHERE seq = 20", "event 20"),
    "unreadable": ("UPDATE events SET body = x'00ff' WHERE seq = 20", "event 20"),
    "blob": ("DELETE FROM blobs", "blob"),
    "truncated": (
        "DELETE FROM events WHERE seq > (SELECT MAX(seq) - 3 FROM events)",
        "the tail was cut",
    ),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_verify_finds_the_place(
    dexter: Terminal, told: Report, kept: Path, kind: str
) -> None:
    statement, place = DAMAGE[kind]
    sql(kept, statement)
    said = dexter("runs", "verify", told.run_id)
    assert said.code == 4
    assert kind in said.out
    assert place in " ".join(said.out.split())


READING = [("show",), ("why", "e1"), ("replay",), ("resume",), ("export", "b")]


@pytest.mark.parametrize("command", READING)
@pytest.mark.parametrize("kind", DAMAGE)
def test_a_record_that_does_not_hold_is_not_read(
    dexter: Terminal, told: Report, kept: Path, kind: str, command: tuple[str, ...]
) -> None:
    statement, place = DAMAGE[kind]
    sql(kept, statement)
    name, *rest = command
    said = dexter("runs", name, told.run_id, *rest)
    refused(said, 4)
    assert "cannot be trusted" in said.words
    assert place in said.words
    assert list(Path().iterdir()) == []


LAST = "DELETE FROM events WHERE seq = (SELECT MAX(seq) FROM events)"


@pytest.mark.parametrize("command", READING)
def test_a_run_without_its_end_is_not_read(
    dexter: Terminal, told: Report, kept: Path, command: tuple[str, ...]
) -> None:
    sql(kept, LAST)
    name, *rest = command
    said = dexter("runs", name, told.run_id, *rest)
    refused(said, 4)
    assert "the tail was cut" in said.words


def headless(home: Path) -> None:
    with closing(sqlite3.connect(home / "dexter.db")) as connection:
        connection.execute("DELETE FROM run_heads")
        connection.commit()


def test_a_missing_head_of_a_finished_run_is_told(
    dexter: Terminal, told: Report, kept: Path
) -> None:
    headless(kept)
    said = dexter("runs", "verify", told.run_id)
    assert said.code == 3
    assert "the run finished, yet none is kept" in said.words
    assert dexter("runs", "show", told.run_id).code == 0


def test_a_run_without_end_and_head_is_not_replayed(
    dexter: Terminal, told: Report, kept: Path
) -> None:
    headless(kept)
    sql(kept, LAST)
    said = dexter("runs", "verify", told.run_id)
    assert said.code == 3
    assert "none is kept of a run that did not end" in said.words
    again = dexter("runs", "replay", told.run_id)
    refused(again, 4)
    assert "has no end: it was stopped, or its tail was cut" in again.words


def test_a_flipped_byte_is_never_read_as_whole(
    dexter: Terminal, told: Report, kept: Path
) -> None:
    path = kept / "journal.db"
    content = bytearray(path.read_bytes())
    at = content.index(b'"revenue_from_operations"')
    content[at + 3] ^= 0x01
    path.write_bytes(content)
    said = dexter("runs", "verify", told.run_id)
    assert said.code == 4
    assert "Traceback" not in said.err


def test_a_damaged_store_does_not_hide_the_journal(
    dexter: Terminal, told: Report, kept: Path
) -> None:
    for name in ("dexter.db", "dexter.db-wal", "dexter.db-shm"):
        (kept / name).unlink(missing_ok=True)
    (kept / "dexter.db").write_bytes(b"garbage" * 1000)
    assert dexter("runs", "show", told.run_id).code == 0
    assert dexter("runs", "replay", told.run_id).code == 0
    said = dexter("runs", "verify", told.run_id)
    assert said.code == 3
    assert "the chain holds" in said.out
    assert "a tail that was cut would not show" in said.words


def test_a_bundle_verifies_elsewhere(dexter: Terminal, told: Report) -> None:
    assert dexter("runs", "export", told.run_id, "run.bundle").code == 0
    assert told.journal is not None
    bundle = load(Path("run.bundle"))
    assert told.run_id in json.dumps(str(bundle))


@pytest.mark.parametrize("name", ["nowhere/b", "."])
def test_a_bundle_that_cannot_be_written(
    dexter: Terminal, told: Report, name: str
) -> None:
    refused(dexter("runs", "export", told.run_id, name), 2)
    assert list(Path().iterdir()) == []


def test_a_day_without_a_report_is_run_again_not_resumed(
    dexter: Terminal,
) -> None:
    desk = open_shelves()
    header = desk.header("daily 2025-08-13", None, "offline")
    day = {"kind": "daily", "day": "2025-08-13"}
    Journal.begin(desk.journals, "cut", header | day).interrupt("it was cut")
    for command in ("show", "replay"):
        said = dexter("runs", command, "cut")
        refused(said, 2)
        assert "Run `dexter daily --date 2025-08-13` again" in said.words
        assert "resume" not in said.words
