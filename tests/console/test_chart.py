"""The picture of a share: what is drawn, as what, and what cannot be."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from dexter.console.chart import ChartSuffixError, NothingToDrawError, draw
from dexter.errors import UnsavableError
from dexter.features.known import Known
from dexter.features.moments import day_of
from tests.features.making_prices import (
    bars_of,
    history,
    known_at,
    last_rows,
    split,
    walk,
)
from tests.features.test_vcp import BASE, drawn

PNG = b"\x89PNG\r\n\x1a\n"


def with_base() -> Known:
    return last_rows(bars_of(split(drawn(BASE), 230, 2.0)))


def result_days(known: Known) -> list[date]:
    return [day_of(day) for day in known.bars.day[-60::30].tolist()]


def test_a_base_is_drawn_with_its_falls_and_pivot(tmp_path: Path) -> None:
    known = with_base()
    path = tmp_path / "chart.svg"
    draw(path, "MADEUP", known, results=result_days(known))
    # Letters are outlines in the file, with what they spell in comments.
    said = path.read_text("utf-8")
    for words in ("MADEUP, as of", "3 contractions", "pivot", "results", "mean 200"):
        assert words in said, words
    assert said.count("<!-- −") == 3
    assert "score" in said


def test_a_share_without_a_base_says_why(tmp_path: Path) -> None:
    known = last_rows(bars_of(history(walk(120))))
    path = tmp_path / "chart.svg"
    draw(path, "MADEUP", known)
    said = path.read_text("utf-8")
    assert "fewer than 252 sessions of prices" in said
    assert "pivot" not in said
    assert "mean 200" not in said


@pytest.mark.parametrize("sessions", [1, 2, 260])
def test_a_png_of_any_history(tmp_path: Path, sessions: int) -> None:
    path = tmp_path / "chart.PNG"
    draw(path, "MADEUP", last_rows(bars_of(history(np.full(sessions, 9.0), spread=0))))
    content = path.read_bytes()
    assert content.startswith(PNG)
    assert [int.from_bytes(content[at : at + 4]) for at in (16, 20)] == [1200, 800]


@pytest.mark.parametrize("name", ["chart.svg", "chart.png"])
def test_the_same_chart_is_the_same_file(tmp_path: Path, name: str) -> None:
    twice = [tmp_path / side / name for side in ("a", "b")]
    for path in twice:
        path.parent.mkdir()
        draw(path, "MADEUP", with_base())
    assert twice[0].read_bytes() == twice[1].read_bytes()


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ChartSuffixError, match=r"chart\.pdf") as told:
        draw(tmp_path / "chart.pdf", "MADEUP", with_base())
    assert ".png or .svg" in told.value.hint
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnsavableError, match="cannot be written"):
        draw(tmp_path / "nowhere" / "chart.png", "MADEUP", with_base())


def test_nothing_known_is_nothing_to_draw(tmp_path: Path) -> None:
    never = np.zeros(1, dtype=np.int64)
    known = known_at(bars_of(history(walk(30))), never, never)
    with pytest.raises(NothingToDrawError, match="no bar before"):
        draw(tmp_path / "chart.png", "MADEUP", known)


def test_the_drawing_library_is_loaded_only_to_draw() -> None:
    code = "import sys, dexter.console.chart; sys.exit('matplotlib' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - our own
