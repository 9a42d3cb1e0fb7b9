"""The command line as a person meets it, inside this process."""

import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import cli

QUESTION = "How did Kaveri Cables do in Q1 FY26?"
PDF_ONLY = "2025-08-12T17:00"
"""Between the publication of the company's PDF (16:21) and of its XBRL (20:00)."""


@dataclass(frozen=True)
class Said:
    """What a command ended with and wrote."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:  # noqa: ANN401 - whatever JSON says
        """Standard output as the one JSON document it has to be."""
        return json.loads(self.out)

    @property
    def words(self) -> str:
        """Standard error without the terminal's line breaks."""
        return " ".join(self.err.split())

    @property
    def letters(self) -> str:
        """Standard error without any space: a long path may be broken anywhere."""
        return "".join(self.err.split())


class Terminal:
    """Runs commands; the environment is the test's."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *arguments: object) -> Said:
        """Run one command to its end."""
        argv = ["dexter", *map(str, arguments)]
        self._monkeypatch.setattr(sys, "argv", argv)
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = self._capsys.readouterr()
        code = ended.value.code
        return Said(code if isinstance(code, int) else 0, out, err)


def refused(said: Said, code: int) -> None:
    """One sentence, a hint, nothing on stdout, and never a traceback."""
    assert said.code == code
    assert said.out == ""
    assert "Traceback" not in said.err
    marked = [line for line in said.err.splitlines() if line.startswith("✗ ")]
    assert len(marked) == 1
    hints = said.err.partition("✗ ")[2].splitlines()
    assert any(line.startswith("  ") for line in hints)


def failed_document(said: Said, code: int) -> Any:  # noqa: ANN401 - as above
    """The one document of a command that failed with --json."""
    assert said.code == code
    document = said.document
    assert document["status"] == "failed"
    assert document["reason"]
    return document


def copied(recorded: Path, home: Path) -> Path:
    """A home of a test's own with everything another one recorded."""
    shutil.copytree(recorded, home)
    return home
