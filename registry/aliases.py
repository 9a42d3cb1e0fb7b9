"""Who is champion and who challenger: a log of acts, the last of which counts.

Homes of before kept two files, ``champion`` (the version in charge) and ``history``
(those before it, one a line); the first write takes them over into the log.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from registry import lines

ALIASES_FILE = "aliases.jsonl"
CHAMPION_FILE = "champion"
_HISTORY_FILE = "history"


class Alias(StrEnum):
    """A name for a version that may come to mean another."""

    CHAMPION = "champion"
    CHALLENGER = "challenger"


class Act(BaseModel):
    """One line of the log: an alias came to mean a version.

    ``before`` is what it meant; ``metrics`` and ``checks`` are what the act went by.
    """

    model_config = ConfigDict(frozen=True)

    at: datetime | None
    act: Literal["registered", "promoted", "rolled_back", "taken_over"]
    alias: Alias
    version: str
    before: str | None
    reason: str
    by: Literal["rule", "person"]
    metrics: dict[str, float] = {}
    checks: tuple[str, ...] = ()


class AliasLog:
    """The log of a home's models."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / ALIASES_FILE

    def acts(self) -> tuple[Act, ...]:
        """Every act, oldest first, those of older homes included.

        Raises:
            IntegrityError: a line does not read.
        """
        if not self._path.exists():
            found = tuple(self._taken_over())
            if not self._path.exists():  # nobody took them over while they were read
                return found
        return tuple(
            self._act(number, line)
            for number, line in enumerate(lines.read(self._path), 1)
        )

    def append(self, act: Act) -> None:
        """Add an act, durable on return; the caller holds the lock.

        Raises:
            OSError: it cannot be written.
        """
        fresh = () if self._path.exists() else tuple(self._taken_over())
        lines.append(self._path, [a.model_dump(mode="json") for a in (*fresh, act)])
        for name in (CHAMPION_FILE, _HISTORY_FILE):
            with suppress(OSError):  # they count no more, there or not
                (self._folder / name).unlink()

    def _act(self, number: int, line: dict[str, object]) -> Act:
        try:
            return Act.model_validate(line)
        except ValidationError as error:
            raise lines.DamagedLinesError(self._path, number) from error

    def _taken_over(self) -> Iterator[Act]:
        now = words(self._folder / CHAMPION_FILE)[:1]
        before: str | None = None
        for version in (*words(self._folder / _HISTORY_FILE), *now):
            yield Act(
                at=None,
                act="taken_over",
                alias=Alias.CHAMPION,
                version=version,
                before=before,
                reason="in charge before acts were logged",
                by="person",
            )
            before = version


def words(path: Path) -> list[str]:
    """The words of a small file; none when it is not there."""
    try:
        return path.read_text("utf-8").split()
    except FileNotFoundError:
        return []


def current(acts: Sequence[Act], alias: Alias) -> str | None:
    """What an alias means after all acts; null when none named it.

    A challenger that took charge challenges no longer.
    """
    meant = [act.version for act in acts if act.alias is alias]
    if not meant:
        return None
    if alias is Alias.CHALLENGER and meant[-1] == current(acts, Alias.CHAMPION):
        return None
    return meant[-1]


def earlier(acts: Sequence[Act]) -> str | None:
    """The champion a rollback goes back to; null when there is none.

    Two rollbacks in a row go two champions back.
    """
    stack: list[str] = []
    for act in acts:
        if act.alias is not Alias.CHAMPION:
            continue
        if not stack and act.before is not None:
            stack.append(act.before)
        if act.act != "rolled_back":
            stack.append(act.version)
        elif len(stack) > 1:
            stack.pop()
    return stack[-2] if len(stack) > 1 else None
