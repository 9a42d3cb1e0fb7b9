"""Runs to record: random task graphs over a world that counts its calls."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import partial

from hypothesis import strategies as st

from dexter.errors import UnknownCompanyError
from dexter.journal import Journal
from dexter.journal.store import MemoryJournalStore

IST = timezone(timedelta(hours=5, minutes=30), "IST")
HEADER: Mapping[str, object] = {
    "query": "How did TCS do?",
    "started": "2025-07-10T18:00:00+05:30",
    "model": "offline",
}
LARGE = 1500


@dataclass(frozen=True, slots=True)
class Reading:
    """What a step gives: the kinds of values ports give."""

    value: Decimal | None
    at: datetime
    parts: tuple[str, ...]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a task: how long it dawdles, and how it ends."""

    name: str
    turns: int
    end: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A task: steps one after another, then its children side by side."""

    steps: tuple[Step, ...]
    children: tuple["Branch", ...] = ()
    own_span: bool = True


@dataclass
class World:
    """Answers by what was asked; remembers what it was asked.

    ``fickle`` answers carry the number of the call, so no two runs agree by accident.
    ``pace`` shifts how long each call takes, and with it every interleaving.
    """

    fickle: bool = False
    pace: int = 0
    calls: list[str] = field(default_factory=list)

    async def ask(self, step: Step, what: str) -> Reading:
        """Answer, dawdling first."""
        self.calls.append(what)
        number = len(self.calls)
        for _ in range((step.turns + self.pace * number) % 5):
            await asyncio.sleep(0)
        if step.end == "error":
            raise UnknownCompanyError(what, ("TCS", "TCSX"))
        tail = "x" * LARGE if step.end == "large" else "—"
        value = Decimal(number) / 7 if self.fickle else Decimal(len(what))
        return Reading(
            value=None if step.end == "absent" else value,
            at=datetime(2025, 7, 10, 18, number % 60, tzinfo=IST)
            if self.fickle
            else datetime(2025, 7, 10, tzinfo=IST),
            parts=(what, tail),
            reason="nobody said" if step.end == "absent" else None,
        )


async def walk(journal: Journal, world: World, branch: Branch, name: str) -> object:
    """Carry a branch out; what each step gave goes into the next one's inputs."""
    if not branch.own_span:
        return await _walk(journal, world, branch, name)
    with journal.span(f"task:{name}"):
        return await _walk(journal, world, branch, name)


async def _walk(journal: Journal, world: World, branch: Branch, name: str) -> object:
    told: list[object] = []
    for step in branch.steps:
        what = f"{name}.{step.name}.{len(told)}.{hash_of(told)}"
        inputs = {"what": what, "so_far": len(told)}
        try:
            told.append(
                await journal.step(
                    step.name, inputs, partial(world.ask, step, what), Reading
                )
            )
        except UnknownCompanyError as error:
            told.append(
                (type(error), str(error), error.hint, error.text, error.nearest)
            )
    await journal.note("task", {"name": name, "steps": len(told)})
    async with asyncio.TaskGroup() as group:
        below = [
            group.create_task(walk(journal, world, child, f"{name}.{number}"))
            for number, child in enumerate(branch.children)
        ]
    return told, [task.result() for task in below]


def hash_of(told: list[object]) -> str:
    """A short name for what came before, the same in every process."""
    return str(sum(map(ord, repr(told))))


async def whole(journal: Journal, world: World, branch: Branch) -> object:
    """A run from its first step to its end."""
    told = await walk(journal, world, branch, "t")
    await journal.finish("finished", {"steps": len(repr(told))})
    return told


def record(
    branch: Branch, world: World, store: MemoryJournalStore | None = None
) -> tuple[MemoryJournalStore, object, Journal]:
    """Record a run in memory."""
    store = store or MemoryJournalStore()

    async def go() -> tuple[object, Journal]:
        journal = Journal.begin(store, "run-1", HEADER)
        return await whole(journal, world, branch), journal

    told, journal = asyncio.run(go())
    return store, told, journal


def cut(store: MemoryJournalStore, events: int) -> MemoryJournalStore:
    """The same store as it was after a number of events: the process died there."""
    earlier = MemoryJournalStore()
    earlier.events = {run: kept[:events] for run, kept in store.events.items()}
    earlier.texts = dict(store.texts)
    return earlier


STEPS = st.builds(
    Step,
    name=st.sampled_from(["prices.history", "filings.figures", "model.complete"]),
    turns=st.integers(0, 4),
    end=st.sampled_from(["value", "value", "large", "absent", "error"]),
)
BRANCHES = st.recursive(
    st.builds(Branch, steps=st.lists(STEPS, min_size=1, max_size=3).map(tuple)),
    lambda below: st.builds(
        Branch,
        steps=st.lists(STEPS, max_size=3).map(tuple),
        children=st.lists(below, max_size=4).map(tuple),
        own_span=st.booleans(),
    ),
    max_leaves=6,
)

SAMPLE = Branch(
    steps=(Step("model.complete", 1, "large"), Step("clock.now", 0, "value")),
    children=(
        Branch((Step("prices.history", 3, "value"), Step("filings.get", 0, "error"))),
        Branch((Step("prices.history", 1, "absent"),), own_span=False),
        Branch(
            (Step("prices.history", 2, "large"), Step("prices.history", 0, "value"))
        ),
    ),
)
