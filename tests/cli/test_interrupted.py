"""Ctrl-C, a kill and a second process: the run is interrupted, and goes on."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import pytest

from dexter.console.watching import Lines
from dexter.domain.research import TaskOutcome
from pipelines.commands import screen
from tests.cli.terminal import QUESTION, Terminal, failed_document, refused
from tests.conftest import ROOT


class Impatient(Lines):
    """Presses Ctrl-C after so many tasks."""

    patience = 0

    def finished(self, outcome: TaskOutcome) -> None:
        """A task has ended."""
        super().finished(outcome)
        self.patience -= 1
        if self.patience == 0:
            os.kill(os.getpid(), signal.SIGINT)

    def stage(self, name: str, detail: str) -> None:
        """The run has come to a stage."""
        super().stage(name, detail)
        if self.patience == 0 and name == "planning":
            os.kill(os.getpid(), signal.SIGINT)


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Ctrl-C reaches a suite that was started in the background, too."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("after", [0, 1, 6, 10])
@pytest.mark.usefixtures("home", "ctrl_c")
def test_ctrl_c_keeps_what_was_done(
    dexter: Terminal, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    @contextmanager
    def watching() -> Iterator[Impatient]:
        watcher = Impatient(screen.err())
        watcher.patience = after
        yield watcher

    with monkeypatch.context() as patched:
        patched.setattr(screen, "watching", watching)
        document = failed_document(dexter("ask", QUESTION, "--json"), 130)
    run_id = document["run_id"]
    assert document["hint"] == f"Go on with `dexter runs resume {run_id}`."
    (run,) = dexter("runs", "list", "--json").document
    assert (run["run_id"], run["status"]) == (run_id, "interrupted")
    refused(dexter("runs", "show", run_id), 2)
    said = dexter("runs", "verify", run_id)
    assert said.code == 3
    assert "the chain holds" in said.out
    again = dexter("runs", "resume", run_id, "--json")
    assert again.code == 0
    assert again.document["run_id"] == run_id
    assert dexter("runs", "verify", run_id).code == 0
    assert dexter("runs", "replay", run_id).code == 0


@pytest.mark.usefixtures("home")
def test_ctrl_c_before_there_is_a_run(
    dexter: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(*_: object, **__: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipelines.commands.asking.open_desk", pressed)
    said = dexter("ask", QUESTION)
    refused(said, 130)
    document = failed_document(dexter("ask", QUESTION, "--json"), 130)
    assert document["run_id"] is None


@contextmanager
def asked_elsewhere(
    monkeypatch: pytest.MonkeyPatch, word: str
) -> Iterator[subprocess.Popen[str]]:
    """A run in a process of its own that has come to a word; killed in the end."""
    with monkeypatch.context() as patched:
        # Slow enough to be stopped on the way.
        patched.setenv("DEXTER_SOURCE_REQUESTS_PER_SECOND", "2")
        patched.setenv("PYTHONPATH", str(ROOT))
        process = subprocess.Popen(  # noqa: S603 - this interpreter, our words
            [sys.executable, "-c", "import cli; cli.main()", "ask", QUESTION],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    try:
        wait_for(process, word)
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for(process: subprocess.Popen[str], word: str) -> None:
    """Read what a process says until it says a word."""
    assert process.stderr is not None
    for line in process.stderr:
        if word in line:
            return
    pytest.fail(f"the process ended without saying {word!r}")


@pytest.mark.parametrize(
    "word",
    [
        pytest.param("planning:", marks=pytest.mark.slow),
        pytest.param("acting:", marks=pytest.mark.slow),
        "read_statement done",
    ],
)
@pytest.mark.usefixtures("home")
def test_a_killed_run_goes_on(
    dexter: Terminal, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    with asked_elsewhere(monkeypatch, word):
        pass
    (run,) = dexter("runs", "list", "--json").document
    assert run["status"] == "interrupted"
    assert dexter("runs", "resume", run["run_id"]).code == 0
    assert dexter("runs", "verify", run["run_id"]).code == 0
    assert dexter("runs", "replay", run["run_id"]).code == 0


@pytest.mark.usefixtures("home")
def test_two_processes_do_not_resume_one_run(
    dexter: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with asked_elsewhere(monkeypatch, "acting:"):
        (run,) = dexter("runs", "list", "--json").document
        assert run["status"] == "running"
        said = dexter("runs", "resume", run["run_id"])
        refused(said, 1)
        assert "another process" in said.words
    assert dexter("runs", "resume", run["run_id"]).code == 0
