"""Homes and a terminal for the command line's tests."""

import asyncio
from pathlib import Path

import pytest

from dexter.domain.research import Report
from dexter.orchestrator.run import Question
from dexter.settings import Settings
from pipelines import research
from pipelines.runtime import open_desk
from pipelines.silent import Silent
from tests.cli.terminal import PDF_ONLY, QUESTION, Terminal, copied
from tests.homes import lent


@pytest.fixture
def dexter(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    """The command line."""
    return Terminal(monkeypatch, capsys)


@pytest.fixture
def home(sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with the sample market and no runs yet; the working folder is empty."""
    place = lent(sample_home, tmp_path / "home")
    _live_in(place, tmp_path, monkeypatch)
    return place


@pytest.fixture(scope="session")
def recorded(
    sample_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Report, Path]:
    """A finished run about a quarter of which only the PDF was public, and its home."""
    place = lent(sample_home, tmp_path_factory.mktemp("told") / "home")
    desk = open_desk(Settings(home=place), sample=True)
    question = Question(QUESTION, research.moment_from(PDF_ONLY))
    try:
        report = asyncio.run(research.ask(desk, question, desk.model(None), Silent()))
    finally:
        desk.close()
    return report, place


@pytest.fixture
def told(recorded: tuple[Report, Path]) -> Report:
    """The report of that run."""
    return recorded[0]


@pytest.fixture
def kept(
    recorded: tuple[Report, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A copy of that home, to read or to damage."""
    place = copied(recorded[1], tmp_path / "kept")
    _live_in(place, tmp_path, monkeypatch)
    return place


def _live_in(home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = folder / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("DEXTER_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "80")
