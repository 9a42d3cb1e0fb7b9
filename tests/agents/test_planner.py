"""The planner: what it is told, and what becomes of a plan that breaks the rules."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from dexter.agents import planner
from dexter.domain.briefs import Coverage, KnownQuarter, PlanningBrief
from dexter.domain.company import Company, CompanyMatch
from dexter.domain.moment import IST
from dexter.domain.period import Quarter
from dexter.errors import ModelReplyError, ModelUnreachableError, PlanError
from dexter.tools import catalogue
from tests.agents.scripted import NOW, Scripted, says

CABLES = CompanyMatch(Company("KAVCAB", "Kaveri Cables Limited"), 100, "kaveri cables")


def quarters(*known: tuple[str, str, date | None]) -> tuple[KnownQuarter, ...]:
    return tuple(
        KnownQuarter(
            Quarter.parse(quarter),
            tuple(basis.split()),
            datetime(day.year, day.month, day.day, 17, tzinfo=IST) if day else None,
        )
        for quarter, basis, day in known
    )


BRIEF = PlanningBrief(
    question="How did kaveri cables do?",
    as_of=NOW,
    today=date(2025, 8, 14),
    companies=(CABLES,),
    ambiguous=(),
    unknown=(),
    quarters=(Quarter.parse("Q1 FY26"),),
    windows=(),
    latest=Quarter.parse("Q1 FY26"),
    coverage=(
        Coverage(
            "KAVCAB",
            quarters(
                ("Q1 FY26", "consolidated standalone", date(2025, 8, 12)),
                ("Q4 FY25", "standalone", date(2025, 5, 20)),
                ("Q3 FY25", "standalone", date(2025, 2, 12)),
                ("Q1 FY25", "standalone", None),
            ),
        ),
    ),
    tools=(),
    market="sample",
)


def drafted(*tasks: dict[str, object], cannot: str | None = None) -> dict[str, object]:
    return {"understood_as": "Results.", "cannot": cannot, "tasks": list(tasks)}


def reading(name: str, quarter: str, symbol: str = "KAVCAB") -> dict[str, object]:
    arguments = f'{{"symbol": "{symbol}", "quarter": "{quarter}", "basis": null}}'
    return {"id": name, "tool": "read_statement", "arguments": arguments}


def comparing(kind: str, name: str = "t3") -> dict[str, object]:
    arguments = f'{{"current": "t1", "base": "t2", "kind": "{kind}"}}'
    return {"id": name, "tool": "compare", "arguments": arguments}


GOOD = drafted(
    reading("t1", "Q1 FY26"), reading("t2", "Q1 FY25"), comparing("year_on_year")
)


async def test_a_good_plan_is_taken_with_the_needs_its_arguments_imply() -> None:
    model = Scripted([says(GOOD)])
    plan = await planner.plan(BRIEF, model, catalogue.toolbox())
    assert [task.id for task in plan.tasks] == ["t1", "t2", "t3"]
    assert plan.tasks[2].depends_on == ("t1", "t2")
    assert plan.tasks[0].arguments["quarter"] == "Q1 FY26"
    assert len(model.asked) == 1


async def test_the_prompt_says_when_quarters_came_out_and_where_they_stop() -> None:
    model = Scripted([says(GOOD)])
    await planner.plan(BRIEF, model, catalogue.toolbox())
    prompt = model.asked[0].prompt
    assert (
        "KAVCAB: consolidated Q1 FY26; standalone Q1 FY26 back to Q3 FY25, Q1 FY25\n"
        "  Q1 FY26 became public on 2025-08-12\n"
        "  Q4 FY25 became public on 2025-05-20\n"
    ) in prompt
    assert "- compare(current: text, base: text, kind: year_on_year|" in prompt
    assert "top: 1 to 50 = 5" in prompt
    assert "<<" not in prompt


async def test_the_prompt_of_a_common_question_stays_small() -> None:
    model = Scripted([says(GOOD)])
    await planner.plan(BRIEF, model, catalogue.toolbox())
    request = model.asked[0]
    assert len(f"{request.system}{request.prompt}".encode()) / 4 < 2200


@pytest.mark.parametrize(
    ("tasks", "problem"),
    [
        ([{"id": "t1", "tool": "buy"}], "t1: There is no tool called 'buy'"),
        (
            [{"id": "t1", "tool": "read_statement", "arguments": "{}"}],
            "symbol: Field required",
        ),
        (
            [{**reading("t1", "Q1 FY26"), "depends_on": ["t9"]}],
            "t1 depends on t9, which is no task",
        ),
        (
            [{**reading("t1", "Q1 FY26"), "depends_on": ["t1"]}],
            "tasks wait for each other",
        ),
        ([{"id": "t1", "tool": None}], "t1 has neither a tool nor a goal"),
        (
            [reading("t1", "Q1 FY26"), reading("t1", "Q4 FY25")],
            "two tasks have the same id",
        ),
        ([reading("t1", "first quarter")], "is not a fiscal quarter"),
        ([{**reading("t1", "Q1 FY26"), "arguments": "{symbol"}], "not a JSON object"),
        (
            [
                reading("t1", "Q1 FY26"),
                reading("t2", "Q4 FY25"),
                comparing("year_on_year"),
            ],
            "t3 is year_on_year, which Q1 FY26 against Q4 FY25 is not",
        ),
        (
            [
                reading("t1", "Q1 FY26"),
                reading("t2", "Q1 FY25"),
                comparing("sequential"),
            ],
            "t3 is sequential, which Q1 FY26 against Q1 FY25 is not",
        ),
        (
            [
                reading("t1", "Q1 FY26"),
                reading("t2", "Q1 FY26", "KAVCEM"),
                comparing("year_on_year"),
            ],
            "does not fit the companies",
        ),
        (
            [
                reading("t1", "Q1 FY26"),
                {"id": "t2", "tool": "vcp", "arguments": '{"symbol": "KAVCAB"}'},
                comparing("year_on_year"),
            ],
            "t3 compares t2, which reads no statement",
        ),
        (
            [
                {
                    "id": "t1",
                    "tool": "earnings_surprise",
                    "arguments": '{"symbol": "KAVCAB"}',
                },
                {"id": "t2", "tool": "rank", "arguments": '{"of": "t1", "by": "sue"}'},
            ],
            "t2 ranks t1, which is not repeated",
        ),
        (
            [{"id": "t1", "tool": "alert", "arguments": '{"symbol": "KAVCAB"}'}],
            "t1 is an alert that depends on no scores",
        ),
        (
            [
                reading("t1", "Q1 FY26"),
                {"id": "t2", "tool": "earnings_surprise", "each": "t1"},
            ],
            "t1, which yields no companies",
        ),
        ([], "there are no tasks and `cannot` does not say why"),
        (
            [reading(f"t{i}", "Q1 FY26") for i in range(41)],
            "41 tasks, at most 40 are allowed",
        ),
    ],
)
async def test_a_plan_that_breaks_a_rule_goes_back_once_with_the_reason(
    tasks: list[dict[str, object]], problem: str
) -> None:
    model = Scripted([says(drafted(*tasks)), says(GOOD)])
    plan = await planner.plan(BRIEF, model, catalogue.toolbox())
    assert len(plan.tasks) == 3
    assert problem in model.sent_back()
    assert model.asked[1].history[0].text == model.asked[1].history[0].text.strip()
    assert model.asked[1].prompt == model.asked[0].prompt


async def test_a_plan_that_is_unusable_twice_ends_with_its_problems() -> None:
    bad = drafted({"id": "t1", "tool": "buy"})
    model = Scripted([says(bad), says(text="Sorry, here is a poem.")])
    with pytest.raises(PlanError, match="holds no JSON document") as caught:
        await planner.plan(BRIEF, model, catalogue.toolbox())
    assert caught.value.sentence.count("..") == 0
    assert model.left == []


async def test_an_empty_reply_is_asked_for_once_more() -> None:
    silent = ModelReplyError("The model at Anthropic sent an empty reply.")
    model = Scripted([silent, says(GOOD)])
    plan = await planner.plan(BRIEF, model, catalogue.toolbox())
    assert len(plan.tasks) == 3
    assert model.asked[0] == model.asked[1]


async def test_a_provider_that_is_gone_is_not_called_a_bad_plan() -> None:
    gone = ModelUnreachableError("Nobody is there.")
    with pytest.raises(ModelUnreachableError):
        await planner.plan(BRIEF, Scripted([gone]), catalogue.toolbox())


async def test_what_cannot_be_planned_comes_back_with_its_reason() -> None:
    why = "“Kaveri” may be Kaveri Cables or Kaveri Cement."
    brief = replace(BRIEF, ambiguous=((CABLES, CABLES),), companies=())
    model = Scripted([says(drafted(cannot=why))])
    plan = await planner.plan(brief, model, catalogue.toolbox())
    assert (plan.tasks, plan.cannot) == ((), why)
    assert "“kaveri cables”: KAVCAB (Kaveri Cables Limited)" in model.asked[0].prompt


async def test_what_is_missing_is_said_in_words_of_the_question_only() -> None:
    missing = {"what": "kaveri", "why": "figure"}
    draft = {"understood_as": "…", "tasks": [reading("t1", "Q1 FY26")]}
    good = says({**draft, "missing": [missing]})
    plan = await planner.plan(BRIEF, Scripted([good]), catalogue.toolbox())
    assert [one.what for one in plan.missing] == ["kaveri"]
    assert "not among the figures" in plan.missing[0].reason

    typed = says({**draft, "missing": [{**missing, "what": "profit of 500 crore"}]})
    with pytest.raises(PlanError, match="not in the question"):
        await planner.plan(BRIEF, Scripted([typed, typed]), catalogue.toolbox())
