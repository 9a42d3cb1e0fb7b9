"""The review queue as an analyst meets it, from the list to the answer."""

import io
import json
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from dexter.store.database import DATABASE_FILE
from pipelines.commands import data
from tests.cli.terminal import Said, Terminal, failed_document, refused
from tests.extraction.builders import ROWS, pdf

ASKED = "What was the net profit of SAMPLE in Q1 FY26?"
SYMBOL = ("NSE Symbol: SAMPLE",)


def misprinted() -> list[tuple[str, Sequence[str]]]:
    """A net profit of the quarter that its own profit before tax does not make."""
    broken = ("12O.00", "150.00", "150.00", "495.00")
    return [(n, broken if n.startswith("Net profit") else v) for n, v in ROWS]


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a page without a unit and one whose rows do not add up."""
    place = tmp_path_factory.mktemp("review")
    (place / "filings").mkdir()
    (place / "filings" / "nounit.pdf").write_bytes(pdf(unit="", before=SYMBOL))
    (place / "filings" / "broken.pdf").write_bytes(pdf(misprinted(), before=SYMBOL))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DEXTER_HOME", str(place / "home"))
        assert data.import_(place / "filings", as_json_too=True) == 0
    return place


@pytest.fixture
def folder(imported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that was imported into a home of this test's own."""
    shutil.copytree(imported, tmp_path / "own")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("DEXTER_HOME", str(tmp_path / "own" / "home"))
    monkeypatch.setenv("COLUMNS", "160")
    return tmp_path / "own" / "filings"


def read_again(folder: Path, dexter: Terminal) -> None:
    """Import the folder as with another version of the reader."""
    with closing(sqlite3.connect(folder.parent / "home" / DATABASE_FILE)) as connection:
        connection.execute("UPDATE imports SET state = 'read by another reader'")
        connection.commit()
    assert dexter("data", "import", folder, "--json").document["files"]["imported"] == 2


def queue(dexter: Terminal, *more: object) -> dict[str, str]:
    """What waits: file name to id."""
    rows = dexter("extract", "review", "--json", *more).document
    return {row["file"]: row["id"] for row in rows}


@pytest.fixture
def unitless(folder: Path, dexter: Terminal) -> str:
    assert folder.is_dir()
    return queue(dexter)["nounit.pdf"]


def review(dexter: Terminal, *arguments: object) -> Said:
    return dexter("extract", "review", *arguments)


def test_the_queue_says_why(unitless: str, dexter: Terminal) -> None:
    said = review(dexter)
    assert said.code == 0
    row = next(line for line in said.out.splitlines() if unitless in line)
    assert "2025-06-30" in row
    assert "standalone" in row
    assert "no unit is printed above the table" in row
    assert queue(dexter, "--company", "nobody") == {}
    assert set(queue(dexter, "--all")) == {"nounit.pdf", "broken.pdf"}


def test_an_empty_home_has_nothing_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dexter: Terminal
) -> None:
    monkeypatch.setenv("DEXTER_HOME", str(tmp_path / "none"))
    assert "nothing waits" in review(dexter).out
    assert review(dexter, "--json").document == []
    assert not (tmp_path / "none").exists()
    refused(review(dexter, "abcdef12-1"), 2)


def test_one_statement_is_shown_with_its_pictures(
    unitless: str, dexter: Terminal
) -> None:
    said = review(dexter, unitless)
    assert said.code == 0
    assert "120.00" in said.out
    assert "the unit is not known" in said.out
    page = Path(f"review-{unitless}") / "page-1.png"
    assert str(page) in said.err
    assert Image.open(io.BytesIO(page.read_bytes())).width > 600
    cell = page.with_name("net_profit.current.png")
    assert Image.open(io.BytesIO(cell.read_bytes())).height < 400


def test_a_settled_statement_answers_with_name_and_date(
    unitless: str, dexter: Terminal
) -> None:
    before = dexter("ask", ASKED, "--json")
    assert before.code == 3
    done = review(dexter, unitless, "--unit", "crore", "--by", "Asha Rao")
    assert done.code == 0
    assert "accepted at grade B" in done.out
    assert unitless not in review(dexter).out
    asked = dexter("ask", ASKED, "--json").document
    (profit,) = [e for e in asked["evidence"].values() if e["name"] == "net_profit"]
    assert profit["value"] == "1200000000.00"
    assert (profit["method"], profit["grade"]) == ("person", "B")
    assert profit["source"]["person"] == "Asha Rao"
    assert profit["source"]["settled_at"].endswith("+05:30")
    assert profit["source"]["bbox"]
    assert "person Asha Rao, " in dexter("ask", ASKED).out
    why = dexter("runs", "why", asked["run_id"], profit["id"])
    assert "method person Asha Rao, " in " ".join(why.out.split())


