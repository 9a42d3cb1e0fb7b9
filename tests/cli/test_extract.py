"""``dexter extract``: many files, folders, twins, files that do harm, pictures."""

import json
import shutil
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pipelines import extract as many
from tests.cli.terminal import Said, Terminal, refused
from tests.conftest import ROOT
from tests.extraction.builders import pdf
from tests.pipelines.compute_scenes import crash, hang

XBRL = ROOT / "data" / "sample" / "filings" / "xbrl" / "KAVCAB"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two real files, one of them twice, a broken one, and what is no document."""
    place = tmp_path / "filings"
    (place / "deep").mkdir(parents=True)
    (place / "b.pdf").write_bytes(pdf())
    shutil.copy(place / "b.pdf", place / "deep" / "copy of b.pdf")
    shutil.copy(min(XBRL.iterdir()), place / "a.xml")
    (place / "c.pdf").write_bytes(b"%PDF-1.7\n1 0 obj <<")
    (place / "notes.txt").write_text("nothing of ours", encoding="utf-8")
    (place / ".hidden.pdf").write_bytes(pdf())
    return place


def lines(said: Said) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.out.splitlines()]


def test_a_folder_is_its_documents_by_name(dexter: Terminal, folder: Path) -> None:
    said = dexter("extract", folder, "--json")
    assert said.code == 3
    names = [Path(line["file"]).name for line in lines(said)]
    assert names == ["a.xml", "b.pdf", "c.pdf", "copy of b.pdf"]
    assert [line["status"] for line in lines(said)] == [
        "accepted",
        "accepted",
        "rejected",
        "accepted",
    ]
    assert said.err == ""


def test_the_order_is_the_one_given(dexter: Terminal, folder: Path) -> None:
    given = [folder / name for name in ("c.pdf", "nothing.pdf", "b.pdf", "a.xml")]
    said = dexter("extract", *given, "--json")
    assert [line["file"] for line in lines(said)] == [str(path) for path in given]


def test_the_same_bytes_are_read_once_and_told_twice(
    dexter: Terminal, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = folder / "counted"
    monkeypatch.setattr(many, "_read", partial(count_reads, counted))
    given = [folder / "b.pdf", folder / "deep" / "copy of b.pdf", folder / "b.pdf"]
    said = dexter("extract", *given, "--json")
    first, second, third = lines(said)
    assert {**first, "file": ""} == {**second, "file": ""} == {**third, "file": ""}
    assert second["file"].endswith("copy of b.pdf")
    assert counted.read_text(encoding="utf-8") == "x"
    told = dexter("extract", *given)
    assert told.out.count("same as") == 2
    assert told.out.count("revenue_from_operations") == 1


@pytest.mark.parametrize(
    ("name", "seconds", "reason"),
    [
        ("crash.pdf", 60, "its reader crashed"),
        ("hang.pdf", 12, "took more than 12 seconds"),
    ],
)
def test_a_file_that_does_harm_costs_itself(
    dexter: Terminal,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    seconds: int,
    reason: str,
) -> None:
    monkeypatch.setattr(many, "_read", harmful)
    monkeypatch.setenv("DEXTER_DOCUMENT_SECONDS", str(seconds))
    (folder / name).write_bytes(pdf())
    said = dexter("extract", folder, "--json")
    assert said.code == 3
    by_name = {Path(line["file"]).name: line for line in lines(said)}
    assert by_name[name]["status"] == "rejected"
    assert reason in by_name[name]["reason"]
    assert by_name["b.pdf"]["status"] == by_name["a.xml"]["status"] == "accepted"


def test_pictures_of_statement_pages_are_drawn_and_told(
    dexter: Terminal, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "pictures"
    said = dexter("extract", folder / "b.pdf", folder / "a.xml", "--show", "--out", out)
    assert [path.name for path in out.iterdir()] == ["b-page-1.png"]
    assert str(out / "b-page-1.png") in said.out
    with Image.open(out / "b-page-1.png") as picture:
        assert picture.width > 1000
    again = dexter("extract", folder / "b.pdf", "--show", "--out", out, "--json")
    assert len(lines(again)) == 1
    assert "b-page-1.png" in again.words


def test_two_files_of_one_name_have_pictures_of_two(
    dexter: Terminal, folder: Path, tmp_path: Path
) -> None:
    other = folder / "deep" / "b.pdf"
    other.write_bytes(pdf() + b"\n")
    out = tmp_path / "pictures"
    dexter("extract", folder / "b.pdf", other, "--show", "--out", out)
    assert len(list(out.iterdir())) == 2


def test_pictures_that_cannot_be_written_are_said_before_reading(
    dexter: Terminal, folder: Path
) -> None:
    here = folder / "notes.txt"
    refused(dexter("extract", folder / "b.pdf", "--show", "--out", here), 2)


def test_an_empty_folder_and_an_endless_file_are_refused(
    dexter: Terminal, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    said = dexter("extract", tmp_path / "empty", "/dev/zero", "--json")
    assert said.code == 3
    empty, endless = lines(said)
    assert "no PDF" in empty["reason"]
    assert "larger than" in endless["reason"]


def test_a_missing_dask_is_one_sentence(
    dexter: Terminal, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEXTER_DASK_SCHEDULER", "tcp://127.0.0.1:1")
    monkeypatch.setitem(sys.modules, "distributed", None)
    refused(dexter("extract", folder / "b.pdf"), 1)


_real_read = many._read


def count_reads(mark: Path, name: str, content: bytes) -> Any:  # noqa: ANN401 - as the original
    """Reads, and leaves a mark for each time."""
    with mark.open("a", encoding="utf-8") as file:
        file.write("x")
    return _real_read(name, content)


def harmful(name: str, content: bytes) -> Any:  # noqa: ANN401 - as the original
    """Reads all files but two."""
    if name == "crash.pdf":
        crash()
    if name == "hang.pdf":
        hang()
    return _real_read(name, content)
