"""Action agents: the planned call first, a bounded loop after, nothing thrown away."""

import pytest

from dexter.agents import action
from dexter.errors import (
    BudgetError,
    ModelUnreachableError,
    ToolArgumentsError,
    UnknownToolError,
)
from tests.agents.scripted import (
    Scripted,
    calls,
    context,
    evidence,
    says,
    task,
    toolbox,
)

FOUND = ("read_statement", {"symbol": "KAVCAB"})
NOTHING = ("read_statement", {"symbol": "NILCAST"})
DONE = says(text="done")
GONE = ModelUnreachableError("Nobody is there.")


async def test_a_planned_call_that_finds_something_asks_no_model() -> None:
    model = Scripted([])
    found = await action.act(task("t1"), context(), model, toolbox())
    assert found.evidence == (evidence(),)


@pytest.mark.parametrize("tool", ["results_calendar", "alert"])
async def test_no_model_is_asked_where_no_other_call_would_find_more(tool: str) -> None:
    empty = task("t1", tool, arguments={"symbol": "NILCAST"})
    found = await action.act(empty, context(), Scripted([]), toolbox())
    assert [a.reason for a in found.absences] == ["nothing is kept"]


async def test_repeated_tasks_ask_no_model_for_each_company() -> None:
    empty = task("t1-NILCAST", each="t0", arguments={"symbol": "NILCAST"})
    found = await action.act(empty, context(), Scripted([]), toolbox())
    assert found.absences


async def test_an_empty_statement_is_looked_for_once_more() -> None:
    empty = task("t1", arguments={"symbol": "NILCAST"})
    model = Scripted([calls(FOUND), DONE])
    found = await action.act(empty, context(), model, toolbox())
    assert found.evidence == (evidence(),)
    assert [a.what for a in found.absences] == ["NILCAST"]
    assert "NILCAST: nothing is kept" in model.asked[0].prompt
    answer = model.asked[1].history[0].replies[0]
    assert "net_profit 56.46 crore" in answer.content
    assert evidence().id not in answer.content


async def test_only_tools_for_reading_are_offered() -> None:
    model = Scripted([DONE])
    await action.act(task("t1", None, goal="Find out."), context(), model, toolbox())
    offered = [tool.name for tool in model.asked[0].tools]
    assert offered == ["read_statement", "results_calendar"]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (("read_statement", None), "they are not a JSON object"),
        (("read_statement", {"company": "KAVCAB"}), "symbol: Field required"),
        (("send_alert", {"symbol": "KAVCAB"}), "no tool called 'send_alert'"),
        (("alert", {"symbol": "KAVCAB"}), "no tool called 'alert'"),
    ],
)
async def test_a_call_that_cannot_be_made_comes_back_to_be_mended(
    call: tuple[str, dict[str, object] | None], said: str
) -> None:
    model = Scripted([calls(call, FOUND), DONE])
    goal = task("t1", None, goal="Find out.")
    found = await action.act(goal, context(), model, toolbox())
    assert found.evidence == (evidence(),)
    wrong, right = model.asked[1].history[0].replies
    assert (wrong.is_error, right.is_error) == (True, False)
    assert said in wrong.content
    assert ("alert" in wrong.content.partition("Offered:")[2]) is False


async def test_at_the_cap_everything_gathered_is_kept() -> None:
    model = Scripted([calls(FOUND)] * 9)
    goal = task("t1", None, goal="Find out.")
    found = await action.act(goal, context(), model, toolbox())
    assert len(model.asked) == action.SPEC.max_turns
    assert found.evidence == (evidence(),)
    assert found.warnings == ("task t1 stopped at its limit of 4 rounds",)


@pytest.mark.parametrize(
    "error", [GONE, BudgetError("run", "$1", "$2")], ids=["gone", "budget"]
)
async def test_a_model_that_fails_midway_costs_only_what_was_to_come(
    error: Exception,
) -> None:
    goal = task("t1", None, goal="Find out.")
    found = await action.act(
        goal, context(), Scripted([calls(FOUND), error]), toolbox()
    )
    assert found.evidence == (evidence(),)
    assert found.warnings[0].startswith("task t1 went no further: ")


async def test_a_planned_call_keeps_its_absence_when_the_model_fails() -> None:
    empty = task("t1", arguments={"symbol": "NILCAST"})
    found = await action.act(empty, context(), Scripted([GONE]), toolbox())
    assert [a.reason for a in found.absences] == ["nothing is kept"]


async def test_an_open_goal_nobody_could_begin_is_a_failure() -> None:
    goal = task("t1", None, goal="Find out.")
    with pytest.raises(ModelUnreachableError):
        await action.act(goal, context(), Scripted([GONE]), toolbox())


@pytest.mark.parametrize(
    ("planned", "error"),
    [
        (task("t1", arguments={}), ToolArgumentsError),
        (task("t1", "buy"), UnknownToolError),
    ],
    ids=["arguments", "tool"],
)
async def test_a_planned_call_that_cannot_be_made_fails_its_task(
    planned: object, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await action.act(planned, context(), Scripted([]), toolbox())  # type: ignore[arg-type]  # a task


async def test_what_came_twice_counts_once() -> None:
    model = Scripted([calls(FOUND, FOUND, NOTHING), calls(FOUND, NOTHING), DONE])
    goal = task("t1", None, goal="Find out.")
    found = await action.act(goal, context(), model, toolbox())
    assert len(found.evidence) == 1
    assert len(found.absences) == 1
    assert found.subjects == ("KAVCAB",)
