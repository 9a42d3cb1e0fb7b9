"""A season lived by processes that are killed: ``… season_killed HOME SEASON WHERE``.

The parent has everything imported and runs nothing itself. It forks a child that goes
on with the season where the one before was cut, and ends it with SIGKILL: after a time
drawn by chance, or by the child's own hand at a boundary of the outbox. What a child
has behind it stands in files alone. In the end it prints how each of them died.
"""

import asyncio
import importlib
import json
import os
import random
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from dexter.alerts.mail import Mail
from dexter.alerts.telegram import Telegram
from dexter.domain.delivery import Message, Receipt
from dexter.store.database import DATABASE_FILE
from dexter.store.outbox import Outbox
from pipelines.daily.keeping import Keeper
from tests.pipelines.daily.season import Season, Step, steps
from tests.pipelines.daily.season_home import delivered, live
from tests.pipelines.daily.season_outside import Outside

BOUNDARIES = ("before the intent", "after the intent", "taken", "after the receipt")
COMMIT = ("before a filing's commit", "after a filing's commit")
BY_CHANCE = "by chance"
DELAY = timedelta(seconds=30)
"""By how much a step begins later, after each death in it."""
_SHORT, _LONG, _BY_ITSELF = (0.1, 1.5), (0.5, 5.0), (60.0, 60.0)
"""Seconds after which a life is ended: of one that is ahead of its time, one that lags
behind, and one that waits for a boundary."""
_RESTLESS = 400
"""Lives after which something hangs."""


@dataclass
class Lives:
    """A season, where it is lived, and how often it is to be cut."""

    home: Path
    season: Season
    outside: Outside
    kills: int
    chance: random.Random

    def __post_init__(self) -> None:
        self.steps = list(steps(self.season))
        self.deaths: Counter[str] = Counter()
        self._again = False
        self._in_step: Counter[int] = Counter()

    @property
    def place(self) -> int:
        """The step that is to be lived, by its number."""
        with suppress(FileNotFoundError):
            return int(self._file.read_text("utf-8"))
        return 0

    @property
    def _file(self) -> Path:
        return self.home / "steps"

    @property
    def over(self) -> bool:
        """Whether all steps are done, and all deaths died."""
        return self.place > len(self.steps) and self.deaths.total() >= self.kills

    def once(self) -> None:
        """A life, and its end."""
        left = self.kills - self.deaths.total()
        if self.place > len(self.steps) and left:
            # Lived to the end too early: every day once more, which adds nothing.
            self._again = True
            self._move(0)
        place, how = self.place, self._drawn() if left else None
        child = os.fork()
        if child == 0:
            self._child(how)
        if how is not None and self._kill_later(child, how):
            how = BY_CHANCE
        _, status = os.waitpid(child, 0)
        ended = os.waitstatus_to_exitcode(status)
        if ended == -signal.SIGKILL:
            self.deaths[how or BY_CHANCE] += 1
            self._in_step[self.place] += 1
        elif ended:
            msg = f"step {place} ended with {ended}"
            raise RuntimeError(msg)

    def _drawn(self) -> str:
        """How the next life ends: mostly over a letter, while there are any to come."""
        if self._again:
            return BY_CHANCE
        idle = self._ahead and not self._waiting
        chances = [BY_CHANCE] * (6 if idle else 2)
        return self.chance.choice((*BOUNDARIES, *BOUNDARIES, *COMMIT, *chances))

    @property
    def _ahead(self) -> bool:
        """Whether more of the season is over than of the deaths."""
        return self.place / len(self.steps) > self.deaths.total() / self.kills

    @property
    def _waiting(self) -> bool:
        """Whether a letter is still to go out."""
        with closing(sqlite3.connect(self.home / DATABASE_FILE)) as connection:
            query = "SELECT 1 FROM outbox WHERE state NOT IN ('sent', 'dead')"
            return connection.execute(query).fetchone() is not None

    def _kill_later(self, child: int, how: str) -> bool:
        """End a life, if it has not ended before; whether it was ended here."""
        wait = _SHORT if self._ahead else _LONG
        if how != BY_CHANCE:
            wait = _BY_ITSELF
        deadline = time.monotonic() + self.chance.uniform(*wait)
        while time.monotonic() < deadline:
            time.sleep(0.01)
            if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                return False
        os.kill(child, signal.SIGKILL)
        return True

    def _child(self, how: str | None) -> None:
        code = 1
        try:
            if how in {*BOUNDARIES, *COMMIT}:
                _die_at(str(how))
            self._live()
            code = 0
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _live(self) -> None:
        while (place := self.place) <= len(self.steps):
            later = DELAY * self._in_step[place]
            if place < len(self.steps):
                asyncio.run(live(self.home, self.steps[place], self.outside, later))
            else:
                end = self.steps[-1].at + timedelta(hours=8) + later
                asyncio.run(delivered(self.home, end, self.outside))
            self._move(place + 1)

    def _move(self, place: int) -> None:
        part = self._file.with_suffix(".part")
        part.write_text(str(place), "utf-8")
        part.replace(self._file)


