"""Killed at every boundary: nothing is lost, and every duplicate says it may be one.

The receiver never de-duplicates and fails as its seed says. The deliverer is a process
of its own, ended with SIGKILL at a named point; others then go on from its home.
"""

import json
import random
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from dexter.domain.delivery import DeliveryState, Posting
from dexter.store.alerts import AlertLedger
from dexter.store.database import Database
from dexter.store.outbox import Outbox
from tests.pipelines.daily.loopback import REFUSED, Arrival, Loopback, loopback
from tests.store.making_outbox import NOW, letter, notice

PENDING, SENDING, SENT, UNKNOWN, DEAD = DeliveryState
ROOT = Path(__file__).resolve().parents[3]
LIFE = timedelta(hours=9)
KILLED = -9


@dataclass
class World:
    """Homes, the receiver, and the process that forks deliverers."""

    folder: Path
    receiver: Loopback
    forks: subprocess.Popen[str]

    def home(self, run: str, template: Path) -> Path:
        return Path(shutil.copytree(template, self.folder / run))

    def live(
        self, run: str, number: int = 0, kill_at: str | int | None = None
    ) -> tuple[int, list[str]]:
        """A deliverer's life: how it ended, and the points it came by."""
        assert self.forks.stdin is not None
        assert self.forks.stdout is not None
        log = self.folder / f"{run}.{number}.log"
        life = {
            "home": str(self.folder / run),
            "run": run,
            "port": self.receiver.port,
            "now": (NOW + number * LIFE).isoformat(),
            "kill_at": kill_at,
            "log": str(log),
        }
        self.forks.stdin.write(f"{json.dumps(life)}\n")
        self.forks.stdin.flush()
        ended = int(self.forks.stdout.readline())
        return ended, log.read_text("utf-8").splitlines()

    def waits(self, run: str) -> bool:
        """Whether anything is still to go out."""
        database = Database.open(self.folder / run)
        try:
            return bool(Outbox(database).waiting() or Outbox(database).orphans())
        finally:
            database.close()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    forks = subprocess.Popen(
        [sys.executable, "-m", "tests.pipelines.daily.killed"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with loopback() as receiver, forks:
        yield World(tmp_path, receiver, forks)


def template(folder: Path, postings: Sequence[Posting]) -> Path:
    """A home with an outbox and the ledger of its alerts."""
    database = Database.open(folder)
    ledger = AlertLedger(database)
    for one in postings:
        if one.message.alert:
            version = one.message.version
            ledger.record(one.message.alert, run_id="run", made_at=NOW, version=version)
    outbox = Outbox(database)
    outbox.post(postings, NOW)
    database.close()
    return folder


FEW = (
    letter("HCL", channel="email", recipient="post"),
    letter("TCS"),
    letter("TCS", 2),
)
MANY = (
    *FEW,
    letter("HCL"),
    letter("HCL", recipient="desk"),
    letter("INFY", recipient=REFUSED),
    letter("TCS", channel="email", recipient="post"),
    letter("TCS", 2, channel="email", recipient="post"),
    letter("TCS", 3, channel="email", recipient="post"),
    letter("INFY"),
    letter("INFY", channel="email", recipient="post"),
    notice(),
    notice(channel="email", recipient="post"),
)


def held(world: World, run: str, postings: Sequence[Posting]) -> None:
    """The promises of the outbox, held against what the receiver got."""
    database = Database.open(world.folder / run)
    try:
        rows = Outbox(database).all()
        records = AlertLedger(database).records()
        with database.read() as connection:
            whole = connection.scalar(sa.text("PRAGMA integrity_check"))
    finally:
        database.close()
    assert whole == "ok"
    assert {row.state for row in rows} <= {SENT, DEAD}
    arrived: defaultdict[tuple[str, str], list[Arrival]] = defaultdict(list)
    for one in world.receiver.arrived[run]:
        arrived[one.item, one.recipient].append(one)
    for row in rows:
        got = arrived[row.item, row.recipient]
        mine = [one for one in got if one.version == row.version]
        # None is lost: all but the refused arrived, or a later version did.
        later = any(one.version > row.version for one in got)
        assert mine or row.recipient == REFUSED or (row.state is DEAD and later), row
        assert row.state is DEAD or mine, row
        assert all(one.repeat for one in mine[1:]), (row, mine)
        assert row.repeats >= sum(one.repeat for one in mine)
    for got in arrived.values():
        versions = [one.version for one in got]
        assert versions == sorted(versions), got
    out = {(row.item, row.version) for row in rows if row.state is SENT}
    assert {(one.id, one.version) for one in records if one.sent_at} == {
        key for key in out if "/" not in key[0]
    }
    assert len({row.key for row in rows}) == len(rows) >= len(postings)


def finished(world: World, run: str, number: int) -> None:
    """Lives without an accident, until nothing waits."""
    for life in range(number, number + 4):
        ended, _ = world.live(run, life)
        assert ended == 0
        if not world.waits(run):
            return
    pytest.fail("it never came to an end")


def baseline(world: World, seed: str, postings: Sequence[Posting]) -> list[str]:
    """Every point of a life nothing happens to."""
    home = template(world.folder / f"template{seed}", postings)
    run = f"{seed}-whole"
    world.home(run, home)
    ended, points = world.live(run)
    assert ended == 0
    held(world, run, postings)
    # Where nobody is killed, only a cut answer makes a duplicate.
    keys = Counter(
        (a.item, a.version, a.recipient) for a in world.receiver.arrived[run]
    )
    assert sum(keys.values()) - len(keys) <= world.receiver.lost[run]
    return points


def killed_everywhere(world: World, seed: str, postings: Sequence[Posting]) -> int:
    """One life killed at each point, and those that go on; how many points."""
    points = baseline(world, seed, postings)
    for number, point in enumerate(points):
        run = f"{seed}-{number}"
        world.home(run, world.folder / f"template{seed}")
        ended, before = world.live(run, 0, point)
        assert ended == KILLED, point
        assert point not in before
        finished(world, run, 1)
        held(world, run, postings)
    return len(points)


@pytest.mark.parametrize("seed", ["8"])
def test_killed_at_every_boundary(world: World, seed: str) -> None:
    points = killed_everywhere(world, seed, FEW)
    assert points > 50


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["8"])
def test_killed_at_every_boundary_of_many(world: World, seed: str) -> None:
    points = killed_everywhere(world, seed, MANY)
    assert points > 200


@pytest.mark.slow
def test_killed_again_and_again(world: World) -> None:
    """Those that go on are killed too, at a moment of their own, up to five times."""
    chance, kills = random.Random(7), 0  # noqa: S311 - seeded
    for number in range(100):
        seed = f"s{number}"
        points = baseline(world, seed, MANY)
        run = f"{seed}-0"
        world.home(run, world.folder / f"template{seed}")
        life = 0
        for life in range(chance.randint(1, 5)):
            ended, _ = world.live(run, life, chance.randint(1, len(points)))
            kills += ended == KILLED
        finished(world, run, life + 1)
        held(world, run, MANY)
    assert kills > 100