def test_importing_again_keeps_the_decision(
    unitless: str, folder: Path, dexter: Terminal
) -> None:
    review(dexter, unitless, "--unit", "crore", "--by", "Asha")
    read_again(folder, dexter)
    document = review(dexter, unitless, "--json").document
    assert document["status"] == "accepted"
    (decision,) = document["decisions"]
    assert decision["person"] == "Asha"
    assert decision["changes"] == [{"what": "unit", "before": None, "after": "crore"}]


def test_what_does_not_add_up_stays_and_says_by_how_much(
    unitless: str, dexter: Terminal
) -> None:
    wrong = ("--set", "net_profit=(120.00)", "--unit", "crore", "--by", "Asha")
    said = review(dexter, unitless, *wrong)
    assert said.code == 3
    assert "is off by 240.00 (net_profit -120.00, computed 120.00)" in said.out
    assert unitless in review(dexter).out
    document = review(dexter, unitless, "--json").document
    cell = document["columns"]["current"]["items"]["net_profit"]
    assert (cell["value"], cell["was"], cell["person"]) == ("-120.00", "120.00", "Asha")
    assert cell["doubts"]
    mended = review(dexter, unitless, "--set", "net_profit=120.00", "--by", "Ravi")
    assert mended.code == 0


MISTYPED = {
    ("--confirm",): "--by",
    ("--set", "net_proft=1", "--by", "A"): "net_profit",
    ("--set", "net_profit:curent=1", "--by", "A"): "current",
    ("--set", "net_profit=12O", "--by", "A"): "as printed",
    ("--set", "net_profit", "--by", "A"): "ITEM[:COLUMN]=VALUE",
    ("--withhold", "tex", "--by", "A"): "tax",
    ("--unit", "lakhs", "--by", "A"): "lakh",
    ("--basis", "group", "--by", "A"): "consolidated",
    ("--period-end", "2025-06-31", "--by", "A"): "2025-06-30",
    ("--reject", "--by", "A"): "--because",
    ("--reject", "--confirm", "--because", "x", "--by", "A"): "--reject",
}


@pytest.mark.parametrize("line", MISTYPED, ids=" ".join)
def test_a_typo_is_one_sentence_and_changes_nothing(
    unitless: str, dexter: Terminal, line: tuple[str, ...]
) -> None:
    said = review(dexter, unitless, *line)
    refused(said, 2)
    assert MISTYPED[line] in said.words
    document = failed_document(review(dexter, unitless, *line, "--json"), 2)
    assert document["hint"]
    assert review(dexter, unitless, "--json").document["decisions"] == []


@pytest.mark.parametrize("name", ["nosuch", "ffffffff-1", "../..", ""])
def test_an_unknown_statement(folder: Path, dexter: Terminal, name: str) -> None:
    assert folder.is_dir()
    refused(review(dexter, name, "--confirm", "--by", "A"), 2)


def test_a_rejected_document_stays_out(
    unitless: str, folder: Path, dexter: Terminal
) -> None:
    whole = unitless.partition("-")[0]
    said = review(dexter, whole, "--reject", "--because", "a draft", "--by", "Asha")
    assert said.code == 0
    assert unitless not in review(dexter).out
    read_again(folder, dexter)
    rows = review(dexter, "--all", "--json").document
    reasons = {
        row["file"]: row["reason"] for row in rows if row["status"] == "rejected"
    }
    assert reasons["nounit.pdf"].startswith("rejected by Asha on ")
    assert reasons["nounit.pdf"].endswith(": a draft")


def test_a_walk_asks_value_by_value(
    unitless: str, dexter: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = sum(
        len(column["items"])
        for column in review(dexter, unitless, "--json").document["columns"].values()
    )
    answers = ["lakhs", "lakh", "nonsense", *[""] * count, "y"]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(answers) + "\n"))
    said = review(dexter, unitless, "--walk", "--by", "Asha")
    assert said.code == 0, said.err
    assert "'nonsense' is not a figure" in said.err
    assert "net_profit.current.png" in said.err
    assert "accepted at grade B" in said.out


@pytest.mark.parametrize("answers", ["", "crore\nq\n", "crore\n\n\n"])
def test_a_walk_left_early_keeps_nothing(
    unitless: str, dexter: Terminal, monkeypatch: pytest.MonkeyPatch, answers: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(answers))
    said = review(dexter, unitless, "--walk", "--by", "Asha")
    assert said.code == 2
    assert "nothing was kept" in said.words
    assert review(dexter, unitless, "--json").document["decisions"] == []


def test_a_file_named_review_can_still_be_read(
    unitless: str, folder: Path, dexter: Terminal
) -> None:
    assert unitless
    Path("review").write_bytes((folder / "nounit.pdf").read_bytes())
    assert "./review" in review(dexter).err
    line = json.loads(dexter("extract", "./review", "--json").out)
    assert line["statements"][0]["reason"] == "no unit is printed above the table"
