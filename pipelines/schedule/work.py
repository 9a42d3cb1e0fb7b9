"""What a timer runs, where, and when."""

import shlex
import sys
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Protocol

from platformdirs import user_config_path, user_state_path

from dexter.domain.moment import IST

BEGIN = time(8, 45)
"""Shortly before the open, in Indian time."""
DAY = "daily --catch-up --watch"
OUTBOX = "alerts outbox --send"
EVERY_MINUTES = 5
"""How often what waits in the outbox is looked at."""


@dataclass(frozen=True, slots=True)
class Work:
    """Everything a timer has to know.

    ``dexter`` is the command of this environment, ``folder`` where it runs and finds
    ``.env``, ``state`` where a timer without a journal writes its log.
    """

    dexter: Path
    home: Path
    folder: Path
    state: Path


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer that is set: of which kind, whether it will run, and what to know."""

    kind: str
    active: bool
    next: datetime | None
    reason: str | None = None


class Keeper(Protocol):
    """Somebody who runs things at their time."""

    @property
    def kind(self) -> str:
        """``systemd`` or ``cron``."""
        ...

    def planned(self, work: Work) -> dict[str, str]:
        """What would be written: content by place."""
        ...

    def install(self, work: Work) -> None:
        """Set the timer, or set it anew.

        Raises:
            TimerRefusedError: it was refused; what was set before stands.
        """
        ...

    def remove(self) -> bool:
        """Take the timer away; whether there was one."""
        ...

    def timer(self, now: datetime) -> Timer | None:
        """The timer as it stands, or none."""
        ...


def here(home: Path) -> Work:
    """The work of this user, with the command that is running now."""
    beside = Path(sys.executable).with_name("dexter")
    dexter = beside if beside.is_file() else Path(sys.argv[0]).absolute()
    return Work(dexter, home, user_config_path("dexter"), user_state_path("dexter"))


def next_begin(now: datetime) -> datetime:
    """When a day begins next; every day, the command itself knows the holidays."""
    local = now.astimezone(IST)
    today = local.replace(hour=BEGIN.hour, minute=BEGIN.minute, second=0, microsecond=0)
    return today if today > local else today + timedelta(days=1)


def for_shell(path: Path) -> str:
    """A path as a word of sh."""
    return shlex.quote(str(path))
