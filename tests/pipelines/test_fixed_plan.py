"""A plan given with the question: carried out as it is, recorded, resumed, replayed."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from dexter.agents import planner
from dexter.domain.research import Plan, ReportStatus, Task
from dexter.domain.run import RunStatus
from dexter.journal import Journal, verify
from dexter.llm.offline import OfflineModel
from dexter.orchestrator.reporting import as_json
from dexter.orchestrator.run import Question
from dexter.settings import Settings
from pipelines import research
from pipelines.runtime import Desk, open_desk
from pipelines.silent import Silent
from tests.homes import lent

PLAN = Plan(
    tasks=(
        Task("a", "compute_features", {"symbol": "KAVCEM", "moment": "now"}),
        Task("b", "vcp", {"symbol": "KAVCEM", "moment": "now"}),
    ),
    understood_as="every feature of KAVCEM, now",
)
# What the planner would make of these words is another thing altogether.
QUESTION = Question("How did Kaveri Cables do in Q1 FY26?", None, PLAN)


@pytest.fixture
def desk(sample_home: Path, tmp_path: Path) -> Iterator[Desk]:
    """A desk on the sample market with a journal of its own."""
    lent(sample_home, tmp_path)
    opened = open_desk(Settings(home=tmp_path), sample=True)
    yield opened
    opened.close()


@pytest.fixture
def no_planner(monkeypatch: pytest.MonkeyPatch) -> None:
    async def asked(*_: object) -> NoReturn:
        pytest.fail("the planner was asked")

    monkeypatch.setattr(planner, "plan", asked)


class Cut(Silent):
    """Ends the run once a stage begins."""

    def __init__(self, stage: str) -> None:
        self._stage = stage

    def stage(self, name: str, detail: str) -> None:
        """A stage begins."""
        assert detail is not None
        if name == self._stage:
            raise asyncio.CancelledError


@pytest.mark.usefixtures("no_planner")
async def test_it_is_carried_out_without_the_planner(desk: Desk) -> None:
    report = await research.ask(desk, QUESTION, OfflineModel(), Silent())

    assert report.plan.understood_as == PLAN.understood_as
    assert [(t.id, t.tool, t.arguments) for t in report.plan.tasks] == [
        (t.id, t.tool, t.arguments) for t in PLAN.tasks
    ]
    assert report.query == QUESTION.text
    assert {e.symbol for e in report.evidence.values() if e.symbol} == {"KAVCEM"}


async def test_it_is_recorded_in_the_header(desk: Desk) -> None:
    report = await research.ask(desk, QUESTION, OfflineModel(), Silent())

    header: Any = Journal.replay(desk.journals, report.run_id).header
    assert header["query"] == QUESTION.text
    assert header["plan"]["understood_as"] == PLAN.understood_as
    assert [task["id"] for task in header["plan"]["tasks"]] == ["a", "b"]
    plain = Question(QUESTION.text)
    asked = await research.ask(desk, plain, OfflineModel(), Silent())
    assert "plan" not in Journal.replay(desk.journals, asked.run_id).header


@pytest.mark.usefixtures("no_planner")
async def test_it_replays_byte_for_byte(desk: Desk) -> None:
    report = await research.ask(desk, QUESTION, OfflineModel(), Silent())

    again = await research.replay(desk.journals, report.run_id, Silent())
    assert as_json(again) == as_json(report)
    head = desk.kept_head(report.run_id)
    assert verify(desk.journals, report.run_id, head).ok


@pytest.mark.usefixtures("no_planner")
@pytest.mark.parametrize("stage", ["planning", "acting", "validating", "writing"])
async def test_a_run_that_was_cut_goes_on_with_it(desk: Desk, stage: str) -> None:
    run_id = research.fresh_id(desk)
    with pytest.raises(asyncio.CancelledError):
        await research.ask(desk, QUESTION, OfflineModel(), Cut(stage), run_id)
    (run,) = desk.journals.runs()
    assert run.status is RunStatus.INTERRUPTED

    done = await research.resume(desk, run_id, OfflineModel(), Silent())

    assert [task.id for task in done.plan.tasks] == ["a", "b"]
    assert as_json(await research.replay(desk.journals, run_id, Silent())) == as_json(
        done
    )


@pytest.mark.usefixtures("no_planner")
async def test_a_plan_of_nothing_is_not_carried_out(desk: Desk) -> None:
    none = Question("Nothing", None, Plan((), "", cannot="there is nothing to do"))

    report = await research.ask(desk, none, OfflineModel(), Silent())

    assert (report.status, report.reason) == (
        ReportStatus.ABSTAINED,
        "there is nothing to do",
    )
