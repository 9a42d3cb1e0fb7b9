"""Every task ends once, in order, whatever fails; nothing hangs."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dexter.domain.research import Finding, Task, TaskOutcome, TaskStatus
from dexter.errors import DiskFullError, JournalError
from dexter.orchestrator.schedule import Needs, carry_out
from tests.orchestrator.graphs import EPOCH, SUBJECTS, World, graphs, task

DONE, FAILED, SKIPPED = TaskStatus.DONE, TaskStatus.FAILED, TaskStatus.SKIPPED


def run(
    tasks: tuple[Task, ...],
    world: World,
    concurrency: int = 16,
    earlier: Needs | None = None,
) -> tuple[TaskOutcome, ...]:
    async def bounded() -> tuple[TaskOutcome, ...]:
        async with asyncio.timeout(20):
            return await carry_out(tasks, world.terms(concurrency), earlier)

    return asyncio.run(bounded())


def planned(outcome: TaskOutcome) -> str:
    return outcome.task.id.partition(".")[0]


@given(graphs(), st.integers(1, 4))
@settings(max_examples=150, deadline=None)
def test_every_task_ends_in_one_outcome(
    drawn: tuple[tuple[Task, ...], World], concurrency: int
) -> None:
    tasks, world = drawn

    outcomes = run(tasks, world, concurrency)

    ids = [o.task.id for o in outcomes]
    assert max(Counter(ids).values(), default=1) == 1
    assert Counter(world.onlooker.ended) == Counter(ids)
    assert world.most <= concurrency
    by_task: dict[str, list[TaskOutcome]] = {t.id: [] for t in tasks}
    for outcome in outcomes:
        by_task[planned(outcome)].append(outcome)
    # In the order of the plan, repeats together and in the order of the subjects.
    assert [o for t in tasks for o in by_task[t.id]] == list(outcomes)
    for one in tasks:
        _ends_as_it_should(one, by_task, world)


def _ends_as_it_should(
    one: Task, by_task: dict[str, list[TaskOutcome]], world: World
) -> None:
    mine = by_task[one.id]
    if one.each is None:
        assert [o.task.id for o in mine] == [one.id]
    else:
        (source,) = by_task[one.each]
        subjects = list(dict.fromkeys(source.finding.subjects))
        repeats = [f"{one.id}.{s}" for s in subjects]
        expected = repeats if source.status is DONE else [one.id]
        assert [o.task.id for o in mine] == expected
    for outcome in mine:
        broken = outcome.task.id in world.failing | world.crashing
        if outcome.status is SKIPPED:
            assert outcome.reason is not None
            assert outcome.reason.startswith("needs ")
            assert outcome.task.id not in world.needs
        else:
            assert outcome.status is (FAILED if broken else DONE)
            assert (outcome.reason is None) is (outcome.status is DONE)
            _ran_after_its_needs(outcome, world)


def _ran_after_its_needs(outcome: TaskOutcome, world: World) -> None:
    assert set(world.needs[outcome.task.id]) == set(outcome.task.depends_on)
    tolerant = planned(outcome) in world.tolerant
    for found in world.needs[outcome.task.id].values():
        for need in found:
            if need.status is not SKIPPED:
                at = world.done.index(need.task.id)
                assert at < world.done.index(outcome.task.id)
        assert tolerant or not found or any(need.status is DONE for need in found)


def test_a_failure_skips_what_depends_on_it_and_nothing_else() -> None:
    tasks = (task("t1"), task("t2", "t1"), task("t3"), task("t4", "t2"))
    world = World(failing=frozenset({"t1"}))

    first, second, third, fourth = run(tasks, world)

    assert (first.status, third.status) == (FAILED, DONE)
    assert first.reason is not None
    assert "No company called “t1”" in first.reason
    assert second.reason == f"needs t1, which failed: {first.reason}"
    assert fourth.reason == f"needs t2, which skipped: {second.reason}"


def test_a_crash_is_a_failure_with_its_kind() -> None:
    (only,) = run((task("t1"),), World(crashing=frozenset({"t1"})))

    assert only.reason == "internal fault, RuntimeError: t1 broke"


def test_a_tolerant_task_runs_on_what_is_left() -> None:
    tasks = (task("t1"), task("t2"), task("t3", "t1", "t2"))
    world = World(failing=frozenset({"t1"}), tolerant=frozenset({"t3"}))

    outcomes = run(tasks, world)

    assert outcomes[2].status is DONE
    assert world.needs["t3"]["t1"][0].status is FAILED


def test_each_repeats_once_a_subject_and_each_subject_waits_for_its_own() -> None:
    tasks = (task("t1"), task("t2", each="t1"), task("t3", "t2", each="t1"))
    world = World(sources=frozenset({"t1"}), failing=frozenset({"t2.INFY"}))

    outcomes = run(tasks, world)

    assert [o.task.id for o in outcomes[1:4]] == ["t2.TCS", "t2.INFY", "t2.WIPRO"]
    assert [o.status for o in outcomes[4:]] == [DONE, SKIPPED, DONE]
    assert [o.task.id for o in world.needs["t3.WIPRO"]["t2"]] == ["t2.WIPRO"]
    assert outcomes[1].task.arguments == {"symbol": "TCS"}
    assert world.onlooker.came == [o.task.id for o in outcomes[1:]]


def test_one_failed_subject_leaves_the_ranking_its_others() -> None:
    tasks = (task("t1"), task("t2", each="t1"), task("t3", "t2"))
    world = World(sources=frozenset({"t1"}), failing=frozenset({"t2.INFY"}))

    assert run(tasks, world)[-1].status is DONE
    assert len(world.needs["t3"]["t2"]) == len(set(SUBJECTS))


def test_no_subjects_is_no_fault() -> None:
    tasks = (task("t1"), task("t2", each="t1"), task("t3", "t2"))

    outcomes = run(tasks, World())

    assert [o.task.id for o in outcomes] == ["t1", "t3"]
    assert {o.status for o in outcomes} == {DONE}


def test_follow_ups_see_earlier_outcomes_and_each_subject_its_own() -> None:
    earlier_world = World(sources=frozenset({"t1"}))
    first = run((task("t1"), task("t2", each="t1")), earlier_world)
    earlier = {"t1": first[:1], "t2": first[1:]}
    world = World()

    outcomes = run((task("v1", "t2", each="t1"),), world, earlier=earlier)

    assert [o.task.id for o in outcomes] == ["v1.TCS", "v1.INFY", "v1.WIPRO"]
    assert [o.task.id for o in world.needs["v1.TCS"]["t2"]] == ["t2.TCS"]


@pytest.mark.parametrize(
    "error",
    [JournalError("The chain broke."), DiskFullError(Path("journal.db"), "full")],
)
async def test_when_the_record_cannot_be_kept_everything_stops(
    error: Exception,
) -> None:
    world = World(sources=frozenset({"t1"}))

    async def failing(one: Task, needs: Needs) -> Finding:
        if one.id == "t2.INFY":
            raise error
        return await world.carry(one, needs)

    tasks = (task("t1"), task("t2", each="t1"), task("t3", "t2"))
    terms = replace(world.terms(), carry=failing)

    async with asyncio.timeout(5):
        with pytest.raises(type(error)):
            await carry_out(tasks, terms)
    assert "t3" not in world.needs


async def test_a_record_that_cannot_be_stamped_stops_the_run() -> None:
    world = World()

    async def refuse(_: Task, began: datetime) -> tuple[datetime, datetime]:
        sentence = f"no room since {began}"
        raise JournalError(sentence)

    terms = replace(world.terms(), stamp=refuse)
    with pytest.raises(JournalError, match="no room"):
        await carry_out((task("t1"), task("t2", "t1")), terms)


async def test_cancelling_the_run_cancels_what_runs() -> None:
    world = World()
    began, ended = asyncio.Event(), asyncio.Event()

    async def endless(_: Task, __: Needs) -> Finding:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return Finding()

    terms = replace(world.terms(), carry=endless)
    running = asyncio.create_task(carry_out((task("t1"), task("t2", "t1")), terms))
    async with asyncio.timeout(5):
        await began.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await ended.wait()


def test_times_are_those_stamped() -> None:
    (only,) = run((task("t1"),), World())

    assert only.started is not None
    assert only.finished is not None
    assert EPOCH < only.started < only.finished
