"""Folders that come in, or do not: empty, missing, garbage, twice, cut short."""

import json
from pathlib import Path
from typing import NoReturn

import pytest

from dexter.errors import DiskFullError
from tests.cli.terminal import Terminal, failed_document, refused
from tests.conftest import ROOT

SAMPLE = ROOT / "data" / "sample"
BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<xbrl xmlns="http://www.xbrl.org/2003/instance">&b;</xbrl>"""
REACHING = b"""<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>
<xbrl xmlns="http://www.xbrl.org/2003/instance">&e;</xbrl>"""


@pytest.fixture
def garbage(tmp_path: Path) -> Path:
    """A folder in which nothing reads."""
    folder = tmp_path / "garbage"
    for name, content in {
        "market/prices.parquet": b"PAR1 not really",
        "market/earnings_events.parquet": bytes(300),
        "filings/api/bse_announcements.json": b'{"Table": [',
        "filings/xbrl/bomb.xml": BOMB,
        "filings/xbrl/reaching.xml": REACHING,
        "filings/xbrl/cut.xml": b'<?xml version="1.0"?><xbrl><a>',
        "filings/pdf/cut.pdf": b"%PDF-1.7\n1 0 obj <<",
        "notes.txt": b"nothing of ours",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


@pytest.mark.parametrize(
    ("name", "code"), [("empty", 1), ("missing", 2), ("file.txt", 2)]
)
def test_nothing_to_import(
    dexter: Terminal, tmp_path: Path, name: str, code: int
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.txt").write_text("hello", encoding="utf-8")
    refused(dexter("data", "import", tmp_path / name), code)
    document = failed_document(
        dexter("data", "import", tmp_path / name, "--json"), code
    )
    assert str(tmp_path / name) in document["reason"]


def test_a_folder_of_nothing_but_garbage_is_refused(
    dexter: Terminal, garbage: Path
) -> None:
    said = dexter("data", "import", garbage)
    refused(said, 1)
    status = dexter("data", "status", "--json").document
    assert status["results"]["total"] == 0
    assert status["statements"]["accepted"] == 0


def test_the_good_files_of_a_bad_folder_come_in_once(
    dexter: Terminal, garbage: Path
) -> None:
    for table in ("prices.parquet", "companies.parquet", "earnings_events.parquet"):
        content = (SAMPLE / "market" / table).read_bytes()
        (garbage / "market" / table).write_bytes(content)
    first = dexter("data", "import", garbage, "--json")
    assert first.code == 3
    assert first.document["rows"]
    faults = {fault["file"]: fault["reason"] for fault in first.document["faults"]}
    assert "filings/api/bse_announcements.json" in faults
    assert all(faults.values())
    status = dexter("data", "status", "--json").document
    assert status["results"]["total"] > 0
    assert "✓" not in dexter("data", "import", garbage).out
    second = dexter("data", "import", garbage, "--json")
    assert not second.document["rows"]
    assert dexter("data", "status", "--json").document == status


def test_what_is_not_recognised_is_named(dexter: Terminal, tmp_path: Path) -> None:
    folder = tmp_path / "market"
    folder.mkdir()
    content = (SAMPLE / "market" / "companies.parquet").read_bytes()
    (folder / "companies.parquet").write_bytes(content)
    for place in range(12):
        (folder / f"odd{place:02}.json").write_text(f"[{place}]", encoding="utf-8")
    said = dexter("data", "import", folder)
    assert said.code == 0
    words = " ".join(said.out.split())
    assert "not recognised: odd00.json, odd01.json" in words
    assert "odd09.json and 2 more; see --json" in words


def test_an_import_that_was_cut_is_done_again(
    dexter: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "market"
    folder.mkdir()
    for table in ("prices.parquet", "companies.parquet", "earnings_events.parquet"):
        (folder / table).write_bytes((SAMPLE / "market" / table).read_bytes())

    def pressed(*_: object, **__: object) -> NoReturn:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("pipelines.ingest.finish.settle", pressed)
        refused(dexter("data", "import", folder), 130)
    whole = dexter("data", "import", folder, "--json")
    assert whole.code == 0
    status = dexter("data", "status", "--json").document
    monkeypatch.setenv("DEXTER_HOME", str(tmp_path / "other"))
    dexter("data", "import", folder)
    other = dexter("data", "status", "--json").document
    for key in ("prices", "results", "statements", "filings"):
        assert status[key] == other[key]


def test_a_full_disk_says_to_import_again(
    dexter: Terminal, garbage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> NoReturn:
        raise DiskFullError(garbage, "no space left on device")

    monkeypatch.setattr("pipelines.ingest.folder.import_folder", full)
    said = dexter("data", "import", garbage)
    refused(said, 1)
    assert "import again" in said.words


def test_the_sample_is_set_up_once_and_says_what_it_is(
    dexter: Terminal, home: Path
) -> None:
    said = dexter("data", "sample")
    assert said.code == 0
    assert "fictional" in said.out
    assert not (home / "dexter.db").exists()


def test_hostile_documents_are_one_line_each(dexter: Terminal, garbage: Path) -> None:
    names = ("bomb.xml", "reaching.xml", "cut.xml")
    files = [garbage / "filings/xbrl" / name for name in names]
    files += [garbage / "filings/pdf/cut.pdf", garbage / "nothing.pdf"]
    said = dexter("extract", *files, "--json")
    assert said.code == 3
    read = [json.loads(line) for line in said.out.splitlines()]
    assert [line["file"] for line in read] == [str(path) for path in files]
    assert {line["status"] for line in read} == {"rejected"}
    assert all(line["reason"] for line in read)
    assert said.err == ""
