"""Which locked periods were opened, by which run, and what it found; lines stay."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from registry import lines

FOLDER = "studies"
_FILE = "openings.jsonl"


class Line(BaseModel):
    """An act: a run opened the locked period, or told what it found in it.

    ``document`` is the hash of what it found, as its journal has it.
    """

    model_config = ConfigDict(frozen=True)

    act: Literal["opened", "found"]
    study: str
    spec_sha256: str
    run_id: str
    at: datetime
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """The one opening of a specification, and the finding that counts, if any."""

    opened: Line
    found: Line | None


class Openings:
    """The openings of a home; a line once written is never changed."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER
        self._path = self._folder / _FILE

    def of(self, spec_sha256: str) -> Opening | None:
        """The opening of a specification; null when it is locked still.

        Raises:
            IntegrityError: a line does not read.
        """
        mine = [line for line in self._lines() if line.spec_sha256 == spec_sha256]
        opened = next((line for line in mine if line.act == "opened"), None)
        found = next((line for line in mine if line.act == "found"), None)
        return Opening(opened, found) if opened else None

    def of_others(self, study: str, spec_sha256: str) -> tuple[Line, ...]:
        """Openings of the same study under other specifications, oldest first."""
        return tuple(
            line
            for line in self._lines()
            if line.act == "opened"
            and line.study == study
            and line.spec_sha256 != spec_sha256
        )

    def add(self, line: Line) -> Opening:
        """Add a line unless one of its kind is there; say what counts.

        Raises:
            HomeUnwritableError: the home cannot be written.
            IntegrityError: a line does not read.
        """
        with lines.locked(self._folder):
            there = self.of(line.spec_sha256)
            held = there and (there.opened if line.act == "opened" else there.found)
            if held is None:
                lines.append(self._path, [line.model_dump(mode="json")])
                there = self.of(line.spec_sha256)
        assert there is not None  # noqa: S101 - it was there or was added
        return there

    def _lines(self) -> tuple[Line, ...]:
        return tuple(
            self._line(number, told)
            for number, told in enumerate(lines.read(self._path), 1)
        )

    def _line(self, number: int, told: dict[str, object]) -> Line:
        try:
            return Line.model_validate(told)
        except ValidationError as error:
            raise lines.DamagedLinesError(self._path, number) from error