def _die_at(where: str) -> None:
    """Let this process end itself when it comes by a boundary."""

    def reach(name: str) -> None:
        if name == where:
            os.kill(os.getpid(), signal.SIGKILL)

    around = (
        (Outbox, "begin", "before the intent", "after the intent"),
        (Outbox, "sent", "", "after the receipt"),
        (Keeper, "__call__", *COMMIT),
    )
    for kind, name, before, after in around:
        setattr(kind, name, _watched(getattr(kind, name), reach, before, after))
    for channel in (Telegram, Mail):
        channel.send = _taken(channel.send, reach)  # type: ignore[method-assign]  # the point of this


def _watched(
    do: Callable[..., object], reach: Callable[[str], None], before: str, after: str
) -> Callable[..., object]:
    def step(*what: object, **named: object) -> object:
        reach(before)
        done = do(*what, **named)
        reach(after)
        return done

    return step


def _taken(send: Callable[..., Any], reach: Callable[[str], None]) -> Any:  # noqa: ANN401
    async def sending(self: object, message: Message, recipient: str) -> Receipt:
        receipt: Receipt = await send(self, message, recipient)
        reach("taken")
        return receipt

    return sending


def _import_all(home: Path, busy: Step, outside: Outside) -> None:
    """Everything a day imports on its way, as a life that is thrown away tells."""
    log = home.with_name(f"{home.name}.modules")
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            asyncio.run(live(home.with_name("thrown-away"), busy, outside))
        log.write_text("\n".join(sys.modules), "utf-8")
        os._exit(0)
    os.waitpid(child, 0)
    for name in log.read_text("utf-8").splitlines():
        with suppress(Exception):
            importlib.import_module(name)


@contextmanager
def _single() -> Iterator[None]:
    """See that no thread of ours is lost in a fork."""
    running = len(list(Path("/proc/self/task").iterdir()))
    if running != 1:
        msg = f"{running} threads run where children are forked"
        raise RuntimeError(msg)
    yield


def main() -> None:
    """Live a season to its end, dying on the way."""
    home, season, where, kills, seed = sys.argv[1:]
    outside = Outside(**json.loads(where))
    lives = Lives(
        Path(home),
        Season.from_json(season),
        outside,
        int(kills),
        random.Random(int(seed)),  # noqa: S311 - a seeded script
    )
    _import_all(lives.home, lives.steps[1], outside)
    for _ in range(_RESTLESS):
        if lives.over:
            break
        with _single():
            lives.once()
    else:
        msg = f"step {lives.place} is lived again and again"
        raise RuntimeError(msg)
    sys.stdout.write(json.dumps(lives.deaths))


if __name__ == "__main__":
    main()
