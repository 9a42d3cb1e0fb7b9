"""Task graphs to carry out: drawn at random, with a world that fails on cue."""

import asyncio
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import strategies as st

from dexter.domain.moment import IST
from dexter.domain.research import Finding, Plan, Task, TaskOutcome
from dexter.errors import UnknownCompanyError
from dexter.orchestrator.schedule import Needs, Terms

EPOCH = datetime(2024, 7, 12, 18, 0, tzinfo=IST)
SUBJECTS = ("TCS", "INFY", "WIPRO", "TCS")


@dataclass
class Onlooker:
    """Remembers what it was told."""

    began: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    came: list[str] = field(default_factory=list)

    def planned(self, plan: Plan) -> None:
        """Nothing."""

    def added(self, tasks: tuple[Task, ...]) -> None:
        self.came += [task.id for task in tasks]

    def started(self, task: Task) -> None:
        self.began.append(task.id)

    def finished(self, outcome: TaskOutcome) -> None:
        self.ended.append(outcome.task.id)

    def stage(self, name: str, detail: str) -> None:
        """Nothing."""

    def heard(self, agent: str, text: str) -> None:
        """Nothing."""


@dataclass
class World:
    """Carries tasks out: dawdles, fails or brings subjects, as their ids say."""

    failing: frozenset[str] = frozenset()
    crashing: frozenset[str] = frozenset()
    tolerant: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    dawdle: Callable[[str], int] = len
    running: int = 0
    most: int = 0
    ticks: int = 0
    needs: dict[str, Needs] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    onlooker: Onlooker = field(default_factory=Onlooker)

    async def carry(self, task: Task, needs: Needs) -> Finding:
        self.needs[task.id] = needs
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            for _ in range(self.dawdle(task.id) % 5):
                await asyncio.sleep(0)
            if task.id in self.failing:
                raise UnknownCompanyError(task.id)
            if task.id in self.crashing:
                msg = f"{task.id} broke"
                raise RuntimeError(msg)
        finally:
            self.running -= 1
            self.done.append(task.id)
        return Finding(subjects=SUBJECTS if task.id in self.sources else ())

    def now(self) -> datetime:
        self.ticks += 1
        return EPOCH + timedelta(seconds=self.ticks)

    async def stamp(self, _: Task, began: datetime) -> tuple[datetime, datetime]:
        await asyncio.sleep(0)
        return began, self.now()

    def terms(self, concurrency: int = 16) -> Terms:
        return Terms(
            self.carry,
            self.now,
            self.stamp,
            lambda task: task.id.partition(".")[0] in self.tolerant,
            self.onlooker,
            concurrency,
        )


def task(name: str, *needs: str, each: str | None = None) -> Task:
    depends = (*needs, each) if each and each not in needs else needs
    return Task(name, "a_tool", {}, depends, each)


def _some(names: list[str]) -> st.SearchStrategy[list[str]]:
    if not names:
        return st.just([])
    return st.lists(st.sampled_from(names), unique=True, max_size=3)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[tuple[Task, ...], World]:
    """Tasks without cycles in any order of the plan, and what each will do."""
    size = draw(st.integers(1, 9))
    names = [f"t{i}" for i in range(1, size + 1)]
    tasks: list[Task] = []
    plain: list[str] = []
    for i, name in enumerate(names):
        needs = draw(_some(names[:i])) if i else []
        each = draw(st.sampled_from([None, *plain]))
        tasks.append(task(name, *needs, each=each))
        if each is None:
            plain.append(name)
    possible = [*names, *(f"{n}.{s}" for n in names for s in set(SUBJECTS))]
    some: st.SearchStrategy[frozenset[str]] = st.frozensets(
        st.sampled_from(possible), max_size=4
    )
    seed = draw(st.integers(0, 1000))
    world = World(
        failing=draw(some),
        crashing=draw(some),
        tolerant=draw(st.frozensets(st.sampled_from(names), max_size=3)),
        sources=frozenset(plain) - draw(some),
        dawdle=lambda name: zlib.crc32(f"{seed}{name}".encode()),
    )
    return tuple(draw(st.permutations(tasks))), world
